"""How much a space may hold, and how many paid calls a person may cause a month.

The bound is checked after the write and inside its transaction, under a lock of the space: of two
uploads that would each just fit, the second one sees the first and is rolled back. What is used is
counted from the rows themselves by the rooms that have them, so no counter can drift. Without a
bound (the default) nothing is locked or counted.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from armarium.features.spaces.errors import NoSuchSpace, NotForGuests, QuotaExceeded
from armarium.features.spaces.models import Resource
from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.store import quotas as store
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session, rescope
from armarium.platform.http import Principal, check_version

T = TypeVar("T")
BOUNDS = "bounds"
"""What is locked while they are set."""
Meter = Callable[[Session, UUID], Awaitable[int]]
"""Counts what a space uses; runs as the space itself, so nothing is hidden from it."""


REMEDIES: Mapping[Resource, str] = {
    Resource.STORAGE: "Remove pictures that you no longer need and empty the trash",
    Resource.ITEMS: "Delete items that you no longer need and empty the trash",
    Resource.MODEL_CALLS: "Wait for the next month, or use the models of this machine",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one resource is used; `limit` 0 means no bound."""

    resource: Resource
    used: int
    limit: int
    is_own: bool = False
    """The limit was set for this space; else it is the server's."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One paid call: `source` names it once and for all (workflow and step)."""

    provider: str
    model: str
    purpose: str
    source: str


class Quotas:
    """Bounds by the settings, by space where an administrator said otherwise."""

    def __init__(
        self, *, database: Database, spaces: Spaces, cache: Cache, defaults: Mapping[Resource, int]
    ) -> None:
        self._database = database
        self._spaces = spaces
        self._cache = cache
        self._defaults = defaults
        self.meters: dict[Resource, Meter] = {}
        """Rooms that hold something register how it is counted."""

    async def check(self, session: Session, space_id: UUID, resource: Resource) -> None:
        """Refuse, and so undo, a write that went past the bound; call it after the write."""
        if not (limit := (await self._limits(session, space_id))[resource]):
            return
        await store.lock(session, space_id, resource)
        used = await _as_space(session, space_id, self.meters[resource])
        if used > limit:
            raise _exceeded(resource, limit)

    async def charge(self, space_id: UUID, user_id: UUID | None, call: ModelCall) -> None:
        """Count a paid call before it is made; the same source is counted once."""
        told = {
            "provider": call.provider,
            "model": call.model,
            "purpose": call.purpose,
            "source": call.source,
        }
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            is_new = await store.add_call(session, space_id, user_id, told, now())
            limit = (await self._limits(session, space_id))[Resource.MODEL_CALLS]
            if not is_new or not limit:
                return
            await store.lock(session, user_id or space_id, Resource.MODEL_CALLS)
            if await self._calls(session, space_id, user_id) > limit:
                raise _exceeded(Resource.MODEL_CALLS, limit)

    async def usage(self, caller: Principal, space_id: UUID) -> list[Usage]:
        """What a space of the caller's uses, for its members: it counts what guests do not see."""
        mine = await self._spaces.of_person(caller.user_id)
        if (space := next((each for each in mine if each.id == space_id), None)) is None:
            raise NoSuchSpace
        if space.collections:
            raise NotForGuests
        return await self._usage(space_id, caller.user_id)

    async def usage_for_admin(self, space_id: UUID) -> tuple[list[Usage], int]:
        """The same of any space, the calls its own, and the version of its bounds."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            if not await store.exists(session, space_id):
                raise NoSuchSpace
            version = await store.version_of(session, space_id)
        return await self._usage(space_id, None), version

    async def change(
        self,
        caller: Principal,
        space_id: UUID,
        limits: Mapping[Resource, int | None],
        expected: int | None = None,
    ) -> tuple[list[Usage], int]:
        """Set a space's bounds; None goes back to the server's own, 0 lifts the bound."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            if not await store.exists(session, space_id):
                raise NoSuchSpace
            await store.lock(session, space_id, BOUNDS)
            version = await store.version_of(session, space_id)
            check_version(expected, version)
            before = await store.limits_of(session, space_id)
            chosen = {resource.value: limits.get(resource) for resource in Resource}
            await store.save(session, space_id, chosen, by=caller.user_id, at=now())
            await self._cache.forget(session, _key(space_id))
            entry = AuditEntry(
                action=Action.QUOTA_CHANGED,
                actor=caller.user_id,
                space_id=space_id,
                target_type="space",
                target_id=space_id,
                detail={name: [before[name], chosen[name]] for name in chosen},
                impersonator=caller.impersonator,
            )
            await record(session, entry)
        return await self._usage(space_id, None), version + 1

    async def _usage(self, space_id: UUID, user_id: UUID | None) -> list[Usage]:
        used: dict[Resource, int] = {}
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            own = await self._own_limits(session, space_id)
            for resource, meter in self.meters.items():
                used[resource] = await meter(session, space_id)
            used[Resource.MODEL_CALLS] = await self._calls(session, space_id, user_id)
        limits = self._in_force(own)
        return [
            Usage(each, used.get(each, 0), limits[each], is_own=own[each.value] is not None)
            for each in Resource
        ]

    async def _limits(self, session: Session, space_id: UUID) -> Mapping[Resource, int]:
        return self._in_force(await self._own_limits(session, space_id))

    async def _own_limits(self, session: Session, space_id: UUID) -> Mapping[str, int | None]:
        async def load() -> Mapping[str, int | None]:
            return await _as_space(session, space_id, store.limits_of)

        return await self._cache.get(_key(space_id), load)

    def _in_force(self, set_here: Mapping[str, int | None]) -> Mapping[Resource, int]:
        return {
            each: self._defaults[each] if (own := set_here[each.value]) is None else own
            for each in Resource
        }

    async def _calls(self, session: Session, space_id: UUID, user_id: UUID | None) -> int:
        before: Scope = session.info["scope"]
        await rescope(session, replace(Scope.of_space(space_id), user_id=user_id))
        count = await store.calls_since(session, user_id, space_id, _month(now()))
        await rescope(session, before)
        return count


async def _as_space(
    session: Session, space_id: UUID, read: Callable[[Session, UUID], Awaitable[T]]
) -> T:
    """Read with nothing hidden, then go on as who one was; in the caller's own transaction."""
    before: Scope = session.info["scope"]
    await rescope(session, Scope.of_space(space_id))
    answer = await read(session, space_id)
    await rescope(session, before)
    return answer


def _exceeded(resource: Resource, limit: int) -> QuotaExceeded:
    named = f"{limit:,} {resource.value.replace('_', ' ')}"
    return QuotaExceeded(
        f"This space may hold {named}, and this would go past that. {REMEDIES[resource]}, or ask "
        "the server's owner for more.",
        resource=resource.value,
        limit=limit,
    )


def _month(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _key(space_id: UUID) -> str:
    return f"quota:{space_id}"
