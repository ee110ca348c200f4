"""Killing ourselves on purpose, to prove that work survives it.

`ARMARIUM_FAULT=detect:before` (or `inside`: done but not yet checkpointed; or `after`) makes this
process kill itself with SIGKILL there, and only when `ARMARIUM_ALLOW_FAULTS=1` stands beside it.
"""

import os
import signal
from typing import Literal

Moment = Literal["before", "inside", "after"]


def strike(step: str, moment: Moment) -> None:
    """Die here if the environment says so."""
    if f"{step}:{moment}" == FAULT:
        os.kill(os.getpid(), signal.SIGKILL)


def chosen_fault() -> str | None:
    """The step and moment to die at; None in every process that is not under test."""
    if os.environ.get("ARMARIUM_ALLOW_FAULTS") != "1":
        return None
    return os.environ.get("ARMARIUM_FAULT")


FAULT = chosen_fault()
