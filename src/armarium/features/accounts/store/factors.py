"""Rows of second factors and of ceremonies under way; never commits, never decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import (
    ChallengeRow,
    PasskeyRow,
    RecoveryCodeRow,
    TotpRow,
    UserRow,
)


async def totp(session: AsyncSession, user_id: UUID, *, lock: bool = False) -> TotpRow | None:
    """The shared secret; held until the transaction ends, so that a code counts once."""
    statement = select(TotpRow).where(TotpRow.user_id == user_id)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def counts(session: AsyncSession, user_id: UUID) -> tuple[bool, int, int]:
    """(codes from an app are on, passkeys, unused recovery codes)."""
    row = (
        await session.execute(
            select(
                select(TotpRow.user_id)
                .where(TotpRow.user_id == user_id, TotpRow.confirmed_at.is_not(None))
                .exists(),
                select(func.count())
                .select_from(PasskeyRow)
                .where(PasskeyRow.user_id == user_id)
                .scalar_subquery(),
                select(func.count())
                .select_from(RecoveryCodeRow)
                .where(RecoveryCodeRow.user_id == user_id, RecoveryCodeRow.used_at.is_(None))
                .scalar_subquery(),
            )
        )
    ).one()
    return bool(row[0]), int(row[1]), int(row[2])


async def use_recovery_code(
    session: AsyncSession, user_id: UUID, digest: bytes, at: datetime
) -> bool:
    """Spend a code; False when there is none, or it is spent."""
    statement = (
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.user_id == user_id,
            RecoveryCodeRow.hash == digest,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCodeRow.hash)
    )
    return (await session.scalar(statement)) is not None


async def delete_recovery_codes(session: AsyncSession, user_id: UUID) -> None:
    """Old codes stop working."""
    await session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))


async def delete_totp(session: AsyncSession, user_id: UUID) -> None:
    """Codes from the app stop working."""
    await session.execute(delete(TotpRow).where(TotpRow.user_id == user_id))


async def delete_all(session: AsyncSession, user_id: UUID) -> None:
    """No factor is left."""
    for table in (TotpRow, PasskeyRow, RecoveryCodeRow):
        await session.execute(delete(table).where(table.user_id == user_id))


async def passkeys(session: AsyncSession, user_id: UUID) -> list[PasskeyRow]:
    """A person's passkeys, oldest first."""
    statement = select(PasskeyRow).where(PasskeyRow.user_id == user_id)
    return list(await session.scalars(statement.order_by(PasskeyRow.id)))


async def passkey(session: AsyncSession, user_id: UUID, passkey_id: UUID) -> PasskeyRow | None:
    """One of a person's passkeys."""
    statement = select(PasskeyRow).where(PasskeyRow.user_id == user_id, PasskeyRow.id == passkey_id)
    return await session.scalar(statement.with_for_update())


async def passkey_by_credential(
    session: AsyncSession, credential_id: bytes
) -> tuple[PasskeyRow, UserRow] | None:
    """A passkey by what the authenticator calls it, with its person; counted once at a time."""
    statement = (
        select(PasskeyRow, UserRow)
        .join(UserRow, UserRow.id == PasskeyRow.user_id)
        .where(PasskeyRow.credential_id == credential_id, UserRow.disabled_at.is_(None))
        .with_for_update(of=PasskeyRow)
    )
    found = (await session.execute(statement)).one_or_none()
    return None if found is None else (found[0], found[1])


async def challenge(
    session: AsyncSession, digest: bytes, kind: str, at: datetime
) -> ChallengeRow | None:
    """A living ceremony, held until the transaction ends."""
    statement = select(ChallengeRow).where(
        ChallengeRow.hash == digest, ChallengeRow.kind == kind, ChallengeRow.expires_at > at
    )
    return await session.scalar(statement.with_for_update())


async def delete_challenges(session: AsyncSession, user_id: UUID) -> None:
    """End what a person, or somebody with their old password, had begun."""
    await session.execute(delete(ChallengeRow).where(ChallengeRow.user_id == user_id))


async def delete_expired_challenges(session: AsyncSession, at: datetime) -> None:
    """Forget ceremonies that nobody finished."""
    await session.execute(delete(ChallengeRow).where(ChallengeRow.expires_at < at))
