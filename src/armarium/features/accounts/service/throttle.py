"""Slows guessing without giving strangers a way to lock somebody out.

Failed logins are counted by (place, mailbox) and by place alone; from another place one can still
log in to the same mailbox.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import TooManyAttempts
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.http.addresses import address_group

WINDOW = timedelta(minutes=15)
FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Bucket:
    """One thing that is counted, hashed, with the attempts that cost nothing."""

    key: bytes
    free: int
    first_wait: int = FIRST_WAIT_SECONDS


def bucket(free: int, *parts: str, first_wait: int = FIRST_WAIT_SECONDS) -> Bucket:
    """Count by what `parts` say together."""
    return Bucket(hashlib.sha256("\n".join(parts).encode()).digest(), free, first_wait)


def login_buckets(ip: str | None, mailbox: str) -> tuple[Bucket, ...]:
    """Failed passwords: of this place at this mailbox, and of this place anywhere."""
    place = address_group(ip)
    return bucket(5, place, mailbox), bucket(50, place)


def factor_buckets(user_id: UUID) -> tuple[Bucket, ...]:
    """Wrong second factors of one person; only who knows the password can count here."""
    return (bucket(5, "second-factor", str(user_id)),)


def letter_buckets(act: str, ip: str | None) -> tuple[Bucket, ...]:
    """Letters that this place asked for."""
    return (bucket(20, act, address_group(ip)),)


def mailbox_buckets(act: str, mailbox: str) -> tuple[Bucket, ...]:
    """Letters to one mailbox: three at once, then one in five minutes at most."""
    return (bucket(3, act, "mailbox", mailbox, first_wait=LONGEST_WAIT_SECONDS),)


def link_buckets(ip: str | None) -> tuple[Bucket, ...]:
    """Links that led nowhere, from this place."""
    return (bucket(20, "link", address_group(ip)),)


class Throttle:
    """Attempts of the last quarter of an hour."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def check(self, buckets: Sequence[Bucket]) -> None:
        """Refuse while the wait after the last attempt is not over."""
        if (seconds := await self.wait(buckets)) > 0:
            raise TooManyAttempts(retry_after=seconds)

    async def wait(self, buckets: Sequence[Bucket]) -> int:
        """Whole seconds still to wait; 0 when the next attempt is free."""
        async with self._database.transaction(Scope()) as session:
            found = await store.failures(session, [each.key for each in buckets], now() - WINDOW)
        return _longest_wait(found, buckets)

    async def take(self, buckets: Sequence[Bucket]) -> None:
        """Refuse as `check` does, or count the attempt before it is made.

        Of many attempts at once only those are free that one after the other would be.
        """
        at, keys = now(), [each.key for each in buckets]
        async with self._database.transaction(Scope()) as session:
            found = await store.hold_failures(session, keys, at, at - WINDOW)
            if (seconds := _longest_wait(found, buckets)) > 0:
                raise TooManyAttempts(retry_after=seconds)
            await store.count_failure(session, keys, at, at - WINDOW)

    async def count(self, buckets: Sequence[Bucket]) -> None:
        """Count one attempt in each."""
        at = now()
        async with self._database.transaction(Scope()) as session:
            keys = [each.key for each in buckets]
            await store.count_failure(session, keys, at, at - WINDOW)

    async def succeeded(self, buckets: Sequence[Bucket]) -> None:
        """Forget the first, narrowest count; the wider ones stay."""
        async with self._database.transaction(Scope()) as session:
            await store.clear_failures(session, [buckets[0].key])


def _longest_wait(found: Mapping[bytes, tuple[int, datetime]], buckets: Sequence[Bucket]) -> int:
    waits = [_wait_left(found[each.key], each) for each in buckets if each.key in found]
    return max(waits, default=0)


def _wait_left(found: tuple[int, datetime], counted: Bucket) -> int:
    """Doubling from the first attempt that is not free."""
    attempts, last_at = found
    if attempts < counted.free:
        return 0
    doublings = min(attempts - counted.free, 10)
    wait = min(LONGEST_WAIT_SECONDS, counted.first_wait * 2**doublings)
    left = wait - (now() - last_at).total_seconds()
    return max(0, int(left) + 1) if left > 0 else 0
