"""Which build this is: the release, and the commit where one is known."""

import json
import platform
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import armarium
from armarium.kit.instants import now

BUILD_FILE = Path(armarium.__file__).parent / "_build.json"
"""Written by the release build: `{"commit": "9033e57", "committed_on": "2026-01-02"}`."""
CHECKOUT = Path(armarium.__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Build:
    """What is deployed and since when it runs."""

    release: str
    commit: str | None = None
    committed_on: str | None = None
    python: str = field(default_factory=platform.python_version)
    started_at: datetime = field(default_factory=now)

    @property
    def label(self) -> str:
        """`2026.01.02-9033e57`; the release alone where no commit is known."""
        if self.commit is None or self.committed_on is None:
            return self.release
        return f"{self.committed_on.replace('-', '.')}-{self.commit}"


@cache
def this_build() -> Build:
    """From the file of a release build, else from the checkout, else the release alone."""
    release = version("armarium")
    if BUILD_FILE.is_file():
        stored = json.loads(BUILD_FILE.read_text())
        return Build(release, stored["commit"], stored["committed_on"])
    commit, committed_on = _of_checkout(CHECKOUT)
    return Build(release, commit, committed_on)


def _of_checkout(folder: Path) -> tuple[str | None, str | None]:
    if not (folder / ".git").exists():
        return None, None
    try:
        answer = subprocess.run(  # noqa: S603  # fixed arguments
            ["git", "-C", str(folder), "log", "-1", "--format=%h %cs", "--abbrev=7"],  # noqa: S607  # whichever git the developer has
            capture_output=True,
            text=True,
            timeout=2,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None, None
    commit, _, committed_on = answer.stdout.strip().partition(" ")
    return commit, committed_on
