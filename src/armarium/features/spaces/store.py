"""Rows of spaces and members; never commits, never decides."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.spaces.models import Membership, Space
from armarium.features.spaces.tables import MemberRow, SpaceRow
from armarium.platform.owned import OwnedTables

OWNED = OwnedTables("spaces", MemberRow)
"""Who may act in the space; the space's own row goes last, with the person."""


async def memberships(session: AsyncSession, user_id: UUID) -> list[Membership]:
    """Every space that a person belongs to."""
    rows = await session.scalars(select(MemberRow).where(MemberRow.user_id == user_id))
    return [Membership(row.space_id, row.role) for row in rows]


async def spaces_of(session: AsyncSession, user_id: UUID) -> list[Space]:
    """The same with names, their own first."""
    rows = await session.execute(
        select(SpaceRow, MemberRow.role)
        .join(MemberRow, MemberRow.space_id == SpaceRow.id)
        .where(MemberRow.user_id == user_id)
        .order_by(SpaceRow.id != user_id, SpaceRow.created_at, SpaceRow.id)
    )
    return [
        Space(id=row.id, kind=row.kind, name=row.name, role=role, created_at=row.created_at)
        for row, role in rows
    ]


async def delete_space(session: AsyncSession, space_id: UUID) -> None:
    """Delete a space; its memberships go with the row."""
    await session.execute(delete(SpaceRow).where(SpaceRow.id == space_id))
