"""Run every gate of `make test` (with `--all`, of `make test-all`) and say what failed.

Static gates come first because they answer in seconds. Each gate's output goes through as it is;
the summary at the end names the command to repeat alone.
"""

import os
import subprocess
import sys
import time
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


def python(*arguments: str) -> tuple[str, ...]:
    """A command run by the environment's interpreter."""
    return (str(BIN / "python"), *arguments)


def external() -> list[Gate]:
    """The default suites once more, on a PostgreSQL of their own behind TCP."""
    pytest = (str(BIN / "pytest"), "-n", WORKERS, "-m", "not slow and not browser")
    return [Gate("external", python("-m", "tests.support.external_server", *pytest))]


def gates(*, everything: bool) -> list[Gate]:
    """In the order in which they run."""
    selection = [] if everything else ["-m", "not slow"]
    return [
        Gate("lint", (str(BIN / "ruff"), "check", ".")),
        Gate("format", (str(BIN / "ruff"), "format", "--check", ".")),
        Gate("imports", (str(BIN / "lint-imports"),)),
        Gate("types", (str(BIN / "basedpyright"),)),
        Gate("web lint", python("scripts/build_web.py", "lint")),
        Gate("web types", python("scripts/build_web.py", "types")),
        Gate("web unit tests", python("scripts/build_web.py", "unit")),
        Gate("web build", python("scripts/build_web.py", "build")),
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


def main() -> int:
    """Run them all, so that one run tells everything; exit 1 when any failed."""
    ARTIFACTS.mkdir(exist_ok=True)
    JUNIT.unlink(missing_ok=True)
    failed: list[Gate] = []
    lines: list[str] = []
    for gate in gates(everything="--all" in sys.argv):
        print(f"\n=== {gate.name}", flush=True)
        begun = time.monotonic()
        status = subprocess.run(gate.command, cwd=ROOT, check=False).returncode
        seconds = time.monotonic() - begun
        lines.append(f"  {'ok    ' if status == 0 else 'FAILED'} {gate.name:16} {seconds:6.1f} s")
        if status:
            failed.append(gate)
    print("\n=== gates", *lines, sep="\n")
    for gate in failed:
        print(f"\n{gate.name} failed; alone: {' '.join(gate.command)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
