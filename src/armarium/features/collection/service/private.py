"""What only the household should know of a thing: its policy, its place, a note. Always sealed."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from secrets import randbelow
from typing import Any
from uuid import UUID

from armarium.features.collection.errors import DetailsHidden, ItemNotFound
from armarium.features.collection.store import ItemStore
from armarium.features.collection.store.private import PrivateStore
from armarium.features.spaces import demand_editor
from armarium.kit.instants import now
from armarium.platform.database import Database, Session
from armarium.platform.http import Principal, check_version
from armarium.platform.vault import Vault

PURPOSE = "item-private"
PAGE = 200
MAX_TEXT = 10_000
FIRST_VERSIONS = 1_000_000_000
"""Half of what the column holds."""


@dataclass(frozen=True, slots=True)
class Details:
    """In the clear, for as long as a request takes."""

    insurance_policy: str = ""
    storage_place: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing to keep."""
        return not any(asdict(self).values())


class PrivateDetails:
    """Never in the search, the history, an event or a table that is exported for others."""

    name = "item_private"

    def __init__(self, *, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def get(self, caller: Principal, item_id: UUID) -> tuple[Details, int]:
        """What is kept and its version; empty and 0 for nothing."""
        _demand(caller)
        async with self._database.transaction(caller.scope) as session:
            await self._item(session, caller, item_id)
            row = await PrivateStore(session).get(caller.space_id, item_id)
            if row is None:
                return Details(), 0
            plain = await self._open(session, caller.space_id, item_id, row.sealed)
            return plain, row.version

    async def put(
        self, caller: Principal, item_id: UUID, details: Details, expected: int | None
    ) -> int:
        """Replace; the new version. Empty details are removed."""
        _demand(caller)
        demand_editor(caller)
        async with self._database.transaction(caller.writing) as session:
            if await ItemStore(session).lock(caller.space_id, item_id) is None:
                raise ItemNotFound
            store = PrivateStore(session)
            row = await store.get(caller.space_id, item_id)
            version = 0 if row is None else row.version
            check_version(expected, version)
            if details.is_empty:
                await store.remove(caller.space_id, item_id)
                return 0
            sealed = await self._seal(session, caller.space_id, item_id, details)
            # What was emptied left no count, and no tag of that may fit what comes now.
            following = version + 1 if version else 1 + randbelow(FIRST_VERSIONS)
            await store.put(caller.space_id, item_id, sealed, following, at=now())
            return following

    async def export(self, session: Session, space_id: UUID) -> AsyncIterator[Mapping[str, Any]]:
        """For the archive of the space's own person, in the clear."""
        after: UUID | None = None
        while rows := await PrivateStore(session).all_of(space_id, after, PAGE):
            for row in rows:
                plain = await self._open(session, space_id, row.item_id, row.sealed)
                yield {"item_id": row.item_id, **asdict(plain)}
            after = rows[-1].item_id

    async def bring(self, session: Session, space_id: UUID, row: Mapping[str, Any]) -> bool:
        """From such an archive; sealed anew under this space's own key."""
        item_id = UUID(str(row["item_id"]))
        texts = {name: row.get(name, "") for name in asdict(Details())}
        if any(not isinstance(each, str) or len(each) > MAX_TEXT for each in texts.values()):
            raise ValueError("no text")
        found = await ItemStore(session).many([item_id])
        if item_id not in found or found[item_id].space_id != space_id:
            raise ValueError("no such item")
        store = PrivateStore(session)
        if await store.get(space_id, item_id) is not None:
            return False
        sealed = await self._seal(session, space_id, item_id, Details(**texts))
        await store.put(space_id, item_id, sealed, 1, at=now())
        return True

    async def reseal(self, session: Session, space_id: UUID, *, limit: int) -> int:
        """See `platform.vault.Sealed`."""
        newest = await self._vault.generation(session, space_id)
        rows = await PrivateStore(session).older(space_id, newest, limit)
        for row in rows:
            plain = await self._open(session, space_id, row.item_id, row.sealed)
            row.sealed = await self._seal(session, space_id, row.item_id, plain)
        return len(rows)

    async def count_older(self, session: Session, space_id: UUID) -> int:
        """See `platform.vault.Sealed`."""
        newest = await self._vault.generation(session, space_id)
        return await PrivateStore(session).count_older(space_id, newest)

    async def _item(self, session: Session, caller: Principal, item_id: UUID) -> None:
        found = (await ItemStore(session).many([item_id])).get(item_id)
        if found is None or found.space_id != caller.space_id:
            raise ItemNotFound

    async def _seal(
        self, session: Session, space_id: UUID, item_id: UUID, details: Details
    ) -> bytes:
        plain = json.dumps(asdict(details)).encode()
        return await self._vault.seal(session, space_id, PURPOSE, item_id, plain)

    async def _open(
        self, session: Session, space_id: UUID, item_id: UUID, sealed: bytes
    ) -> Details:
        plain = await self._vault.open(session, space_id, PURPOSE, item_id, sealed)
        return Details(**json.loads(plain))


def _demand(caller: Principal) -> None:
    if caller.is_guest or not caller.sees_money:
        raise DetailsHidden
