"""Rows of people, sessions, tokens and keys; never commits, never decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from armarium.features.accounts.tables import (
    AttemptRow,
    RefreshTokenRow,
    SessionRow,
    SigningKeyRow,
    UserRow,
)

FIRST_ACCOUNT_LOCK = 0x41524D20
KEYS_LOCK = 0x41524D21


async def lock_first_account(session: AsyncSession) -> None:
    """One registration at a time may ask whether it is the first."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": FIRST_ACCOUNT_LOCK})


async def any_user(session: AsyncSession) -> bool:
    """Whether anybody has an account."""
    return (await session.scalar(select(select(UserRow.id).exists()))) is True


async def user_by_key(session: AsyncSession, email_key: str) -> UserRow | None:
    """The person of a mailbox."""
    return await session.scalar(select(UserRow).where(UserRow.email_key == email_key))


async def user_by_id(session: AsyncSession, user_id: UUID, *, lock: bool = False) -> UserRow | None:
    """The person of an id; held, nobody else changes them, while what is theirs may be added."""
    statement = select(UserRow).where(UserRow.id == user_id)
    return await session.scalar(statement.with_for_update(key_share=True) if lock else statement)


async def replace_hash(session: AsyncSession, user_id: UUID, old: str, new: str) -> bool:
    """Keep the same password under other costs; False when it was changed meanwhile."""
    statement = update(UserRow).where(UserRow.id == user_id, UserRow.password_hash == old)
    changed = await session.scalar(statement.values(password_hash=new).returning(UserRow.id))
    return changed is not None


async def users_by_id(session: AsyncSession, ids: Sequence[UUID]) -> list[UserRow]:
    """The people of these ids, those that there are."""
    return list(await session.scalars(select(UserRow).where(UserRow.id.in_(ids))))


async def delete_user(session: AsyncSession, user_id: UUID) -> None:
    """Delete a person; sessions, tokens and memberships go with the row."""
    await session.execute(delete(UserRow).where(UserRow.id == user_id))


async def live_user(
    session: AsyncSession, user_id: UUID, session_id: UUID, at: datetime
) -> UserRow | None:
    """The person behind a session that has neither ended nor been revoked.

    One in which an administrator acts as them lasts as long as that administrator is one.
    """
    admin = aliased(UserRow)
    statement = (
        select(UserRow)
        .join(SessionRow, SessionRow.user_id == UserRow.id)
        .outerjoin(admin, admin.id == SessionRow.impersonator)
        .where(
            or_(
                SessionRow.impersonator.is_(None),
                and_(admin.role == "admin", admin.disabled_at.is_(None), admin.closes_at.is_(None)),
            ),
            UserRow.id == user_id,
            UserRow.disabled_at.is_(None),
            SessionRow.id == session_id,
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > at,
        )
    )
    return await session.scalar(statement)


async def token_for_update(session: AsyncSession, digest: bytes) -> RefreshTokenRow | None:
    """A refresh token, held until the transaction ends: two uses come one after the other."""
    statement = select(RefreshTokenRow).where(RefreshTokenRow.hash == digest)
    return await session.scalar(statement.with_for_update())


async def session_by_id(session: AsyncSession, session_id: UUID) -> SessionRow | None:
    """A login."""
    return await session.scalar(select(SessionRow).where(SessionRow.id == session_id))


async def revoke_sessions(
    session: AsyncSession, *conditions: Any, reason: str, at: datetime
) -> list[UUID]:
    """End the sessions that match; gives those that were still open."""
    statement = (
        update(SessionRow)
        .where(SessionRow.revoked_at.is_(None), *conditions)
        .values(revoked_at=at, revoked_reason=reason)
        .returning(SessionRow.id)
    )
    return list(await session.scalars(statement))


async def delete_ended_sessions(session: AsyncSession, user_id: UUID, before: datetime) -> None:
    """Forget a person's sessions that ended long ago, tokens included."""
    await session.execute(
        delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.expires_at < before)
    )


async def lock_keys(session: AsyncSession) -> None:
    """One process at a time may make a signing key."""
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": KEYS_LOCK})


async def signing_keys(session: AsyncSession, retired_since: datetime) -> list[SigningKeyRow]:
    """Every key that may still have signed a living token, newest first."""
    statement = (
        select(SigningKeyRow)
        .where(or_(SigningKeyRow.retired_at.is_(None), SigningKeyRow.retired_at > retired_since))
        .order_by(SigningKeyRow.created_at.desc())
    )
    return list(await session.scalars(statement))


async def delete_dead_keys(session: AsyncSession, retired_before: datetime) -> None:
    """Forget keys whose last token has expired."""
    await session.execute(delete(SigningKeyRow).where(SigningKeyRow.retired_at < retired_before))


async def failures(session: AsyncSession, keys: list[bytes], since: datetime) -> dict[bytes, Any]:
    """The running counts of failed logins, as (count, last)."""
    rows = await session.scalars(
        select(AttemptRow).where(AttemptRow.key.in_(keys), AttemptRow.last_at > since)
    )
    return {row.key: (row.failures, row.last_at) for row in rows}


async def hold_failures(
    session: AsyncSession, keys: list[bytes], at: datetime, since: datetime
) -> dict[bytes, Any]:
    """The same, held until the transaction ends; nobody else counts in these meanwhile."""
    none_yet = [{"key": key, "failures": 0, "last_at": at} for key in sorted(keys)]
    await session.execute(insert(AttemptRow).values(none_yet).on_conflict_do_nothing())
    rows = await session.scalars(
        select(AttemptRow)
        .where(AttemptRow.key.in_(keys))
        .order_by(AttemptRow.key)
        .with_for_update()
    )
    return {row.key: (row.failures, row.last_at) for row in rows if row.last_at > since}


async def count_failure(
    session: AsyncSession, keys: list[bytes], at: datetime, since: datetime
) -> dict[bytes, int]:
    """Add one failure to each key, how many each has now; one older than `since` starts anew."""
    statement = insert(AttemptRow).values(
        [{"key": key, "failures": 1, "last_at": at} for key in sorted(keys)]
    )
    counted = await session.execute(
        statement.on_conflict_do_update(
            index_elements=[AttemptRow.key],
            set_={
                "failures": case((AttemptRow.last_at > since, AttemptRow.failures + 1), else_=1),
                "last_at": at,
            },
        ).returning(AttemptRow.key, AttemptRow.failures)
    )
    # Those that another counts in just now are left to it: two that waited would wait for good.
    old = select(AttemptRow.key).where(AttemptRow.last_at < since)
    free = old.with_for_update(skip_locked=True)
    await session.execute(delete(AttemptRow).where(AttemptRow.key.in_(free)))
    return {row.key: row.failures for row in counted}


async def clear_failures(session: AsyncSession, keys: list[bytes]) -> None:
    """A success wipes the slate."""
    await session.execute(delete(AttemptRow).where(AttemptRow.key.in_(keys)))
