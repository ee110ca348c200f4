"""Buckets in Redis or Valkey, for several API processes that count together.

One script a request, run inside the server, so that two processes never give the same token twice.
When the server does not answer, each process counts for itself: a limit must not stop the product.
"""

import math
import time
from typing import Any, Final

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

from armarium.ports.limits import Bucket, LimitStore, Taken

PREFIX: Final = "armarium:limit:"
PATIENCE_S: Final = 0.25
REST_S: Final = 5.0
"""How long the server is left alone after it failed."""
SCRIPT: Final = """
local clock = redis.call('TIME')
local at = clock[1] + clock[2] / 1000000
local seconds, one = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = math.max(at, tonumber(redis.call('GET', KEYS[1]) or at))
local after = full_at + one
if after - at > seconds * (1 + 1e-9) then
  return {0, tostring(after - at - seconds), tostring(full_at - at)}
end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - at) * 1000))
return {1, '0', tostring(after - at)}
"""

log = structlog.get_logger("armarium.limits")


class RedisLimits:
    """Implements `LimitStore`. A bucket is the instant, of the server's clock, when it is full."""

    def __init__(self, url: str, *, fallback: LimitStore) -> None:
        """`fallback` counts while the server does not answer."""
        self._client: Any = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
        )
        self._script = self._client.register_script(SCRIPT)
        self._fallback = fallback
        self._resting_until = 0.0

    async def take(self, key: str, bucket: Bucket) -> Taken:
        """See the port."""
        if time.monotonic() >= self._resting_until:
            try:
                one = 1 / bucket.per_second
                answer = await self._script(keys=[PREFIX + key], args=[bucket.seconds, one])
            except (RedisError, OSError) as error:
                self._resting_until = time.monotonic() + REST_S
                log.warning("limits_not_shared", error=type(error).__name__)
            else:
                return _taken(answer, bucket)
        return await self._fallback.take(key, bucket)

    async def close(self) -> None:
        """See the port."""
        await self._client.aclose()


def _taken(answer: list[Any], bucket: Bucket) -> Taken:
    allowed, retry_after, reset_after = bool(answer[0]), float(answer[1]), float(answer[2])
    left = (bucket.seconds - reset_after) * bucket.per_second
    return Taken(
        allowed=allowed,
        remaining=math.floor(left + 1e-6) if allowed else 0,
        retry_after=retry_after,
        reset_after=reset_after,
    )
