"""The contract: the OpenAPI document of this program, committed and compared.

`python -m armarium.entry.openapi` writes contract/openapi.json; a test compares.
"""

import json
import sys
from pathlib import Path
from typing import Any

from armarium.entry.api import create_app
from armarium.entry.offline import offline_house

CONTRACT = Path(__file__).resolve().parents[3] / "contract" / "openapi.json"


def contract_text(made: dict[str, Any]) -> str:
    """The committed form: sorted keys, two spaces."""
    return json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def offline_document() -> dict[str, Any]:
    """The document of this program, made without a database, settings or network."""
    return create_app(offline_house()).openapi()


def main() -> None:
    """Write the contract, or name the difference with `--check`."""
    text = contract_text(offline_document())
    if "--check" in sys.argv:
        sys.exit(0 if CONTRACT.read_text() == text else f"{CONTRACT} is stale; run without --check")
    CONTRACT.parent.mkdir(exist_ok=True)
    CONTRACT.write_text(text)


if __name__ == "__main__":
    main()
