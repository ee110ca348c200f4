"""Run every gate of `make test` (with `--all`, of `make test-all`) and say what failed.

Static gates come first because they answer in seconds: Python's and the web app's side by side,
the output of each printed whole when it ends. Then come the tests, whose output goes through as it
is. The summary at the end names the command to repeat alone.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
ARTIFACTS = ROOT / "artifacts"
JUNIT = ARTIFACTS / "junit.xml"
LEAST_COVERAGE = 90
WORKERS = os.environ.get("ARMARIUM_TEST_WORKERS", "2")


@dataclass(frozen=True)
class Gate:
    """A named command; it passes when it exits 0."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a gate."""

    gate: Gate
    passed: bool
    seconds: float


def python(*arguments: str) -> tuple[str, ...]:
    """A command run by the environment's interpreter."""
    return (str(BIN / "python"), *arguments)


def external() -> list[Gate]:
    """The default suites once more, on a PostgreSQL of their own behind TCP."""
    pytest = (str(BIN / "pytest"), "-n", WORKERS, "-m", "not slow and not browser")
    return [Gate("external", python("-m", "tests.support.external_server", *pytest))]


def static_lanes() -> list[list[Gate]]:
    """Lists that run side by side, each in its order: most of these use one core."""
    return [
        [
            Gate("lint", (str(BIN / "ruff"), "check", ".")),
            Gate("format", (str(BIN / "ruff"), "format", "--check", ".")),
            Gate("imports", (str(BIN / "lint-imports"),)),
            Gate("types", (str(BIN / "basedpyright"),)),
        ],
        [
            Gate(f"web {name}", python("scripts/build_web.py", task))
            for name, task in (
                ("lint", "lint"),
                ("types", "types"),
                ("unit tests", "unit"),
                ("build", "build"),
            )
        ],
    ]


def tests(*, everything: bool) -> list[Gate]:
    """One after another, with every core."""
    selection = [] if everything else ["-m", "not slow"]
    return [
        Gate(
            "tests",
            (
                str(BIN / "pytest"),
                "-n",
                WORKERS,
                "--dist",
                "worksteal",
                f"--junitxml={JUNIT}",
                "--durations=15",
                "--cov=armarium",
                "--cov-report=term:skip-covered",
                "--cov-report=xml:artifacts/coverage.xml",
                f"--cov-fail-under={LEAST_COVERAGE}",
                *selection,
            ),
        ),
        *(external() if everything else []),
        Gate(
            "features",
            python("scripts/features.py", "check", str(JUNIT), *(["--all"] if everything else [])),
        ),
    ]


def run(gate: Gate, *, together: bool = False) -> Outcome:
    """Run one gate; beside others, its output is kept and printed in one piece."""
    begun = time.monotonic()
    if not together:
        print(f"\n=== {gate.name}", flush=True)
    done = subprocess.run(
        gate.command,
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE if together else None,
        stderr=subprocess.STDOUT if together else None,
    )
    if together:
        said = done.stdout.decode(errors="replace")
        print(f"\n=== {gate.name}\n{said}", end="", flush=True)
    return Outcome(gate, passed=done.returncode == 0, seconds=time.monotonic() - begun)


def run_lane(lane: Sequence[Gate]) -> list[Outcome]:
    """Beside another lane."""
    return [run(gate, together=True) for gate in lane]


def main() -> int:
    """Run them all, so that one run tells everything; exit 1 when any failed."""
    ARTIFACTS.mkdir(exist_ok=True)
    JUNIT.unlink(missing_ok=True)
    begun = time.monotonic()
    lanes = static_lanes()
    with ThreadPoolExecutor(len(lanes)) as pool:
        outcomes = [outcome for lane in pool.map(run_lane, lanes) for outcome in lane]
    outcomes += [run(gate) for gate in tests(everything="--all" in sys.argv)]
    print("\n=== gates")
    for each in outcomes:
        verdict = "ok" if each.passed else "FAILED"
        print(f"  {verdict:6} {each.gate.name:16} {each.seconds:6.1f} s")
    print(f"         {'in all':16} {time.monotonic() - begun:6.1f} s")
    failed = [each.gate for each in outcomes if not each.passed]
    for gate in failed:
        print(f"\n{gate.name} failed; alone: {' '.join(gate.command)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
