"""Items of an archive: looked at like any other item, then shown to the search."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from armarium.features.collection.errors import InvalidItem
from armarium.features.collection.policy import kind_of, search_document
from armarium.features.collection.service.planning import TrashPlan
from armarium.features.collection.service.writing import stats_key
from armarium.features.collection.store import ItemStore, ShelfStore
from armarium.features.search import SearchIndex
from armarium.features.spaces import Quotas, Resource
from armarium.kit.instants import now
from armarium.platform.cache import Cache
from armarium.platform.database import Session


class ItemTransfer:
    """What the rows of an archive need before and after they are inserted."""

    def __init__(
        self, *, index: SearchIndex, cache: Cache, trash: TrashPlan, quotas: Quotas
    ) -> None:
        self._index = index
        self._cache = cache
        self._trash = trash
        self._quotas = quotas

    def prepared(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """An item's row as it may come in; which room hides it is decided anew.

        Raises:
            InvalidItem: a kind that is not there, or values that no item may have.
        """
        kind = kind_of(str(row.get("kind")))
        fields, own = row.get("fields"), row.get("own_fields")
        if not isinstance(fields, dict) or not isinstance(own, dict):
            raise InvalidItem(pointer="/fields")
        if kind.validate(fields).errors:  # pyright: ignore[reportUnknownArgumentType]  # any JSON
            raise InvalidItem(pointer="/fields")
        if any(isinstance(each, dict) for each in own.values()):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType]  # same
            raise InvalidItem(pointer="/own_fields")
        moved = {**row, "room_id": None}
        if row.get("deleted_at") is not None:
            moved["deleted_at"] = min(row["deleted_at"], now())
        return moved

    async def settle(self, session: Session, space_id: UUID, ids: Sequence[UUID]) -> None:
        """Decide who sees these items; the living ones go into the index, the rest in time."""
        await ShelfStore(session).settle(space_id, ids)
        found = await ItemStore(session).many(list(ids))
        living = [each for each in found.values() if each.deleted_at is None]
        await self._index.put(session, [search_document(each) for each in living])
        trashed = [each.deleted_at for each in found.values() if each.deleted_at is not None]
        if trashed:
            await self._trash.after(session, space_id, min(trashed))

    async def finished(self, session: Session, space_id: UUID) -> None:
        """Everything is in: it must fit the quota, and kept counts are stale."""
        await self._quotas.check(session, space_id, Resource.ITEMS)
        await self._quotas.check(session, space_id, Resource.STORAGE)
        await self._cache.forget(session, stats_key(space_id))
