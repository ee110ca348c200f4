"""Buckets of one process: a few hundred nanoseconds a request, forgotten when it ends."""

import math
import time
from collections import OrderedDict

from armarium.ports.limits import Bucket, Taken

MAX_KEYS = 50_000
"""About 10 MB; past that the ones that were asked longest ago are forgotten, which fills them."""


class MemoryLimits:
    """Implements `LimitStore`. A bucket is the instant at which it will be full again."""

    def __init__(self, *, max_keys: int = MAX_KEYS) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._max_keys = max_keys

    async def take(self, key: str, bucket: Bucket) -> Taken:
        """See the port."""
        return self.take_at(key, bucket, time.monotonic())

    def take_at(self, key: str, bucket: Bucket, at: float) -> Taken:
        """The same at a given instant (seconds of any clock that does not go back)."""
        one = 1 / bucket.per_second
        full_at = max(at, self._full_at.get(key, at))
        after = full_at + one
        if after - at > bucket.seconds * (1 + 1e-9):
            wait = after - at - bucket.seconds
            return Taken(allowed=False, remaining=0, retry_after=wait, reset_after=full_at - at)
        self._full_at[key] = after
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._max_keys:
            self._full_at.popitem(last=False)
        remaining = math.floor((bucket.seconds - (after - at)) * bucket.per_second + 1e-6)
        return Taken(allowed=True, remaining=remaining, retry_after=0, reset_after=after - at)

    async def close(self) -> None:
        """Nothing to give back."""
