"""What every model port shares: how it refuses and how it fails.

Workflow steps translate the two: `InputRefused` is Permanent (the same bytes will be refused
again), `InferenceUnavailable` is Temporary (the process crashed, is starting, or is overloaded).
"""


class InputRefused(Exception):
    """The input can never be processed: not an image, too large, too small, too long."""

    def __init__(self, code: str, detail: str) -> None:
        """`code` is stable and snake case (`not_an_image`); `detail` is shown."""
        super().__init__(detail)
        self.code = code
        self.detail = detail


class InferenceUnavailable(Exception):
    """The models could not be reached or did not answer in time; try again after `delay` s."""

    def __init__(self, detail: str, *, delay: float = 2.0) -> None:
        """`delay` is in seconds, a hint for the caller's back-off."""
        super().__init__(detail)
        self.detail = detail
        self.delay = delay
