"""Rows of one-time tokens, invitations and changes of address; never commits, never decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import EmailChangeRow, InvitationRow, OneTimeRow
from armarium.platform.paging import Page, PageParams, keyset_page


async def one_time(
    session: AsyncSession, digest: bytes, purpose: str, at: datetime
) -> OneTimeRow | None:
    """A living token, held until the transaction ends: of two uses one comes too late."""
    statement = select(OneTimeRow).where(
        OneTimeRow.hash == digest, OneTimeRow.purpose == purpose, OneTimeRow.expires_at > at
    )
    return await session.scalar(statement.with_for_update())


async def holder(session: AsyncSession, digest: bytes) -> UUID | None:
    """Whose token this is; nothing is held."""
    return await session.scalar(select(OneTimeRow.user_id).where(OneTimeRow.hash == digest))


async def delete_one_time(session: AsyncSession, user_id: UUID, *purposes: str) -> None:
    """A person's older tokens of these purposes stop working."""
    await session.execute(
        delete(OneTimeRow).where(OneTimeRow.user_id == user_id, OneTimeRow.purpose.in_(purposes))
    )


async def delete_expired(session: AsyncSession, at: datetime) -> None:
    """Forget tokens that nobody can use any more."""
    await session.execute(delete(OneTimeRow).where(OneTimeRow.expires_at < at))


async def invitation(
    session: AsyncSession, invitation_id: UUID, *, lock: bool = False
) -> InvitationRow | None:
    """An invitation."""
    statement = select(InvitationRow).where(InvitationRow.id == invitation_id)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def invitations(session: AsyncSession, params: PageParams) -> Page[InvitationRow]:
    """All of them, newest first."""
    statement = select(InvitationRow).order_by(InvitationRow.id.desc())
    return await keyset_page(session, statement, params)


async def email_change(session: AsyncSession, change_id: UUID) -> EmailChangeRow | None:
    """A change of address, held until the transaction ends."""
    statement = select(EmailChangeRow).where(EmailChangeRow.id == change_id)
    return await session.scalar(statement.with_for_update())


async def person_of_change(session: AsyncSession, digest: bytes) -> UUID | None:
    """Whose address the token of this hash changes; nothing is held."""
    return await session.scalar(
        select(EmailChangeRow.user_id)
        .join(OneTimeRow, OneTimeRow.email_change_id == EmailChangeRow.id)
        .where(OneTimeRow.hash == digest)
    )


async def change_away(
    session: AsyncSession, user_id: UUID, email: str, at: datetime
) -> UUID | None:
    """The first change that led away from this address and can be undone there still."""
    return await session.scalar(
        select(EmailChangeRow.id)
        .join(OneTimeRow, OneTimeRow.email_change_id == EmailChangeRow.id)
        .where(
            EmailChangeRow.user_id == user_id,
            EmailChangeRow.old_email == email,
            EmailChangeRow.confirmed_at.is_not(None),
            EmailChangeRow.undone_at.is_(None),
            OneTimeRow.expires_at > at,
        )
        .order_by(EmailChangeRow.id)
        .limit(1)
    )


async def delete_changes_after(session: AsyncSession, user_id: UUID, change_id: UUID) -> None:
    """A person's changes after this one, by the order of ids; their tokens go with the rows."""
    await session.execute(
        delete(EmailChangeRow).where(
            EmailChangeRow.user_id == user_id, EmailChangeRow.id > change_id
        )
    )


async def delete_unconfirmed_changes(session: AsyncSession, user_id: UUID) -> None:
    """A newer wish replaces the one that was never confirmed; its token goes with the row."""
    await session.execute(
        delete(EmailChangeRow).where(
            EmailChangeRow.user_id == user_id, EmailChangeRow.confirmed_at.is_(None)
        )
    )


async def delete_old_changes(session: AsyncSession, before: datetime) -> None:
    """Forget changes whose undo is over."""
    await session.execute(
        delete(EmailChangeRow).where(
            or_(EmailChangeRow.confirmed_at < before, EmailChangeRow.confirmed_at.is_(None)),
            EmailChangeRow.created_at < before,
        )
    )
