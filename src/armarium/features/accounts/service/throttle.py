"""Slows guessing without giving strangers a way to lock somebody out.

Failures are counted by (address, mailbox) and by address alone; another address can still log in
to the same mailbox.
"""

import hashlib
from datetime import datetime, timedelta

from armarium.features.accounts import store
from armarium.features.accounts.errors import TooManyAttempts
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope

WINDOW = timedelta(minutes=15)
FREE_PER_MAILBOX = 5
FREE_PER_ADDRESS = 50
FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 300


class Throttle:
    """Failed logins of the last quarter of an hour."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def check(self, ip: str | None, mailbox: str) -> None:
        """Refuse while the wait after the last failure is not over."""
        keys = _keys(ip, mailbox)
        async with self._database.transaction(Scope()) as session:
            found = await store.failures(session, list(keys), now() - WINDOW)
        waits = [_wait_left(*found[key], free=free) for key, free in keys.items() if key in found]
        if (longest := max(waits, default=0)) > 0:
            raise TooManyAttempts(retry_after=longest)

    async def failed(self, ip: str | None, mailbox: str) -> None:
        """Count one."""
        at = now()
        async with self._database.transaction(Scope()) as session:
            await store.count_failure(session, list(_keys(ip, mailbox)), at, at - WINDOW)

    async def succeeded(self, ip: str | None, mailbox: str) -> None:
        """Forget this place's failures at this mailbox; those of the address stay."""
        async with self._database.transaction(Scope()) as session:
            await store.clear_failures(session, list(_keys(ip, mailbox))[:1])


def _keys(ip: str | None, mailbox: str) -> dict[bytes, int]:
    """What is counted, hashed, with the failures that cost nothing."""
    place = ip or "local"
    return {
        hashlib.sha256(f"{place}\n{mailbox}".encode()).digest(): FREE_PER_MAILBOX,
        hashlib.sha256(place.encode()).digest(): FREE_PER_ADDRESS,
    }


def _wait_left(failures: int, last_at: datetime, *, free: int) -> int:
    """Whole seconds still to wait: doubling from the first failure that is not free."""
    if failures < free:
        return 0
    wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(failures - free, 10))
    left = wait - (now() - last_at).total_seconds()
    return max(0, int(left) + 1) if left > 0 else 0
