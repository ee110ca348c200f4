"""Named collections of a space and who was let into one. Items join them in the collection room.

The methods that take a session join the caller's transaction, since items move with a collection.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from armarium.features.spaces.errors import (
    InvalidSharing,
    LastOwner,
    NoSuchCollection,
    NoSuchMember,
    NotAnOwner,
)
from armarium.features.spaces.models import (
    MAX_COLLECTIONS,
    Collection,
    CollectionChange,
    CollectionDraft,
    Grant,
    Member,
)
from armarium.features.spaces.policy import (
    MAX_TEXT,
    demand_editor,
    demand_member,
    demand_money,
    name_of,
    role_of,
)
from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.service.ending import end_unbacked
from armarium.features.spaces.service.invitations import demand_manager
from armarium.features.spaces.store import collections as store
from armarium.features.spaces.store import members as member_store
from armarium.features.spaces.tables import CollectionRow, GrantRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session, rescope
from armarium.platform.http import Principal, check_version

VISIBILITIES = ("space", "private", "public")


class NamedCollections:
    """The shelves of a space: their names, who sees them, and who was let in."""

    def __init__(self, *, database: Database, spaces: Spaces) -> None:
        self._database = database
        self._spaces = spaces

    async def all(self, caller: Principal) -> list[Collection]:
        """Those that the caller may see."""
        async with self._database.transaction(caller.scope) as session:
            return await store.collections(session, caller.space_id)

    async def public(self, space_id: UUID) -> list[Collection]:
        """Those of a space that everyone may see."""
        scope = Scope(spaces=(space_id,), writable=(), money=())
        async with self._database.transaction(scope) as session:
            return await store.collections(session, space_id, visibility="public")

    async def of_link(self, scope: Scope, space_id: UUID, collection_id: UUID) -> Collection:
        """The one that a link's scope shows."""
        async with self._database.transaction(scope) as session:
            row = await store.collection(session, space_id, collection_id)
            if row is None:
                raise NoSuchCollection
            return store.collection_of(row)

    async def end_links(self, session: Session, caller: Principal) -> None:
        """Revoke links to what went into a private room, save those of whoever may share it."""
        await end_unbacked(session, caller, caller.space_id)

    async def demand_sharing(self, caller: Principal, collection_id: UUID) -> None:
        """A link to a private room is made by its owners alone."""
        async with self._database.transaction(caller.scope) as session:
            found = await self.found(session, caller, collection_id)
            if found.visibility == "private":
                await demand_manager(session, caller, caller.space_id, collection_id)

    async def get(self, caller: Principal, collection_id: UUID) -> Collection:
        """One of them."""
        async with self._database.transaction(caller.scope) as session:
            return await self.found(session, caller, collection_id)

    async def found(self, session: Session, caller: Principal, collection_id: UUID) -> Collection:
        """One of them, inside a transaction."""
        row = await store.collection(session, caller.space_id, collection_id)
        if row is None:
            raise NoSuchCollection
        return store.collection_of(row)

    async def create(self, caller: Principal, draft: CollectionDraft) -> Collection:
        """A new, empty collection; a private one is its maker's alone."""
        demand_editor(caller)
        demand_member(caller)
        collection_id, at = new_id(), now()
        visibility = _visibility(draft.visibility)
        _demand_publisher(caller, visibility)
        async with self._database.transaction(caller.scope) as session:
            position = await store.last_position(session, caller.space_id) + 1
            if position >= MAX_COLLECTIONS:
                raise InvalidSharing(f"At most {MAX_COLLECTIONS} collections.")
            if visibility == "private":
                await _enter(session, caller, collection_id)
            row = CollectionRow(
                space_id=caller.space_id,
                id=collection_id,
                name=name_of(draft.name),
                description=_text(draft.description),
                cover_media_id=draft.cover_media_id,
                visibility=visibility,
                position=position,
                version=1,
                created_at=at,
                updated_at=at,
                created_by=caller.user_id,
            )
            session.add(row)
            await session.flush()
            if visibility == "private":
                await self._own(session, caller, collection_id)
            if visibility == "public":
                await _record(
                    session, caller, Action.VISIBILITY_CHANGED, row, visibility=visibility
                )
        return store.collection_of(row)

    async def change(
        self,
        session: Session,
        caller: Principal,
        collection_id: UUID,
        change: CollectionChange,
        expected: int | None,
    ) -> tuple[Collection, Collection]:
        """Set what the change names; before and after. Joins the caller's transaction.

        Who sees a collection is decided by those who own the space or the collection; everyone by
        the space's owners alone, since it then stands on the owner's public page.
        """
        demand_editor(caller)
        demand_member(caller)
        values = _checked(change)
        if "visibility" in values:
            # Before the row: who sets a grant holds them in this order too.
            await store.lock_owners(session, [collection_id])
        row = await store.collection(session, caller.space_id, collection_id, lock=True)
        if row is None:
            raise NoSuchCollection
        check_version(expected, row.version)
        before = store.collection_of(row)
        visibility = values.get("visibility", row.visibility)
        if visibility != row.visibility:
            await demand_manager(session, caller, caller.space_id, collection_id)
            _demand_publisher(caller, str(visibility))
            if visibility == "private":
                await _enter(session, caller, collection_id)
                await self._own(session, caller, collection_id)
            else:
                await self._people_changed(session, caller.space_id)
            change_of = [row.visibility, visibility]
            await _record(session, caller, Action.VISIBILITY_CHANGED, row, visibility=change_of)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = now()
        await session.flush()
        return before, store.collection_of(row)

    async def remove(
        self,
        session: Session,
        caller: Principal,
        collection: Collection,
        expected: int | None = None,
    ) -> None:
        """Delete a collection; what becomes of its items is settled by the caller."""
        if expected is not None:
            row = await store.collection(session, caller.space_id, collection.id, lock=True)
            check_version(expected, 0 if row is None else row.version)
        demand_editor(caller)
        demand_member(caller)
        if collection.visibility == "private":
            await demand_manager(session, caller, caller.space_id, collection.id)
        people = [
            row.user_id for row in await store.grants(session, caller.space_id, collection.id)
        ]
        await store.remove(session, caller.space_id, collection.id)
        await _record(
            session,
            caller,
            Action.COLLECTION_DELETED,
            collection,
            visibility=collection.visibility,
        )
        await self._spaces.forget(session, people)
        if collection.visibility == "private":
            await self._people_changed(session, caller.space_id)

    async def grants(self, caller: Principal, collection_id: UUID) -> list[Member]:
        """Who was let into a collection, for those who manage it."""
        async with self._database.transaction(caller.scope) as session:
            await demand_manager(session, caller, caller.space_id, collection_id)
            return await member_store.guests(session, caller.space_id, collection_id)

    async def set_grant(
        self,
        caller: Principal,
        collection_id: UUID,
        user_id: UUID,
        *,
        role: str,
        sees_money: bool,
        expected: int | None = None,
    ) -> Grant:
        """What somebody may do in a collection who was let in, or who is a member of the space.

        `expected` is the version that the caller read; 0 of a grant that is not there yet.
        """
        wanted = role_of(role)
        async with self._database.transaction(caller.scope) as session:
            await demand_manager(session, caller, caller.space_id, collection_id)
            await store.lock_owners(session, [collection_id])
            row = await store.grant(session, caller.space_id, collection_id, user_id)
            check_version(expected, 0 if row is None else row.version)
            if row is None and not await member_store.member(session, caller.space_id, user_id):
                raise NoSuchMember("Invite them to the collection first.")
            if sees_money and not (row is not None and row.sees_money):
                demand_money(caller)
            if row is None:
                row = GrantRow(
                    space_id=caller.space_id,
                    collection_id=collection_id,
                    user_id=user_id,
                    role=wanted,
                    sees_money=sees_money,
                    created_at=now(),
                )
                session.add(row)
                action = Action.GRANTED
            else:
                if wanted != "owner":
                    await self._keep_an_owner(session, caller, collection_id, user_id)
                row.role, row.sees_money = wanted, sees_money
                row.version += 1
                action = Action.GRANT_CHANGED
            await session.flush()
            await self._told(
                session, caller, action, row, {"role": wanted, "sees_money": sees_money}
            )
            await end_unbacked(session, caller, caller.space_id, user_id)
            return Grant(
                row.space_id,
                row.collection_id,
                row.role,
                row.sees_money,
                version=row.version,
            )

    async def revoke(self, caller: Principal, collection_id: UUID, user_id: UUID) -> None:
        """Take a grant back; everyone may give up their own."""
        async with self._database.transaction(caller.scope) as session:
            if user_id != caller.user_id:
                await demand_manager(session, caller, caller.space_id, collection_id)
            await store.lock_owners(session, [collection_id])
            row = await store.grant(session, caller.space_id, collection_id, user_id)
            if row is None:
                raise NoSuchMember
            await self._keep_an_owner(session, caller, collection_id, user_id)
            await self._told(session, caller, Action.GRANT_REVOKED, row, {"role": row.role})
            await session.delete(row)
            await session.flush()
            await end_unbacked(session, caller, caller.space_id, user_id)

    async def _keep_an_owner(
        self, session: Session, caller: Principal, collection_id: UUID, user_id: UUID
    ) -> None:
        """A private room keeps somebody who may enter and decide."""
        found = await store.collection(session, caller.space_id, collection_id)
        if found is None or found.visibility != "private":
            return
        grants = await store.grants(session, caller.space_id, collection_id)
        if not any(each.role == "owner" and each.user_id != user_id for each in grants):
            raise LastOwner("A private collection keeps at least one owner.")

    async def _own(self, session: Session, caller: Principal, collection_id: UUID) -> None:
        known = await store.grant(session, caller.space_id, collection_id, caller.user_id)
        if known is None:
            session.add(
                GrantRow(
                    space_id=caller.space_id,
                    collection_id=collection_id,
                    user_id=caller.user_id,
                    role="owner",
                    sees_money=caller.sees_money,
                    created_at=now(),
                )
            )
        elif known.role != "owner":
            known.role = "owner"
            known.version += 1
        await session.flush()
        await self._people_changed(session, caller.space_id)

    async def _people_changed(self, session: Session, space_id: UUID) -> None:
        """Whether a room is hidden from them is a part of everybody's standing."""
        await self._spaces.forget(session, await member_store.people_of(session, space_id))

    async def _told(
        self,
        session: Session,
        caller: Principal,
        action: Action,
        row: GrantRow,
        detail: Mapping[str, object],
    ) -> None:
        entry = AuditEntry(
            action=action,
            actor=caller.user_id,
            impersonator=caller.impersonator,
            space_id=row.space_id,
            target_type="collection",
            target_id=row.collection_id,
            detail={"user": str(row.user_id), **detail},
        )
        await record(session, entry)
        await self._spaces.forget(session, [row.user_id])


async def _record(
    session: Session,
    caller: Principal,
    action: Action,
    found: CollectionRow | Collection,
    **detail: object,
) -> None:
    entry = AuditEntry(
        action=action,
        actor=caller.user_id,
        impersonator=caller.impersonator,
        space_id=found.space_id,
        target_type="collection",
        target_id=found.id,
        detail=detail,
    )
    await record(session, entry)


def _demand_publisher(caller: Principal, visibility: str) -> None:
    if visibility == "public" and caller.space_role != "owner":
        raise NotAnOwner


async def _enter(session: Session, caller: Principal, room: UUID) -> None:
    """Go on with leave to enter and write in a room that is being made private."""
    scope = caller.scope
    if room not in scope.spaces:
        writable = scope.writable or ()
        await rescope(
            session,
            replace(scope, spaces=(*scope.spaces, room), writable=(*writable, room)),
        )


def _visibility(text: str) -> str:
    visibility = text.strip().lower()
    if visibility not in VISIBILITIES:
        raise InvalidSharing(f"Choose one of: {', '.join(VISIBILITIES)}.", pointer="/visibility")
    return visibility


def _text(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise InvalidSharing(f"At most {MAX_TEXT} characters.", pointer="/description")
    return text.strip()


def _checked(change: CollectionChange) -> dict[str, object]:
    values = dict(change.values)
    if "name" in values:
        values["name"] = name_of(str(values["name"]))
    if "description" in values:
        values["description"] = _text(str(values["description"] or ""))
    if "visibility" in values:
        values["visibility"] = _visibility(str(values["visibility"]))
    return values
