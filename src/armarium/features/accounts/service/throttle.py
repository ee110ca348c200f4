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
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
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


@dataclass(frozen=True, slots=True)
class Lock:
    """What has to wait, for the audit log: a wait is told when it begins, not by attempts."""

    guards: str
    """`password`, `passkey` or `second_factor`."""
    whose: UUID | None
    """The account that was tried, where there is one."""


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

    async def take(self, buckets: Sequence[Bucket]) -> bool:
        """Refuse as `check` does, or count the attempt before it is made.

        Of many attempts at once only those are free that one after the other would be. True when
        the others have to wait if this one fails; say so then by `locked`.
        """
        at, keys = now(), [each.key for each in buckets]
        async with self._database.transaction(Scope()) as session:
            found = await store.hold_failures(session, keys, at, at - WINDOW)
            if (seconds := _longest_wait(found, buckets)) > 0:
                raise TooManyAttempts(retry_after=seconds)
            counts = await store.count_failure(session, keys, at, at - WINDOW)
        return bool(_spent(counts, buckets))

    async def count(self, buckets: Sequence[Bucket], lock: Lock | None = None) -> None:
        """Count one attempt in each; where a wait begins with it, the log is told of `lock`."""
        at = now()
        async with self._database.transaction(Scope()) as session:
            keys = [each.key for each in buckets]
            counts = await store.count_failure(session, keys, at, at - WINDOW)
            spent = _spent(counts, buckets)
            if lock is not None and spent:
                await _tell(session, lock if buckets[0] in spent else Lock(lock.guards, None))

    async def locked(self, lock: Lock) -> None:
        """Tell the log of a wait that begins."""
        async with self._database.transaction(Scope()) as session:
            await _tell(session, lock)

    async def succeeded(self, buckets: Sequence[Bucket]) -> None:
        """Forget the first, narrowest count; the wider ones stay."""
        async with self._database.transaction(Scope()) as session:
            await store.clear_failures(session, [buckets[0].key])


def _spent(counts: Mapping[bytes, int], buckets: Sequence[Bucket]) -> list[Bucket]:
    """Those whose last free attempt was this one: of any number of attempts it is one alone."""
    return [each for each in buckets if counts[each.key] == each.free]


async def _tell(session: Session, lock: Lock) -> None:
    entry = AuditEntry(
        action=Action.LOCKED,
        actor=None,
        space_id=lock.whose,
        target_type="account",
        target_id=lock.whose,
        detail={"guards": lock.guards},
    )
    await record(session, entry)


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
