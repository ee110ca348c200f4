"""Rows of accounts that are to be erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import InvitationRow, UserRow


async def due(session: AsyncSession, at: datetime) -> list[UUID]:
    """Whose grace period is over."""
    statement = select(UserRow.id).where(UserRow.closes_at <= at).order_by(UserRow.closes_at)
    return list(await session.scalars(statement))


async def other_admin(session: AsyncSession, user_id: UUID) -> bool:
    """Whether somebody else can run the server."""
    statement = (
        select(UserRow.id)
        .where(
            UserRow.role == "admin",
            UserRow.id != user_id,
            UserRow.disabled_at.is_(None),
            UserRow.closes_at.is_(None),
        )
        .limit(1)
    )
    return await session.scalar(statement) is not None


async def delete_invitations_to(session: AsyncSession, email: str) -> None:
    """Invitations to the server that name an address."""
    await session.execute(delete(InvitationRow).where(InvitationRow.email == email))
