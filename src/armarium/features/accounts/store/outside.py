"""Rows of outside identities and of logins under way; never commits, never decides."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import (
    OutsideFlowRow,
    OutsideIdentityRow,
    PasskeyRow,
    UserRow,
)


async def lock_subject(session: AsyncSession, issuer: str, subject: str) -> None:
    """Of two first logins of the same person one waits."""
    digest = hashlib.blake2b(f"{issuer}\n{subject}".encode(), digest_size=8).digest()
    key = int.from_bytes(digest, signed=True)
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": key})


async def person_of(
    session: AsyncSession, issuer: str, subject: str
) -> tuple[OutsideIdentityRow, UserRow] | None:
    """The identity with its account, whether or not that may still log in."""
    statement = (
        select(OutsideIdentityRow, UserRow)
        .join(UserRow, UserRow.id == OutsideIdentityRow.user_id)
        .where(OutsideIdentityRow.issuer == issuer, OutsideIdentityRow.subject == subject)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1])


async def identities(session: AsyncSession, user_id: UUID) -> list[OutsideIdentityRow]:
    """A person's linked identities, oldest first."""
    statement = select(OutsideIdentityRow).where(OutsideIdentityRow.user_id == user_id)
    return list(await session.scalars(statement.order_by(OutsideIdentityRow.id)))


async def delete_identities(session: AsyncSession, user_id: UUID) -> int:
    """All of a person's logins at providers, and those being linked; how many there were."""
    await session.execute(delete(OutsideFlowRow).where(OutsideFlowRow.user_id == user_id))
    theirs = delete(OutsideIdentityRow).where(OutsideIdentityRow.user_id == user_id)
    return len((await session.scalars(theirs.returning(OutsideIdentityRow.id))).all())


async def other_ways_in(
    session: AsyncSession, user_id: UUID, without: UUID, issuers: list[str]
) -> int:
    """How a person can still log in without that identity or passkey."""
    password = select(func.count()).where(UserRow.id == user_id, UserRow.password_hash.is_not(None))
    passkeys = select(func.count()).where(PasskeyRow.user_id == user_id, PasskeyRow.id != without)
    others = select(func.count()).where(
        OutsideIdentityRow.user_id == user_id,
        OutsideIdentityRow.id != without,
        OutsideIdentityRow.issuer.in_(issuers),
    )
    counted = select(
        password.scalar_subquery() + passkeys.scalar_subquery() + others.scalar_subquery()
    )
    return int(await session.scalar(counted) or 0)


async def flow(
    session: AsyncSession, digest: bytes, kinds: tuple[str, ...], at: datetime
) -> OutsideFlowRow | None:
    """A living flow, held until the transaction ends: of two answers one comes too late."""
    statement = select(OutsideFlowRow).where(
        OutsideFlowRow.hash == digest,
        OutsideFlowRow.kind.in_(kinds),
        OutsideFlowRow.expires_at > at,
    )
    return await session.scalar(statement.with_for_update())


async def delete_expired_flows(session: AsyncSession, at: datetime) -> None:
    """Forget what nobody finished."""
    await session.execute(delete(OutsideFlowRow).where(OutsideFlowRow.expires_at < at))
