"""Offered seats: by whom, to whom, and how they were answered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from armarium.features.spaces.models import Invitation, Seat
from armarium.features.spaces.tables import InvitationRow
from armarium.platform.database import Session

Condition = ColumnElement[bool]


def invitation_of(row: InvitationRow, *, token: str | None = None) -> Invitation:
    """The row as the rest of the program sees it."""
    return Invitation(
        space_id=row.space_id,
        id=row.id,
        email=row.email,
        seat=Seat(row.role, row.sees_money, row.collection_id),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        answer=row.answer,
        answered_at=row.answered_at,
        token=token,
    )


async def of_space(session: Session, space_id: UUID) -> Sequence[InvitationRow]:
    """All that the caller may see of a space's invitations, the newest first."""
    rows = await session.scalars(
        select(InvitationRow)
        .where(InvitationRow.space_id == space_id)
        .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
        .limit(200)
    )
    return rows.all()


async def open_for(
    session: Session, at: datetime, *conditions: Condition, lock: bool = False
) -> Sequence[InvitationRow]:
    """Unanswered, unexpired invitations that match; held when they are about to be answered."""
    statement = (
        select(InvitationRow)
        .where(InvitationRow.answer.is_(None), InvitationRow.expires_at > at, *conditions)
        .order_by(InvitationRow.created_at.desc(), InvitationRow.id)
    )
    rows = await session.scalars(statement.with_for_update() if lock else statement)
    return rows.all()


def addressed_to(email_key: str) -> Condition:
    """Those that name this address."""
    return InvitationRow.email_key == email_key


def with_hash(token_hash: bytes) -> Condition:
    """The one of a token."""
    return InvitationRow.token_hash == token_hash


def with_id(invitation_id: UUID) -> Condition:
    """The one of an id."""
    return InvitationRow.id == invitation_id


async def may_give(
    session: Session,
    person: UUID,
    space_id: UUID,
    collection_id: UUID | None,
    *,
    with_money: bool,
) -> bool:
    """Whether somebody may let others in there now, and show them prices if so asked."""
    return bool(
        await session.scalar(select(func.arm_gives(person, space_id, collection_id, with_money)))
    )


async def backed(session: Session, row: InvitationRow) -> bool:
    """Whether who made an offer may still make it."""
    return await may_give(
        session, row.created_by, row.space_id, row.collection_id, with_money=row.sees_money
    )


async def end_unbacked(
    session: Session, space_id: UUID, maker: UUID, *, by: UUID, at: datetime
) -> None:
    """Revoke what somebody offered and may not offer any more; under a worker's scope."""
    row = InvitationRow
    await session.execute(
        update(row)
        .where(
            row.space_id == space_id,
            row.created_by == maker,
            row.answer.is_(None),
            ~func.arm_gives(row.created_by, row.space_id, row.collection_id, row.sees_money),
        )
        .values(answer="revoked", answered_at=at, answered_by=by)
        .execution_options(synchronize_session=False)
    )
