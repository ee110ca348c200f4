"""The security checklist says something of each requirement, and its tests exist."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "asvs.md"
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*) \|$", re.MULTILINE)
STATUSES = ("met", "partly", "not yet", "not applicable")
LEVEL_TWO = {1: 38, 2: 53, 3: 18, 4: 9, 5: 30, 6: 13, 7: 12, 8: 15, 9: 7, 10: 5}
LEVEL_TWO |= {11: 8, 12: 15, 13: 13, 14: 23}
"""How many requirements of a chapter are judged; none is lost unnoticed."""


def lines() -> list[tuple[str, str, str]]:
    return LINE.findall(PAGE.read_text())


def test_each_requirement_has_one_line_with_a_status_and_a_reason() -> None:
    numbers = [number for number, _, _ in lines()]
    assert len(set(numbers)) == len(numbers)
    rows = [line for line in PAGE.read_text().splitlines() if re.match(r"\| \d", line)]
    assert len(rows) == len(numbers), "a row that does not read as number, status, reason"
    for number, status, reason in lines():
        assert status in STATUSES, number
        assert len(reason) > 5, number


def test_the_chapters_are_whole() -> None:
    assert Counter(int(number.split(".")[0]) for number, _, _ in lines()) == LEVEL_TWO


def test_the_sum_is_the_one_of_the_lines() -> None:
    count = Counter(status for _, status, _ in lines())
    said = ", ".join(f"{count[status]} {status}" for status in STATUSES)
    assert f"Of {len(lines())}: {said}." in PAGE.read_text()


def test_every_linked_test_and_page_exists() -> None:
    text = PAGE.read_text()
    for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text):
        assert re.search(rf"def {name}\b", (ROOT / file).read_text()), f"{file}::{name}"
    for page in re.findall(r"\]\((\.\./[^)#]+)\)", text):
        assert (PAGE.parent / page).exists(), page
    for rule in re.findall(r"armarium\.yml \(([\w-]+)\)", text):
        assert f"- id: {rule}\n" in (ROOT / ".semgrep" / "armarium.yml").read_text(), rule
