"""Who belongs to a space, and as what."""

from uuid import UUID

from armarium.features.spaces.errors import (
    LastOwner,
    NoSuchMember,
    NoSuchSpace,
    NotAnOwner,
    OwnSpace,
)
from armarium.features.spaces.models import Member
from armarium.features.spaces.policy import role_of, sees_money_of
from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.service.ending import end_unbacked
from armarium.features.spaces.service.inheriting import pass_on_rooms
from armarium.features.spaces.store import members as store
from armarium.features.spaces.tables import MemberRow
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session, rescope
from armarium.platform.http import Principal, check_version


class Members:
    """Lists and changes memberships; a space keeps at least one owner."""

    def __init__(self, *, database: Database, spaces: Spaces) -> None:
        self._database = database
        self._spaces = spaces

    async def all(self, caller: Principal, space_id: UUID) -> list[Member]:
        """Everyone of a space, for its members."""
        async with self._database.transaction(_scope(caller, space_id)) as session:
            await _own(session, caller, space_id)
            return await store.members(session, space_id)

    async def change(
        self,
        caller: Principal,
        space_id: UUID,
        user_id: UUID,
        *,
        role: str | None,
        sees_money: bool | None,
        expected: int | None = None,
    ) -> Member:
        """Give a member another role, or sight of prices; owners only."""
        async with self._database.transaction(_scope(caller, space_id)) as session:
            await _owner(session, caller, space_id)
            owners = await store.owners(session, space_id)
            row = await store.member(session, space_id, user_id, lock=True)
            if row is None:
                raise NoSuchMember
            check_version(expected, row.version)
            wanted = row.role if role is None else role_of(role)
            if wanted != "owner" and owners == {user_id}:
                raise LastOwner
            if wanted != "owner" and user_id == space_id:
                raise OwnSpace
            asked = row.sees_money if sees_money is None and role is None else sees_money
            before = {"role": row.role, "sees_money": row.sees_money}
            row.role, row.sees_money = wanted, sees_money_of(wanted, asked)
            row.version += 1
            after = {"role": row.role, "sees_money": row.sees_money}
            await session.flush()
            await self._told(
                session,
                caller,
                Action.MEMBER_CHANGED,
                row,
                **{name: [before[name], after[name]] for name in after},
            )
            await end_unbacked(session, caller, space_id, user_id)
            return next(
                each for each in await store.members(session, space_id) if each.user_id == user_id
            )

    async def remove(self, caller: Principal, space_id: UUID, user_id: UUID) -> None:
        """End a membership: an owner ends another's, everyone their own.

        Private rooms that nobody else owns pass to an owner of the space, so that nothing is lost.
        What they offered or shared by links ends with their leave to do so.
        """
        async with self._database.transaction(_scope(caller, space_id)) as session:
            own = await _own(session, caller, space_id)
            if user_id != caller.user_id and own.role != "owner":
                raise NotAnOwner
            if user_id == space_id:
                raise OwnSpace
            owners = await store.owners(session, space_id) if own.role == "owner" else set[UUID]()
            row = await store.member(session, space_id, user_id)
            if row is None:
                raise NoSuchMember
            if owners == {user_id}:
                raise LastOwner
            # As a worker: the caller sees no grants of private rooms that they may not enter.
            chosen = None if user_id == caller.user_id else caller.user_id
            heir = await pass_on_rooms(
                session, space_id, user_id, sees_money=row.sees_money, heir=chosen
            )
            if heir is not None:
                await self._spaces.forget(session, [heir])
            await store.remove_member(session, space_id, user_id)
            await rescope(session, _scope(caller, space_id))
            await self._told(session, caller, Action.MEMBER_REMOVED, row, role=row.role)
            await end_unbacked(session, caller, space_id, user_id)

    async def _told(
        self,
        session: Session,
        caller: Principal,
        action: Action,
        row: MemberRow,
        **detail: object,
    ) -> None:
        entry = AuditEntry(
            action=action,
            actor=caller.user_id,
            impersonator=caller.impersonator,
            space_id=row.space_id,
            target_type="user",
            target_id=row.user_id,
            detail=detail,
        )
        await record(session, entry)
        await self._spaces.forget(session, [row.user_id])


def _scope(caller: Principal, space_id: UUID) -> Scope:
    return Scope(spaces=(space_id,), user_id=caller.user_id, writable=())


async def _own(session: Session, caller: Principal, space_id: UUID) -> MemberRow:
    space = await store.space(session, space_id)
    row = await store.member(session, space_id, caller.user_id)
    if row is None or space is None or space.deleted_at is not None:
        raise NoSuchSpace
    return row


async def _owner(session: Session, caller: Principal, space_id: UUID) -> MemberRow:
    row = await _own(session, caller, space_id)
    if row.role != "owner":
        raise NotAnOwner
    return row
