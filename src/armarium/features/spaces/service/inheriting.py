"""Who gets the private rooms that only somebody owns who goes: an owner of the space, who stays."""

from uuid import UUID

from armarium.features.spaces.store import collections as collection_store
from armarium.features.spaces.store import members as store
from armarium.features.spaces.tables import GrantRow
from armarium.kit.instants import now
from armarium.platform.database import Scope, Session, rescope


async def pass_on_rooms(
    session: Session, space_id: UUID, leaving: UUID, *, sees_money: bool, heir: UUID | None = None
) -> UUID | None:
    """Make the heir an owner of those rooms; who that is, None where there is nobody or no room.

    Without a named heir it is the owner who has been here longest. The session's scope is then that
    of the whole space.
    """
    whole = Scope.of_space(space_id)
    await rescope(session, whole)
    heirs = await store.owners(session, space_id) - {leaving}
    held = await collection_store.granted_to(session, space_id, leaving)
    await collection_store.lock_owners(session, held)
    rooms = await collection_store.rooms_owned(session, space_id, leaving)
    if not (rooms and heirs):
        return None
    heir = heir if heir is not None and heir in heirs else min(heirs)
    fresh: list[UUID] = []
    for room in rooms:
        known = await collection_store.grant(session, space_id, room, heir)
        if known is None:
            fresh.append(room)
            continue
        known.role, known.version = "owner", known.version + 1
        known.sees_money = known.sees_money or sees_money
    await session.flush()
    # As the heir, who enters the rooms first: a worker lets nobody in.
    await rescope(session, Scope((space_id, *fresh), heir, writable=tuple(fresh)))
    session.add_all(
        GrantRow(
            space_id=space_id,
            collection_id=room,
            user_id=heir,
            role="owner",
            sees_money=sees_money,
            created_at=now(),
        )
        for room in fresh
    )
    await session.flush()
    await rescope(session, whole)
    return heir
