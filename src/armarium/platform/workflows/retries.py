"""How often a step is tried again, and after what wait."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog

from armarium.platform.errors import Problem
from armarium.platform.workflows.errors import Permanent, Temporary

log = structlog.get_logger("armarium.workflows")


@dataclass(frozen=True, slots=True)
class Retries:
    """Three attempts, 2 s and 4 s apart; `longest` bounds what a provider may ask for (seconds)."""

    first: float = 2.0
    factor: float = 2.0
    attempts: int = 3
    longest: float = 900.0

    def wait(self, attempt: int, error: Exception) -> float:
        """Seconds to wait after the failed `attempt` (1 is the first)."""
        asked = error.delay if isinstance(error, Temporary) else None
        pause = self.first * self.factor ** (attempt - 1) if asked is None else asked
        return min(pause, self.longest)

    async def run(self, name: str, attempt: Callable[[], Awaitable[Any]]) -> Any:
        """Call `attempt` until it answers, refuses for good, or the attempts are used up."""
        number = 1
        while True:
            try:
                return await attempt()
            except Exception as error:
                if number >= self.attempts or not is_worth_it(error):
                    raise
                pause = self.wait(number, error)
                log.warning(
                    "step_retried",
                    operation=name,
                    attempt=number,
                    wait_s=pause,
                    error=type(error).__name__,
                    message=str(error),
                )
            await asyncio.sleep(pause)
            number += 1


def is_worth_it(error: Exception) -> bool:
    """Whether another attempt could end differently: a refused request is refused again."""
    if isinstance(error, Problem):
        return error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return not isinstance(error, Permanent)
