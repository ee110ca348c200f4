"""The page of features names proofs that exist; a renamed test would leave a claim without one."""

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = "| A01 | Something | {status} | `src` | `{file}::{test}` (slow) |"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "features.py"))


def said(script: dict[str, Any], file: str, test: str) -> list[str]:
    features = script["read_page"](ROW.format(status="works", file=file, test=test))
    found = script["complaints"](features, {}, everything=False, skips_allowed=True)
    return [line for line in found if line.startswith("A01")]


def test_a_slow_proof_that_was_renamed_is_a_complaint(script: dict[str, Any]) -> None:
    here = str(Path(__file__).relative_to(ROOT))
    own = "test_a_slow_proof_that_was_renamed_is_a_complaint"
    assert said(script, here, own) == []
    for file, test in ((here, own[:-1]), (here, "test_nothing"), ("tests/no_such_file.py", own)):
        assert said(script, file, test) == [f"A01: {file}::{test} did not run"]


def test_every_slow_proof_of_the_page_stands_in_its_file(script: dict[str, Any]) -> None:
    features = script["read_page"](script["PAGE"].read_text())
    slow = [(file, test) for each in features for file, test, slow in each.proofs if slow]
    assert slow
    assert [each for each in slow if not script["stands"](ROOT / each[0], each[1])] == []
