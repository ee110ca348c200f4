"""Starting children through the shim, and asking whether a process still lives."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SHIM = Path(__file__).with_name("shim.py")


@dataclass(frozen=True, slots=True)
class Account:
    """The numeric identity that a child takes on; `None` at `spawn` keeps ours."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str | Path],
    *,
    death_signal: signal.Signals,
    account: Account | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command`; it receives `death_signal` when the calling *thread* ends.

    So call it from the main thread, or from one that lives as long as the child should: a
    short-lived thread (`asyncio.to_thread`) would take the child with it. The child leads a
    session of its own, otherwise Ctrl-C would reach it before its parent can stop it in order.
    """
    identity = ("-", "-") if account is None else (str(account.uid), str(account.gid))
    return subprocess.Popen(  # noqa: S603 # our own shim and a command of our own making
        [
            sys.executable,
            "-I",
            "-S",
            str(SHIM),
            str(os.getpid()),
            str(int(death_signal)),
            *identity,
            *map(str, command),
        ],
        cwd=cwd,
        env=None if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
    )


def alive(pid: int) -> bool:
    """Whether `pid` runs. A zombie does not: PID 1 of a container may reap late or never."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False if Path("/proc/self/stat").exists() else _answers(pid)
    except ProcessLookupError:
        return False
    # The name in parentheses may itself hold spaces and parentheses; the state follows it.
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
