"""People as an administrator lists them."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.accounts.tables import UserRow
from armarium.platform.paging import Page, PageParams, keyset_page


async def people(
    session: AsyncSession, params: PageParams, *, text: str | None, role: str | None
) -> Page[UserRow]:
    """Newest first; `text` is looked for in address and name."""
    statement = select(UserRow).order_by(UserRow.created_at.desc(), UserRow.id.desc())
    if text:
        statement = statement.where(
            or_(
                UserRow.email.icontains(text, autoescape=True),
                UserRow.display_name.icontains(text, autoescape=True),
            )
        )
    if role:
        statement = statement.where(UserRow.role == role)
    return await keyset_page(session, statement, params)
