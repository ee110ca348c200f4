"""Making, renaming and deleting spaces. A deleted space waits in the trash before it is erased."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from armarium.features.spaces.errors import NoSuchSpace, NotAnOwner, OwnSpace
from armarium.features.spaces.models import PERSON, Kind, Space
from armarium.features.spaces.policy import name_of
from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.service.inheriting import pass_on_rooms
from armarium.features.spaces.store import collections as collection_store
from armarium.features.spaces.store import members as store
from armarium.features.spaces.tables import GrantRow, MemberRow, SpaceRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http import Principal, check_version
from armarium.platform.owned import OwnedRegister
from armarium.platform.workflows import Flows

GRACE = timedelta(days=30)

Afterwards = Callable[[UUID], Awaitable[object]]
"""What follows outside the database once a space's rows are gone (its blobs)."""


@dataclass(frozen=True, slots=True)
class EraseSpace:
    """Command: erase a space whose time in the trash is over."""

    space_id: UUID


class SpaceKeeper:
    """Households, shops and galleries; a person's own space comes and goes with the account."""

    def __init__(
        self, *, database: Database, spaces: Spaces, flows: Flows, owned: OwnedRegister
    ) -> None:
        self._database = database
        self._spaces = spaces
        self._flows = flows
        self._owned = owned
        self.afterwards: list[Afterwards] = []

    async def create(self, caller: Principal, kind: Kind, name: str) -> Space:
        """A new space with the caller as its owner."""
        space_id, at = new_id(), now()
        row = SpaceRow(
            id=space_id,
            kind=kind,
            name=name_of(name),
            version=1,
            created_at=at,
            created_by=caller.user_id,
            deleted_at=None,
        )
        async with self._database.transaction(_scope(caller, space_id)) as session:
            session.add(row)
            await session.flush()
            session.add(
                MemberRow(
                    space_id=space_id,
                    user_id=caller.user_id,
                    role="owner",
                    sees_money=True,
                    created_at=at,
                )
            )
            await session.flush()
            await _record(session, caller, Action.SPACE_CREATED, space_id, kind=kind)
            await self._spaces.forget(session, [caller.user_id])
        return _seen(row)

    async def rename(
        self, caller: Principal, space_id: UUID, name: str, expected: int | None
    ) -> Space:
        """Give a space another name; owners only."""
        async with self._database.transaction(_scope(caller, space_id)) as session:
            row = await self._owned_by(session, caller, space_id)
            check_version(expected, row.version)
            row.name = name_of(name)
            row.version += 1
            await _record(session, caller, Action.SPACE_CHANGED, space_id, changed=["name"])
        return _seen(row)

    async def delete(self, caller: Principal, space_id: UUID, expected: int | None = None) -> None:
        """Into the trash: nobody acts in it any more; an owner may take it out for 30 days."""
        async with self._database.transaction(_scope(caller, space_id)) as session:
            row = await self._owned_by(session, caller, space_id)
            if row.kind == PERSON:
                raise OwnSpace
            check_version(expected, row.version)
            if row.deleted_at is not None:
                return
            row.deleted_at = now()
            row.version += 1
            await _record(session, caller, Action.SPACE_DELETED, space_id)
            await self._spaces.forget(session, await store.people_of(session, space_id))
            await self._flows.enqueue(
                session, EraseSpace(space_id), delay=GRACE.total_seconds() + 60
            )

    async def pass_on_rooms(self, space_id: UUID, person: UUID) -> None:
        """Give an owner of the space the private rooms that only this person owns, who goes."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            heir = await pass_on_rooms(session, space_id, person, sees_money=True)
            if heir is not None:
                await self._spaces.forget(session, [heir])

    async def restore(self, caller: Principal, space_id: UUID) -> Space:
        """Out of the trash, with all that it holds.

        A person's own space is hidden with their account, and comes back with it alone.
        """
        async with self._database.transaction(_scope(caller, space_id)) as session:
            row = await self._owned_by(session, caller, space_id)
            if row.kind == PERSON:
                raise OwnSpace
            if row.deleted_at is not None:
                row.deleted_at = None
                row.version += 1
                await _record(session, caller, Action.SPACE_CHANGED, space_id, changed=["restored"])
                await self._spaces.forget(session, await store.people_of(session, space_id))
        return _seen(row)

    async def hide_person(self, session: Session, person: UUID) -> None:
        """A person's own space, from everybody: no guest, link or profile shows it any more."""
        await self._mark_person(session, person, is_hidden=True)

    async def show_person(self, session: Session, person: UUID) -> None:
        """The reverse."""
        await self._mark_person(session, person, is_hidden=False)

    async def _mark_person(self, session: Session, person: UUID, *, is_hidden: bool) -> None:
        row = await store.space(session, person, lock=True)
        if row is not None:
            row.deleted_at = now() if is_hidden else None
            row.version += 1
            await session.flush()
        await self._spaces.forget(session, {person, *await store.people_of(session, person)})

    async def trash(self, caller: Principal) -> list[Space]:
        """Deleted spaces that the caller may still restore."""
        async with self._database.transaction(Scope(user_id=caller.user_id)) as session:
            found = await store.deleted_spaces(session, caller.user_id)
        return [each for each in found if each.kind != PERSON]

    async def sight_of(self, person: UUID) -> Scope:
        """What a person reads of their own space: of private rooms those that they may enter."""
        async with self._database.transaction(Scope.of_space(person)) as session:
            rooms = await collection_store.rooms_entered(session, person, person)
        return Scope((person, *rooms), person, writable=())

    async def unknown_rooms(
        self, session: Session, person: UUID, rooms: Sequence[UUID]
    ) -> list[UUID]:
        """Those of an archive's private collections that its person's space does not have yet."""
        return [
            each
            for each in rooms
            if await collection_store.collection(session, person, each) is None
        ]

    async def own_rooms(self, session: Session, person: UUID, rooms: Sequence[UUID]) -> None:
        """Private collections that a person has just brought into their own space are theirs.

        Of one that was there already nothing is given: it may be another member's by now.
        """
        at = now()
        session.add_all(
            GrantRow(
                space_id=person,
                collection_id=each,
                user_id=person,
                role="owner",
                sees_money=True,
                created_at=at,
            )
            for each in rooms
        )
        await session.flush()
        if rooms:
            await self._spaces.forget(session, await store.people_of(session, person))

    async def erase(self, space_id: UUID, *, grace: timedelta = GRACE) -> bool:
        """Erase a space for good if it has been in the trash that long, room by room of the house.

        False when it was restored meanwhile, or is gone already.
        """
        gone = await self._erase_rows(
            space_id, lambda row: row.kind != PERSON and _is_over(row, grace)
        )
        if gone:
            await self._follow(space_id)
        return gone

    async def erase_person(self, person: UUID) -> None:
        """Erase a person's own space, whatever its mark says; safe to repeat.

        The caller has settled that the account is due: what others do who own the space too does
        not keep it.
        """
        await self._erase_rows(person, lambda _row: True)
        await self._follow(person)

    async def _erase_rows(self, space_id: UUID, is_due: Callable[[SpaceRow], bool]) -> bool:
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            row = await store.space(session, space_id, lock=True)
            if row is None or not is_due(row):
                return False
            rooms = await collection_store.rooms(session, space_id)
        scope = Scope.of_space(space_id, rooms=tuple(rooms))
        async with self._database.transaction(scope) as session:
            row = await store.space(session, space_id, lock=True)
            if row is None or not is_due(row):
                return False
            await self._spaces.forget(session, await store.people_of(session, space_id))
            for owned in reversed(self._owned):
                for part in (*rooms, space_id):
                    await owned.erase(session, part)
            await store.delete_space(session, space_id)
            await record(
                session,
                AuditEntry(
                    action=Action.ERASED, actor=None, target_type="space", target_id=space_id
                ),
            )
        return True

    async def _follow(self, space_id: UUID) -> None:
        for follow in self.afterwards:
            await follow(space_id)

    async def _owned_by(self, session: Session, caller: Principal, space_id: UUID) -> SpaceRow:
        member = await store.member(session, space_id, caller.user_id)
        if member is None:
            raise NoSuchSpace
        if member.role != "owner":
            raise NotAnOwner
        row = await store.space(session, space_id, lock=True)
        if row is None:
            raise NoSuchSpace
        return row


def _is_over(row: SpaceRow, grace: timedelta) -> bool:
    """Whether it has been in the trash that long."""
    return row.deleted_at is not None and row.deleted_at <= now() - grace


def _scope(caller: Principal, space_id: UUID) -> Scope:
    """Sight of the space without leave to write in it: what an owner may do, the policies know."""
    return Scope(spaces=(space_id,), user_id=caller.user_id, writable=(), derived=(space_id,))


async def _record(
    session: Session, caller: Principal, action: Action, space_id: UUID, **detail: object
) -> None:
    entry = AuditEntry(
        action=action,
        actor=caller.user_id,
        impersonator=caller.impersonator,
        space_id=space_id,
        target_type="space",
        target_id=space_id,
        detail=detail,
    )
    await record(session, entry)


def _seen(row: SpaceRow) -> Space:
    return Space(
        id=row.id,
        kind=row.kind,
        name=row.name,
        role="owner",
        created_at=row.created_at,
        version=row.version,
        deleted_at=row.deleted_at,
    )
