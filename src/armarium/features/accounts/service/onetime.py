"""One-time tokens: 256 random bits that leave in a letter; only their SHA-256 stays."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from armarium.features.accounts.errors import InvalidLink
from armarium.features.accounts.store import letters as store
from armarium.features.accounts.tables import OneTimeRow
from armarium.kit.instants import now
from armarium.platform.database import Session

VERIFY_EMAIL: Final = "verify_email"
RESET_PASSWORD: Final = "reset_password"  # noqa: S105  # the name of a purpose
CONFIRM_EMAIL: Final = "confirm_email"
UNDO_EMAIL: Final = "undo_email"
INVITATION: Final = "invitation"

LIFETIMES: Final = {
    VERIFY_EMAIL: timedelta(hours=24),
    RESET_PASSWORD: timedelta(hours=1),
    CONFIRM_EMAIL: timedelta(hours=24),
    UNDO_EMAIL: timedelta(days=7),
}


def digest_of(token: str) -> bytes:
    """What is stored of a token that has enough random bits of its own."""
    return hashlib.sha256(token.encode()).digest()


async def issue(
    session: Session,
    purpose: str,
    *,
    lifetime: timedelta | None = None,
    user_id: UUID | None = None,
    invitation_id: UUID | None = None,
    email_change_id: UUID | None = None,
    mailed: bool = False,
) -> str:
    """A new token for one purpose; older ones of the same person and purpose stop working.

    `mailed` only where it leaves in a letter and is shown to nobody else.
    """
    token, at = secrets.token_urlsafe(32), now()
    if user_id is not None:
        await store.delete_one_time(session, user_id, purpose)
    session.add(
        OneTimeRow(
            hash=digest_of(token),
            purpose=purpose,
            user_id=user_id,
            invitation_id=invitation_id,
            email_change_id=email_change_id,
            created_at=at,
            expires_at=at + (lifetime or LIFETIMES[purpose]),
            mailed=mailed,
        )
    )
    await session.flush()
    return token


async def look(session: Session, token: str, purpose: str) -> OneTimeRow:
    """A living token, held but not spent.

    Raises:
        InvalidLink: unknown, spent, replaced, of another purpose, or expired; which, nobody learns.
    """
    row = await store.one_time(session, digest_of(token), purpose, now())
    if row is None:
        raise InvalidLink(pointer="/token")
    return row


async def take(session: Session, token: str, purpose: str) -> OneTimeRow:
    """Spend a token; refuses as `look` does."""
    row = await look(session, token, purpose)
    await session.delete(row)
    return row
