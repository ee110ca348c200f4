"""The two reasons a step may fail: asking again is useless, or it is worth it."""

from datetime import timedelta


class Permanent(Exception):
    """Trying again cannot help (bad input, refused, gone): the workflow ends as a dead letter."""


class Temporary(Exception):
    """Trying again may help (busy, unreachable); counts against the step's attempts."""

    def __init__(self, message: str, *, delay: float | timedelta | None = None) -> None:
        """`delay` (seconds) replaces the policy's own wait, as a provider's Retry-After does."""
        super().__init__(message)
        self.delay = delay.total_seconds() if isinstance(delay, timedelta) else delay


class StepFailed(Permanent):
    """A step gave up; what the handler sees, the same on the first run and on a replay."""

    def __init__(self, step: str, code: str, message: str) -> None:
        """`code` is the problem's code or the exception's class name, for sorting dead letters.

        `message` is read by people as it is: the step is told beside it, not in it.
        """
        super().__init__(message)
        self.step = step
        self.code = code
        self.data = {"step": step}
