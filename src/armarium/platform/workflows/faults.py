"""Killing ourselves on purpose, to prove that work survives it.

`ARMARIUM_FAULT=detect:before` (or `inside`: done but not yet checkpointed; or `after`) makes this
process kill itself with SIGKILL there, and only when `ARMARIUM_ALLOW_FAULTS=1` stands beside it.
With `ARMARIUM_FAULT_MARK` naming a file that is not there yet, only the first process to come by
dies, and leaves the file.
"""

import os
import signal
from typing import Literal

Moment = Literal["before", "inside", "after"]


def chosen_fault() -> str | None:
    """The step and moment to die at; None in every process that is not under test."""
    if os.environ.get("ARMARIUM_ALLOW_FAULTS") != "1":
        return None
    return os.environ.get("ARMARIUM_FAULT")


FAULT = chosen_fault()


def strike(step: str, moment: Moment) -> None:
    """Die here if the environment says so."""
    if f"{step}:{moment}" == FAULT and _is_first():
        os.kill(os.getpid(), signal.SIGKILL)


def _is_first() -> bool:
    mark = os.environ.get("ARMARIUM_FAULT_MARK")
    if mark is None:
        return True
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
