"""Rows of logins and of sessions as devices; never commits, never decides."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import LoginRow, SessionRow
from armarium.platform.paging import Page, PageParams, keyset_page


async def logins(session: AsyncSession, user_id: UUID, params: PageParams) -> Page[LoginRow]:
    """A person's logins, newest first."""
    statement = select(LoginRow).where(LoginRow.user_id == user_id).order_by(LoginRow.id.desc())
    return await keyset_page(session, statement, params)


async def was_here(session: AsyncSession, user_id: UUID | None, ip: str | None) -> bool:
    """Whether this person logged in from this address before; asked for nobody, too."""
    statement = select(
        select(LoginRow.id)
        .where(LoginRow.user_id == user_id, LoginRow.ip == ip, LoginRow.outcome == "success")
        .exists()
    )
    return (await session.scalar(statement)) is True


async def places(session: AsyncSession, user_id: UUID, most: int = 200) -> set[str | None]:
    """Addresses of a person's last logins that worked."""
    latest = (
        select(LoginRow.ip)
        .where(LoginRow.user_id == user_id, LoginRow.outcome == "success")
        .order_by(LoginRow.id.desc())
        .limit(most)
    )
    return set(await session.scalars(latest))


async def delete_logins(session: AsyncSession, before: datetime) -> None:
    """Forget what is older."""
    await session.execute(delete(LoginRow).where(LoginRow.at < before))


async def open_sessions(session: AsyncSession, user_id: UUID, at: datetime) -> list[SessionRow]:
    """A person's living sessions, the last used first."""
    statement = (
        select(SessionRow)
        .where(
            SessionRow.user_id == user_id,
            SessionRow.revoked_at.is_(None),
            SessionRow.expires_at > at,
        )
        .order_by(SessionRow.last_used_at.desc(), SessionRow.id)
    )
    return list(await session.scalars(statement))


async def session_ids(session: AsyncSession, user_id: UUID) -> list[UUID]:
    """Every living session's id, to forget what is cached of them."""
    statement = select(SessionRow.id).where(
        SessionRow.user_id == user_id, SessionRow.revoked_at.is_(None)
    )
    return list(await session.scalars(statement))


async def mark_proved(
    session: AsyncSession, session_id: UUID, at: datetime, *, second_factor: bool
) -> None:
    """The person of this session proved who they are, perhaps by a second factor."""
    values: dict[str, object] = {"proved_at": at}
    if second_factor:
        values["second_factor"] = True
    await session.execute(update(SessionRow).where(SessionRow.id == session_id).values(**values))


async def delete_old_sessions(session: AsyncSession, before: datetime) -> None:
    """Forget sessions that ended long ago."""
    await session.execute(delete(SessionRow).where(SessionRow.expires_at < before))
