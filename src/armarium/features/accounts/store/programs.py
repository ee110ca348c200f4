"""Rows of programs' keys; never commits, never decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import ApiKeyRow, UserRow


async def living_keys(session: AsyncSession, user_id: UUID) -> list[ApiKeyRow]:
    """A person's keys that were not revoked (expired ones are shown as such), newest first."""
    statement = (
        select(ApiKeyRow)
        .where(ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None))
        .order_by(ApiKeyRow.id.desc())
    )
    return list(await session.scalars(statement))


async def key_hashes(session: AsyncSession, user_id: UUID) -> list[bytes]:
    """Of a person's keys that were not revoked."""
    statement = select(ApiKeyRow.hash).where(
        ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None)
    )
    return list(await session.scalars(statement))


async def count_keys(session: AsyncSession, user_id: UUID) -> int:
    """How many are not revoked."""
    statement = select(func.count()).where(
        ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None)
    )
    return int(await session.scalar(statement) or 0)


async def key_and_person(
    session: AsyncSession, digest: bytes, at: datetime
) -> tuple[ApiKeyRow, UserRow] | None:
    """A living key of a living person."""
    statement = (
        select(ApiKeyRow, UserRow)
        .join(UserRow, UserRow.id == ApiKeyRow.user_id)
        .where(
            ApiKeyRow.hash == digest,
            ApiKeyRow.revoked_at.is_(None),
            or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > at),
            UserRow.disabled_at.is_(None),
        )
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1])


async def revoke_key(
    session: AsyncSession, user_id: UUID, key_id: UUID, at: datetime
) -> ApiKeyRow | None:
    """End a key; None when it is not theirs or has ended."""
    statement = (
        update(ApiKeyRow)
        .where(ApiKeyRow.user_id == user_id, ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(ApiKeyRow)
    )
    return await session.scalar(statement)


async def revoke_keys(session: AsyncSession, user_id: UUID, at: datetime) -> list[ApiKeyRow]:
    """End all keys of a person; gives those that had not ended."""
    statement = (
        update(ApiKeyRow)
        .where(ApiKeyRow.user_id == user_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(ApiKeyRow)
    )
    return list(await session.scalars(statement))


async def touch_key(
    session: AsyncSession, key_id: UUID, at: datetime, not_since: datetime, ip: str | None
) -> None:
    """Note that a key was used, unless somebody noted it a moment ago."""
    await session.execute(
        update(ApiKeyRow)
        .where(
            ApiKeyRow.id == key_id,
            or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at < not_since),
        )
        .values(last_used_at=at, last_used_ip=ip)
    )
