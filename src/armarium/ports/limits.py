"""Where the tokens of rate limits are kept: in the process, or where a fleet shares them."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: holds `capacity`, refills evenly in `seconds`."""

    capacity: int
    seconds: float = 60.0

    @property
    def per_second(self) -> float:
        """Tokens that come back in a second."""
        return self.capacity / self.seconds


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking for one token."""

    allowed: bool
    remaining: int
    retry_after: float
    """Seconds until the next token; 0 when this one was given."""
    reset_after: float
    """Seconds until the bucket is full again."""


class LimitStore(Protocol):
    """Buckets by key; one that was never seen is full."""

    async def take(self, key: str, bucket: Bucket) -> Taken:
        """Take one token, or say how long to wait. Never raises: a limit must not stop a server."""
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...
