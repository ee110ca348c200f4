"""The log's reference promised fourteen acts that nothing ever wrote."""

import re
from pathlib import Path

from armarium.platform.audit import Action

SOURCE = Path(__file__).parents[2] / "src" / "armarium"


def test_every_action_is_written_somewhere() -> None:
    named: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        named |= set(re.findall(r"\bAction\.([A-Z_]+)", file.read_text()))
    assert set(Action.__members__) - named == set()
