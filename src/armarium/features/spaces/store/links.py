"""Shared links and public profiles."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from armarium.features.spaces.models import Link, Profile
from armarium.features.spaces.tables import LinkRow, ProfileRow
from armarium.platform.database import Session


def link_of(row: LinkRow, *, token: str | None = None) -> Link:
    """The row as the rest of the program sees it."""
    return Link(
        space_id=row.space_id,
        id=row.id,
        target=row.target,
        target_id=row.target_id,
        label=row.label,
        has_password=row.password_hash is not None,
        with_prices=row.with_prices,
        views=row.views,
        last_viewed_at=row.last_viewed_at,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        token=token,
    )


async def of_space(session: Session, space_id: UUID) -> Sequence[LinkRow]:
    """A space's links, the newest first."""
    rows = await session.scalars(
        select(LinkRow)
        .where(LinkRow.space_id == space_id)
        .order_by(LinkRow.created_at.desc(), LinkRow.id)
        .limit(500)
    )
    return rows.all()


async def link(session: Session, space_id: UUID, link_id: UUID) -> LinkRow | None:
    """One link, held."""
    return await session.scalar(
        select(LinkRow).where(LinkRow.space_id == space_id, LinkRow.id == link_id).with_for_update()
    )


async def living(session: Session, token_hash: bytes, at: datetime) -> LinkRow | None:
    """The link of a token, unless it was revoked, has expired, or its maker lost the leave."""
    return await session.scalar(
        select(LinkRow).where(
            LinkRow.token_hash == token_hash,
            LinkRow.revoked_at.is_(None),
            LinkRow.expires_at > at,
            stands(),
        )
    )


def stands() -> ColumnElement[bool]:
    """Whether who made a link might still make it."""
    row = LinkRow
    return func.arm_link_stands(
        row.created_by, row.space_id, row.target, row.target_id, row.with_prices
    )


async def end_unbacked(session: Session, space_id: UUID, at: datetime) -> Sequence[UUID]:
    """Revoke links whose makers might not make them any more; under a worker's scope."""
    ended = await session.scalars(
        update(LinkRow)
        .where(LinkRow.space_id == space_id, LinkRow.revoked_at.is_(None), ~stands())
        .values(revoked_at=at)
        .returning(LinkRow.id)
        .execution_options(synchronize_session=False)
    )
    return ended.all()


async def count_view(session: Session, token_hash: bytes, at: datetime) -> None:
    """One more look."""
    await session.execute(
        update(LinkRow)
        .where(LinkRow.token_hash == token_hash)
        .values(views=LinkRow.views + 1, last_viewed_at=at)
        .execution_options(synchronize_session=False)
    )


def profile_of(row: ProfileRow) -> Profile:
    """The row as the rest of the program sees it."""
    return Profile(
        user_id=row.user_id,
        handle=row.handle,
        display_name=row.display_name,
        about=row.about,
        is_public=row.is_public,
        shows_wishes=row.shows_wishes,
        indexed=row.indexed,
        version=row.version,
    )


async def profile(session: Session, user_id: UUID) -> ProfileRow | None:
    """What a person shows."""
    return await session.get(ProfileRow, user_id)


async def by_handle(session: Session, handle: str) -> ProfileRow | None:
    """Whose name this is."""
    return await session.scalar(select(ProfileRow).where(ProfileRow.handle == handle))
