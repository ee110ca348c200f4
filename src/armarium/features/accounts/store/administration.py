"""People as an administrator lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.models import PeopleFilter
from armarium.features.accounts.tables import PasskeyRow, SessionRow, TotpRow, UserRow
from armarium.platform.paging import Page, PageParams, keyset_page

STATES = {
    "active": UserRow.disabled_at.is_(None) & UserRow.closes_at.is_(None),
    "disabled": UserRow.disabled_at.is_not(None),
    "closing": UserRow.closes_at.is_not(None),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the logins and factors of one person tell."""

    has_second_factor: bool = False
    sessions: int = 0
    last_seen_at: datetime | None = None


async def people(session: AsyncSession, params: PageParams, wanted: PeopleFilter) -> Page[UserRow]:
    """Newest first."""
    statement = select(UserRow).order_by(UserRow.created_at.desc(), UserRow.id.desc())
    if wanted.text:
        statement = statement.where(
            or_(
                UserRow.email.icontains(wanted.text, autoescape=True),
                UserRow.display_name.icontains(wanted.text, autoescape=True),
            )
        )
    if wanted.role:
        statement = statement.where(UserRow.role == wanted.role)
    if wanted.state:
        statement = statement.where(STATES[wanted.state])
    if wanted.ids is not None:
        statement = statement.where(UserRow.id.in_(wanted.ids))
    return await keyset_page(session, statement, params)


async def seen(session: AsyncSession, ids: Sequence[UUID], at: datetime) -> Mapping[UUID, Seen]:
    """Of each of these people; an administrator who acts as them does not count."""
    open_now = SessionRow.revoked_at.is_(None) & (SessionRow.expires_at > at)
    logins = await session.execute(
        select(
            SessionRow.user_id,
            func.count().filter(open_now),
            func.max(SessionRow.last_used_at),
        )
        .where(SessionRow.user_id.in_(ids), SessionRow.impersonator.is_(None))
        .group_by(SessionRow.user_id)
    )
    used = {person: (count, last) for person, count, last in logins}
    proving = set(
        await session.scalars(
            union(
                select(TotpRow.user_id).where(
                    TotpRow.user_id.in_(ids), TotpRow.confirmed_at.is_not(None)
                ),
                select(PasskeyRow.user_id).where(PasskeyRow.user_id.in_(ids)),
            )
        )
    )
    return {each: Seen(each in proving, *used.get(each, (0, None))) for each in ids}
