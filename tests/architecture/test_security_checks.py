"""`make security` never takes a check that could not run for one that passed."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import security  # noqa: E402  # a program beside the package, not in it
from security import Ending, Outcome  # noqa: E402


def audit(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


HOLE = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}
PNPM_HOLE = {"module_name": "a", "vulnerable_versions": "*", "title": "t"}
CLEAN = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "1", "vulns": [HOLE]}
UNASKED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited"}
OURS = {"name": "armarium", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("report", "ending"),
    [
        (audit(CLEAN, OURS), Ending.OK),
        (audit(CLEAN, WEAK), Ending.FOUND),
        (audit(UNASKED, WEAK), Ending.FOUND),
        (audit(CLEAN, UNASKED), Ending.NOT_RUN),
        (audit(), Ending.NOT_RUN),
        ("", Ending.NOT_RUN),
        ("Traceback (most recent call last):", Ending.NOT_RUN),
    ],
)
def test_packages_that_nobody_could_ask_about_are_not_clean(report: str, ending: Ending) -> None:
    """Offline, pip-audit skips every package and exits 0."""
    assert security.read_pip_audit(report, "exit 1").ending is ending


@pytest.mark.parametrize(
    ("report", "ending"),
    [
        ('{"advisories": {}, "metadata": {"totalDependencies": 3}}', Ending.OK),
        (
            json.dumps({"advisories": {"1": PNPM_HOLE}, "metadata": {}}),
            Ending.FOUND,
        ),
        ('{"error": {"code": "ERR_PNPM_AUDIT_BAD_RESPONSE"}}', Ending.NOT_RUN),
        ("responded with 405", Ending.NOT_RUN),
        ("[]", Ending.NOT_RUN),
    ],
)
def test_a_registry_that_did_not_answer_is_no_clean_bill(report: str, ending: Ending) -> None:
    assert security.read_pnpm_audit(report, "exit 1").ending is ending


def test_the_exit_status_tells_the_three_apart() -> None:
    good, bad, absent = (Outcome(ending, "") for ending in Ending)
    assert security.status_of([good]) == 0
    assert security.status_of([good, absent]) == 3
    assert security.status_of([good, absent, bad]) == 1
    assert security.status_of([]) == 3


def test_a_missing_tool_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(security, "BIN", tmp_path)
    for check in (security.bandit, security.semgrep, security.workflows):
        assert check().ending is Ending.NOT_RUN


def test_the_lock_of_the_web_app_becomes_components() -> None:
    lock = (
        "packages:\n\n  '@a/b@1.2.3':\n    resolution: {integrity: sha512-x}\n"
        "\n  left-pad@1.0.0:\n    resolution: {integrity: sha512-y}\n"
    )
    assert [each["purl"] for each in security.web_components(lock)] == [
        "pkg:npm/%40a/b@1.2.3",
        "pkg:npm/left-pad@1.0.0",
    ]


def test_workflows_use_nothing_that_can_change_under_them() -> None:
    pinned = re.compile(r"@[0-9a-f]{40}$")
    for file in (ROOT / ".github" / "workflows").glob("*.yml"):
        text = file.read_text()
        for name in re.findall(r"uses: (\S+)", text):
            assert pinned.search(name), (file.name, name)
        for image in re.findall(r"ghcr\.io/\S+", text):
            assert re.search(r":v?\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$", image), image
    for pins in ("security-tools.txt", "checkov-tools.txt"):
        for line in (ROOT / "scripts" / pins).read_text().splitlines():
            assert re.fullmatch(r"[\w.-]+==[\w.+]+", line), line
