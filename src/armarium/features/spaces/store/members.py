"""Spaces, members, and where a person stands."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select

from armarium.features.accounts import people_by_id
from armarium.features.spaces.models import Grant, Member, Membership, Space, Standing
from armarium.features.spaces.tables import CollectionRow, GrantRow, MemberRow, SpaceRow
from armarium.platform.database import Scope, Session, rescope


async def standing(session: Session, user_id: UUID) -> Standing:
    """Every space that a person belongs to or is a guest in; the session's scope widens to it."""
    members = (await session.scalars(select(MemberRow).where(MemberRow.user_id == user_id))).all()
    grants = (await session.scalars(select(GrantRow).where(GrantRow.user_id == user_id))).all()
    spaces = {row.space_id for row in [*members, *grants]}
    rooms = tuple(row.collection_id for row in grants)
    await rescope(session, Scope(spaces=(*spaces, *rooms), user_id=user_id, writable=()))
    living = {
        row.id: row.rooms
        for row in await session.execute(
            select(SpaceRow.id, func.arm_rooms(SpaceRow.id).label("rooms")).where(
                SpaceRow.id.in_(spaces), SpaceRow.deleted_at.is_(None)
            )
        )
    }
    private = set(
        await session.scalars(
            select(CollectionRow.id).where(
                CollectionRow.space_id.in_(spaces),
                CollectionRow.id.in_(rooms),
                CollectionRow.visibility == "private",
            )
        )
        if rooms
        else ()
    )
    return Standing(
        memberships=[
            Membership(row.space_id, row.role, row.sees_money, living[row.space_id])
            for row in members
            if row.space_id in living
        ],
        grants=[
            Grant(
                row.space_id,
                row.collection_id,
                row.role,
                row.sees_money,
                row.collection_id in private,
            )
            for row in grants
            if row.space_id in living
        ],
    )


async def spaces_of(session: Session, user_id: UUID, found: Standing) -> list[Space]:
    """The spaces of a standing with names, their own first.

    A seat that was taken since the standing was read waits for the next look.
    """
    rows = await session.scalars(
        select(SpaceRow)
        .where(SpaceRow.id.in_({each.space_id for each in (*found.memberships, *found.grants)}))
        .order_by(SpaceRow.id != user_id, SpaceRow.created_at, SpaceRow.id)
    )
    members = {each.space_id: each for each in found.memberships}
    return [
        _space(row, members[row.id].role, sees_money=members[row.id].sees_money)
        if row.id in members
        else _visited(row, [each for each in found.grants if each.space_id == row.id])
        for row in rows
        if row.deleted_at is None
    ]


def _visited(row: SpaceRow, grants: Sequence[Grant]) -> Space:
    roles = {each.role for each in grants}
    role = next(each for each in ("owner", "editor", "viewer") if each in roles)
    return _space(
        row,
        role,
        sees_money=all(each.sees_money for each in grants),
        collections=tuple(each.collection_id for each in grants),
    )


def _space(
    row: SpaceRow, role: str, *, sees_money: bool, collections: tuple[UUID, ...] = ()
) -> Space:
    return Space(
        id=row.id,
        kind=row.kind,
        name=row.name,
        role=role,
        created_at=row.created_at,
        sees_money=sees_money,
        version=row.version,
        deleted_at=row.deleted_at,
        collections=collections,
    )


async def deleted_spaces(session: Session, user_id: UUID) -> list[Space]:
    """Spaces in the trash that this person owns."""
    rows = await session.scalars(
        select(SpaceRow)
        .join(MemberRow, MemberRow.space_id == SpaceRow.id)
        .where(
            MemberRow.user_id == user_id,
            MemberRow.role == "owner",
            SpaceRow.deleted_at.is_not(None),
        )
        .order_by(SpaceRow.deleted_at.desc(), SpaceRow.id)
    )
    return [_space(row, "owner", sees_money=True) for row in rows]


async def space(session: Session, space_id: UUID, *, lock: bool = False) -> SpaceRow | None:
    """A space, if it is the caller's to see."""
    statement = select(SpaceRow).where(SpaceRow.id == space_id)
    return await session.scalar(statement.with_for_update() if lock else statement)


async def member(
    session: Session, space_id: UUID, user_id: UUID, *, lock: bool = False
) -> MemberRow | None:
    """One membership."""
    statement = select(MemberRow).where(_is(space_id, user_id))
    return await session.scalar(statement.with_for_update() if lock else statement)


def _is(space_id: UUID, user_id: UUID) -> ColumnElement[bool]:
    return and_(MemberRow.space_id == space_id, MemberRow.user_id == user_id)


async def members(session: Session, space_id: UUID) -> list[Member]:
    """Everyone of a space, owners first."""
    rows = (
        await session.scalars(
            select(MemberRow)
            .where(MemberRow.space_id == space_id)
            .order_by(MemberRow.created_at, MemberRow.user_id)
        )
    ).all()
    names = await people_by_id(session, [row.user_id for row in rows])
    found = [
        Member(
            user_id=row.user_id,
            email=names[row.user_id].email,
            display_name=names[row.user_id].display_name,
            role=row.role,
            sees_money=row.sees_money,
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
        if row.user_id in names
    ]
    return sorted(found, key=lambda each: ("owner", "editor", "viewer").index(each.role))


async def guests(session: Session, space_id: UUID, collection_id: UUID) -> list[Member]:
    """Everyone who was let into a collection."""
    rows = (
        await session.scalars(
            select(GrantRow)
            .where(GrantRow.space_id == space_id, GrantRow.collection_id == collection_id)
            .order_by(GrantRow.created_at, GrantRow.user_id)
        )
    ).all()
    names = await people_by_id(session, [row.user_id for row in rows])
    return [
        Member(
            user_id=row.user_id,
            email=names[row.user_id].email,
            display_name=names[row.user_id].display_name,
            role=row.role,
            sees_money=row.sees_money,
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
        if row.user_id in names
    ]


async def owners(session: Session, space_id: UUID) -> set[UUID]:
    """Who owns a space and stays, held so that two owners cannot leave at once.

    Whoever waits for the erasure of their account is as good as gone.
    """
    rows = await session.scalars(
        select(MemberRow.user_id)
        .where(MemberRow.space_id == space_id, MemberRow.role == "owner")
        .order_by(MemberRow.user_id)
        .with_for_update()
    )
    people = await people_by_id(session, list(rows))
    return {each.id for each in people.values() if each.closes_at is None}


async def people_of(session: Session, space_id: UUID) -> set[UUID]:
    """Members and guests of a space, whose standing a change concerns."""
    found = set(
        await session.scalars(select(MemberRow.user_id).where(MemberRow.space_id == space_id))
    )
    return found | set(
        await session.scalars(select(GrantRow.user_id).where(GrantRow.space_id == space_id))
    )


async def remove_member(session: Session, space_id: UUID, user_id: UUID) -> None:
    """End a membership and the grants that came with it."""
    await session.execute(
        delete(GrantRow).where(GrantRow.space_id == space_id, GrantRow.user_id == user_id)
    )
    await session.execute(delete(MemberRow).where(_is(space_id, user_id)))


async def delete_space(session: Session, space_id: UUID) -> None:
    """Delete a space; its memberships go with the row."""
    await session.execute(delete(SpaceRow).where(SpaceRow.id == space_id))
