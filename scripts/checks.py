"""How a check of `make security` runs a tool, and the three ways in which it may end."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ARTIFACTS = ROOT / "artifacts" / "security"
PATIENCE_S = 300


class Ending(StrEnum):
    """How a check ended, as the summary prints it."""

    OK = "ok"
    FOUND = "FOUND"
    NOT_RUN = "NOT RUN"


@dataclass(frozen=True)
class Outcome:
    """How a check ended, and what a person should know of it."""

    ending: Ending
    detail: str
    findings: tuple[str, ...] = ()


def found_or_ok(findings: Iterable[str], looked_at: str) -> Outcome:
    """A check that ran to its end."""
    listed = tuple(findings)
    if listed:
        return Outcome(Ending.FOUND, f"{len(listed)} in {looked_at}", listed)
    return Outcome(Ending.OK, looked_at)


def not_run(reason: str) -> Outcome:
    """A check that proves nothing this time."""
    return Outcome(Ending.NOT_RUN, reason)


def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a tool; 127 where it is missing, 124 where it took too long."""
    try:
        return subprocess.run(
            command,
            cwd=options.pop("cwd", ROOT),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
            **options,
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(command, 127, "", f"{command[0]} is not installed")
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"no answer in {PATIENCE_S} s")


def why(done: subprocess.CompletedProcess[str]) -> str:
    """The last line that a tool said, for the summary."""
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return f"exit {done.returncode}: {lines[-1][:160] if lines else 'nothing said'}"


def as_json(text: str) -> Any:
    """The document that a tool printed; None when it printed something else."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def install(folder: Path, pins: Path) -> str | None:
    """Make an environment once for these pins; the reason when it cannot be made."""
    marker = folder / ".pins"
    if marker.exists() and marker.read_text() == pins.read_text():
        return None
    print(f"Installing {pins.stem} (once, some minutes) …", flush=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--no-deps"]
    for step in ([sys.executable, "-m", "venv", "--clear", str(folder)], [*pip, "-r", str(pins)]):
        done = run(step)
        if done.returncode:
            return f"the tools cannot be installed: {why(done)}"
    marker.write_text(pins.read_text())
    return None
