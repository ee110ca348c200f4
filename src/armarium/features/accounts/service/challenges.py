"""Ceremonies of two steps: what was begun, for whom, and how often it may fail."""

import secrets
from datetime import timedelta
from uuid import UUID

from armarium.features.accounts.errors import LoginExpired
from armarium.features.accounts.service.onetime import digest_of
from armarium.features.accounts.store import factors as store
from armarium.features.accounts.tables import ChallengeRow
from armarium.kit.instants import now
from armarium.platform.database import Session

LIFETIME = timedelta(minutes=10)
MOST_FAILURES = 5


async def begin(
    session: Session,
    kind: str,
    *,
    user_id: UUID | None = None,
    nonce: bytes | None = None,
    method: str = "password",
) -> str:
    """A new ceremony; what it gives is the secret to go on with. `method` went before it."""
    token, at = secrets.token_urlsafe(32), now()
    await store.delete_expired_challenges(session, at)
    session.add(
        ChallengeRow(
            hash=digest_of(token),
            kind=kind,
            user_id=user_id,
            nonce=nonce,
            method=method,
            failures=0,
            created_at=at,
            expires_at=at + LIFETIME,
        )
    )
    await session.flush()
    return token


async def find(session: Session, token: str, kind: str) -> ChallengeRow:
    """A living ceremony, held until the transaction ends.

    Raises:
        LoginExpired: unknown, over, or failed too often.
    """
    row = await store.challenge(session, digest_of(token), kind, now())
    if row is None or row.failures >= MOST_FAILURES:
        raise LoginExpired
    return row
