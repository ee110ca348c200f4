"""Named collections and what single people may do with them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, text

from armarium.features.spaces.models import Collection, Grant
from armarium.features.spaces.tables import CollectionRow, GrantRow
from armarium.platform.database import Session

LOCK = text("select pg_advisory_xact_lock(:family, hashtext(:what))")
LOCK_FAMILY = 0x41524D32

MOST = 1000
"""As many as a space may have; public pages list them to anybody."""


def collection_of(row: CollectionRow) -> Collection:
    """The row as the rest of the program sees it."""
    return Collection(
        space_id=row.space_id,
        id=row.id,
        name=row.name,
        description=row.description,
        cover_media_id=row.cover_media_id,
        visibility=row.visibility,
        position=row.position,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        created_by=row.created_by,
    )


async def collections(
    session: Session, space_id: UUID, *, visibility: str | None = None
) -> list[Collection]:
    """Those of a space that the caller may see, in the space's order."""
    statement = select(CollectionRow).where(CollectionRow.space_id == space_id)
    if visibility is not None:
        statement = statement.where(CollectionRow.visibility == visibility)
    rows = await session.scalars(
        statement.order_by(CollectionRow.position, CollectionRow.name, CollectionRow.id).limit(MOST)
    )
    return [collection_of(row) for row in rows]


async def collection(
    session: Session, space_id: UUID, collection_id: UUID, *, lock: bool = False
) -> CollectionRow | None:
    """One collection, if the caller may see it."""
    statement = select(CollectionRow).where(
        CollectionRow.space_id == space_id, CollectionRow.id == collection_id
    )
    return await session.scalar(statement.with_for_update() if lock else statement)


async def last_position(session: Session, space_id: UUID) -> int:
    """The highest position in a space; -1 where there is no collection."""
    found = await session.scalar(
        select(func.max(CollectionRow.position)).where(CollectionRow.space_id == space_id)
    )
    return -1 if found is None else found


async def remove(session: Session, space_id: UUID, collection_id: UUID) -> None:
    """Delete a collection; its grants, invitations and entries go with it."""
    await session.execute(
        delete(CollectionRow).where(
            CollectionRow.space_id == space_id, CollectionRow.id == collection_id
        )
    )


async def grants(session: Session, space_id: UUID, collection_id: UUID) -> list[GrantRow]:
    """Who was let into a collection, the first one first."""
    rows = await session.scalars(
        select(GrantRow)
        .where(GrantRow.space_id == space_id, GrantRow.collection_id == collection_id)
        .order_by(GrantRow.created_at, GrantRow.user_id)
    )
    return list(rows)


async def grant(
    session: Session, space_id: UUID, collection_id: UUID, user_id: UUID
) -> GrantRow | None:
    """What one person may do with a collection."""
    return await session.scalar(
        select(GrantRow).where(
            GrantRow.space_id == space_id,
            GrantRow.collection_id == collection_id,
            GrantRow.user_id == user_id,
        )
    )


async def lock_owners(session: Session, collection_ids: Iterable[UUID]) -> None:
    """One at a time decides who owns these collections, from here to the commit.

    Not by the row: also those give up their own part who may not write it.
    """
    for each in sorted(collection_ids):
        await session.execute(LOCK, {"family": LOCK_FAMILY, "what": str(each)})


async def granted_to(session: Session, space_id: UUID, user_id: UUID) -> Sequence[UUID]:
    """The collections of a space that somebody was let into."""
    rows = await session.scalars(
        select(GrantRow.collection_id).where(
            GrantRow.space_id == space_id, GrantRow.user_id == user_id
        )
    )
    return rows.all()


async def rooms_owned(session: Session, space_id: UUID, user_id: UUID) -> list[UUID]:
    """Private collections that only this person owns; under a scope that sees them all."""
    theirs = select(GrantRow.collection_id).where(
        GrantRow.space_id == space_id, GrantRow.user_id == user_id, GrantRow.role == "owner"
    )
    others = select(GrantRow.collection_id).where(
        GrantRow.space_id == space_id, GrantRow.user_id != user_id, GrantRow.role == "owner"
    )
    rows = await session.scalars(
        select(CollectionRow.id).where(
            CollectionRow.space_id == space_id,
            CollectionRow.visibility == "private",
            CollectionRow.id.in_(theirs),
            CollectionRow.id.not_in(others),
        )
    )
    return list(rows)


async def rooms_entered(session: Session, space_id: UUID, user_id: UUID) -> list[UUID]:
    """Private collections that this person was let into; under a scope that sees them all."""
    rows = await session.scalars(
        select(CollectionRow.id)
        .join(
            GrantRow,
            (GrantRow.space_id == CollectionRow.space_id)
            & (GrantRow.collection_id == CollectionRow.id),
        )
        .where(
            CollectionRow.space_id == space_id,
            CollectionRow.visibility == "private",
            GrantRow.user_id == user_id,
        )
    )
    return list(rows)


async def rooms(session: Session, space_id: UUID) -> list[UUID]:
    """All private collections of a space; under a worker's scope."""
    rows = await session.scalars(
        select(CollectionRow.id).where(
            CollectionRow.space_id == space_id, CollectionRow.visibility == "private"
        )
    )
    return list(rows)


def as_grants(rows: Iterable[GrantRow]) -> Sequence[Grant]:
    """The rows as the rest of the program sees them."""
    return [Grant(row.space_id, row.collection_id, row.role, row.sees_money) for row in rows]
