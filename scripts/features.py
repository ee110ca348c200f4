"""Keep docs/reference/features.md honest: every row that claims to work has a proof that ran.

`check JUNIT` reads the report of the test run just made and fails where a proof is missing, failed
or was skipped. A skip is tolerated outside CI, because a laptop may lack a browser or the
reference data; a proof marked slow must have run only with `--all`, and stands in its file always.
"""

import os
import re
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "features.md"
STATUSES = ("works", "partly", "not yet")
NUMBER = re.compile(r"[A-Z]{1,4}\d{2}")
EXPECTED_ROWS = 439
"""Rows never leave the page: a capability that is not there yet says so."""
PROOF = re.compile(r"`(tests/[^`]+?\.py)::([^`]+)`( \(slow\))?")


@dataclass(frozen=True)
class Feature:
    """A row of the page."""

    number: str
    status: str
    where: str
    proofs: tuple[tuple[str, str, bool], ...]
    """(file, test, slow) of each."""


def read_page(text: str) -> list[Feature]:
    """Every row, in order."""
    rows: list[Feature] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(("row", "capability", *STATUSES)) and NUMBER.fullmatch(cells[0]):
            number, _capability, status, where, proof = cells
            proofs = tuple((file, test, bool(slow)) for file, test, slow in PROOF.findall(proof))
            rows.append(Feature(number, status, where, proofs))
    return rows


def read_outcomes(report: Path) -> dict[tuple[str, str], set[str]]:
    """Outcomes by (file, test name without parameters), from a JUnit report."""
    outcomes: dict[tuple[str, str], set[str]] = defaultdict(set)
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own test run wrote it
        name = case.get("name", "").split("[")[0]
        parts = case.get("classname", "").split(".")
        while parts and not (ROOT / "/".join(parts)).with_suffix(".py").exists():
            name = f"{parts.pop()}::{name}"
        outcome = "passed"
        for child in case:
            if child.tag in {"failure", "error"}:
                outcome = "failed"
            elif child.tag == "skipped":
                outcome = "skipped"
        outcomes[f"{'/'.join(parts)}.py", name].add(outcome)
    return outcomes


def complaints(
    features: list[Feature],
    outcomes: dict[tuple[str, str], set[str]],
    *,
    everything: bool,
    skips_allowed: bool,
) -> list[str]:
    """What is wrong with the page, a sentence each."""
    wrong: list[str] = []
    numbers = [feature.number for feature in features]
    if len(features) != EXPECTED_ROWS:
        wrong.append(f"the page has {len(features)} rows and should have {EXPECTED_ROWS}")
    wrong += [f"{n} stands twice" for n in sorted({n for n in numbers if numbers.count(n) > 1})]
    for feature in features:
        wrong += claim_complaints(feature)
        for file, test, slow in feature.proofs:
            if slow and not everything:
                seen = {"passed"} if stands(ROOT / file, test) else set[str]()
            else:
                seen = outcomes.get((file, test), set())
            if skips_allowed:
                seen = {"passed" if outcome == "skipped" else outcome for outcome in seen}
            if seen != {"passed"}:
                said = " and ".join(sorted(seen)) or "did not run"
                wrong.append(f"{feature.number}: {file}::{test} {said}")
    return wrong


def stands(file: Path, test: str) -> bool:
    """Whether the file defines this test; `Class::test` for one inside a class."""
    name = re.escape(test.rsplit("::", 1)[-1].partition("[")[0])
    defined = re.compile(rf"^\s*(?:async )?def {name}\(", re.MULTILINE)
    return file.exists() and defined.search(file.read_text()) is not None


def claim_complaints(feature: Feature) -> list[str]:
    """What a row says of itself must hang together."""
    wrong: list[str] = []
    if feature.status not in STATUSES:
        wrong.append(f"{feature.number}: status `{feature.status}` is not one of {STATUSES}")
    if feature.status == "works" and not feature.proofs:
        wrong.append(f"{feature.number} claims to work and names no proof")
    if feature.status == "works" and not feature.where.strip(" -"):
        wrong.append(f"{feature.number} claims to work and does not say where it is found")
    return wrong


def main(arguments: list[str]) -> int:
    """Check the page against the report named; exit 1 with every complaint printed."""
    report = Path(arguments[1])
    if not report.exists():
        print(f"{report} is missing: the tests did not run", file=sys.stderr)
        return 1
    features = read_page(PAGE.read_text())
    wrong = complaints(
        features,
        read_outcomes(report),
        everything="--all" in arguments,
        skips_allowed=os.environ.get("CI") != "true",
    )
    for line in wrong:
        print(line)
    works = sum(feature.status == "works" for feature in features)
    print(f"{len(features)} rows, {works} work, {len(wrong)} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
