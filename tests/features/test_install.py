"""What `make run` says on a machine where it can't install: one sentence, no traceback."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bootstrap.py"
OLD = "sys.version_info = (3, 8, 19, 'final', 0)"
FULL = "shutil.disk_usage = lambda _path: type('Usage', (), {'free': 7_000_000})"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script where it installs nothing, with nothing on the path."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).touch()
    return tmp_path


def install(checkout: Path, given: str) -> subprocess.CompletedProcess[str]:
    """`given` stands for what is wrong with the machine."""
    script = str(checkout / "scripts" / "bootstrap.py")
    code = f"import runpy, shutil, sys\n{given}\nsys.argv = [{script!r}, 'install']\n"
    run = f"runpy.run_path({script!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code + run],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def assert_says(ended: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert ended.returncode == 1, ended
    assert ended.stderr.startswith("\narmarium: ")
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 2


def test_an_old_python_is_told_which_one_is_needed(checkout: Path) -> None:
    ended = install(checkout, OLD)
    assert_says(ended, "Python 3.11 or newer is needed; this is 3.8. Install it, or name one with")


def test_an_old_python_gives_way_to_a_newer_one_on_the_path(checkout: Path) -> None:
    newer = checkout / "bin" / "python3.12"
    newer.write_text('#!/bin/sh\necho "newer $@"\n')
    newer.chmod(0o755)
    ended = install(checkout, OLD)
    script = checkout / "scripts" / "bootstrap.py"
    assert (ended.returncode, ended.stdout) == (0, f"newer {script} install\n")


def test_an_old_python_can_read_the_script() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 5))


def test_a_folder_that_cannot_be_written_to_is_told(checkout: Path) -> None:
    if os.geteuid():
        checkout.chmod(0o555)
    else:  # nothing is read-only for root, but this name is taken
        (checkout / ".write-probe").mkdir()
    ended = install(checkout, "")
    checkout.chmod(0o755)
    assert_says(ended, "this folder cannot be written to (")
    assert not (checkout / ".venv").exists()


def test_a_full_disk_is_told_before_anything_is_half_made(checkout: Path) -> None:
    ended = install(checkout, FULL)
    assert_says(ended, "7 MB are free here and 1500 MB are needed to install. Free some space")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("answer", [0, 1])
def test_an_environment_without_pip_is_given_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, answer: int
) -> None:
    """uv makes one without; `python -m pip` then failed until `make clean`."""
    spec = importlib.util.spec_from_file_location("bootstrap", checkout / "scripts/bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\nexit {answer}\n")
    python.chmod(0o755)
    ran: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "run", ran.append)
    bootstrap.sync_with_pip(None, "install")
    made = [[sys.executable, "-m", "venv", str(checkout / ".venv")]] if answer else []
    assert ran == [*made, [str(python), "-m", "pip", "install", "-e", "."]]
