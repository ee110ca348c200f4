"""Starting, killing and asking clusters in tests of the supervisor."""

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from armarium.platform.postgres.urls import libpq
from armarium.platform.processes import alive

SCRIPT = Path(__file__).with_name("cluster_process.py")
NOBODY = "nobody"


class ClusterProcess:
    """An Armarium that owns a cluster, in a process of its own."""

    def __init__(self, data: Path, *, user: str | None = None, python: str | None = None) -> None:
        identity: dict[str, Any] = {}
        if user is not None:
            entry = pwd.getpwnam(user)
            identity = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        paths = [place for place in sys.path if place]
        self.process = subprocess.Popen(
            [python or sys.executable, str(SCRIPT), str(data)],
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(paths)},
            **identity,
        )
        self._said: dict[str, Any] | None = None

    @property
    def said(self) -> dict[str, Any]:
        """Its first line: URLs and the server's pid, or why it refused."""
        if self._said is None:
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, "the process ended without a word"
            self._said = json.loads(line)
        return self._said

    @property
    def server_pid(self) -> int:
        return int(self.said["pid"])

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(libpq(self.said["admin"]), autocommit=True)

    def stop(self) -> int:
        self.process.terminate()
        return self.end()

    def kill(self) -> None:
        self.process.kill()
        self.end()

    def end(self) -> int:
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def running(data: Path, **options: Any) -> Generator[ClusterProcess]:
    process = ClusterProcess(data, **options)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.kill()


def family(pid: int) -> list[int]:
    """A process and its children, as long as they live."""
    found = [pid]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(entry.name))
    return found


def eventually(condition: Callable[[], bool], patience_s: float = 10.0) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def all_gone(pids: list[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def reachable(url: str) -> bool:
    try:
        psycopg.connect(libpq(url), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def python_for(user: str) -> str:
    """An interpreter that `user` may run, ours if possible; skips the test where there is none."""
    entry = pwd.getpwnam(user)
    for python in (
        sys.executable,
        shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin"),
    ):
        if python is None:
            continue
        try:
            subprocess.run(
                [python, "-c", "pass"],
                user=entry.pw_uid,
                group=entry.pw_gid,
                extra_groups=[],
                cwd="/",
                check=True,
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    pytest.skip(f"{user} may not run any Python of this version here")
