"""Run every benchmark and keep its JSON: `make bench`, or `python bench/run.py NAME…` for some.

Each benchmark is a program of its own that prints one JSON document on stdout. The figures that
stand in docs/reference/benchmarks.md come from here, with the date and the command.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "artifacts" / "bench"
APART = {"run", "sheets", "catalogues", "text_queries"}
"""Not benchmarks: this program, and what benchmarks share."""
DATA = os.environ.get("ARMARIUM_TEST_DATA", "")
ON_DATA = {
    "identify_text": [DATA],
    "import_catalogue": [DATA],
    "identify_photos": ["--data", DATA],
    "search_meaning": ["--data", DATA],
}
"""Those that measure real catalogues and photos are told where they are."""


def names() -> list[str]:
    """Every benchmark of this folder, by name."""
    found = sorted(path.stem for path in (ROOT / "bench").glob("*.py"))
    return [name for name in found if name not in APART and not name.startswith("_")]


def run(name: str) -> bool:
    """Run one; keep its JSON, or say that it failed."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / f"{name}.py"), *ON_DATA.get(name, [])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    if done.returncode:
        print(f"{name}: failed after {seconds:.0f} s", file=sys.stderr)
        return False
    json.loads(done.stdout)
    (OUT / f"{name}.json").write_text(done.stdout)
    print(f"{name}: {seconds:.0f} s, {OUT / f'{name}.json'}")
    return True


def main(wanted: list[str]) -> int:
    """Run those named, or all that can be; exit 1 when one failed or is unknown."""
    known = names()
    if unknown := [name for name in wanted if name not in known]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(known)}")
        return 1
    chosen = wanted or known
    if not DATA and (without := [name for name in chosen if name in ON_DATA]):
        print(f"not run, ARMARIUM_TEST_DATA names no reference data: {', '.join(without)}")
        if wanted:
            return 1
        chosen = [name for name in chosen if name not in ON_DATA]
    OUT.mkdir(parents=True, exist_ok=True)
    outcomes = [run(name) for name in chosen]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
