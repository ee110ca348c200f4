"""Bringing an archive into somebody's space: all of it, or nothing."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from armarium.features.collection import ItemTransfer
from armarium.features.media import MediaTransfer, Pictures
from armarium.features.operations import store
from armarium.features.operations.models import Brought, Tell, tell_nobody
from armarium.features.operations.policy import KEPT_OUT, Move, rebuilt
from armarium.features.operations.service.archives import TOLD_EVERY, Archives
from armarium.features.spaces import Quotas, Resource, SpaceKeeper
from armarium.platform.archive import (
    ArchiveReader,
    BadArchive,
    BadRow,
    Bounds,
    Rule,
    Tally,
    weight,
)
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import Problem
from armarium.platform.owned import OwnedData, OwnedRegister

BATCH, BATCH_BYTES = 200, 4 * 1024**2
OPTIONAL = frozenset({"catalogue_overrides"})
"""Rows about catalogue entries that this server may not have."""


@dataclass(slots=True)
class Arrived:
    """What came in so far, by table."""

    space_id: UUID
    pictures: Pictures
    added: Counter[str] = field(default_factory=Counter[str])
    seen: Counter[str] = field(default_factory=Counter[str])
    new: dict[str, set[UUID]] = field(default_factory=dict[str, set[UUID]])
    """Ids of the inserted rows that others belong to."""
    media: set[UUID] = field(default_factory=set[UUID])
    """Those of the archive that are there."""
    crops: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])
    """The new ones, and what they were cut from."""


class ArchiveImport:
    """Reads everything before it writes anything; a second time adds only what is missing.

    What is there stays as it is: what belongs to an item or a scan comes in only with that.
    """

    def __init__(
        self,
        *,
        database: Database,
        owned: OwnedRegister,
        media: MediaTransfer,
        items: ItemTransfer,
        archives: Archives,
        quotas: Quotas,
        keeper: SpaceKeeper,
    ) -> None:
        self._database = database
        self._owned = owned
        self._media = media
        self._items = items
        self._archives = archives
        self._quotas = quotas
        self._keeper = keeper

    async def bring(
        self, path: Path, person: UUID, bounds: Bounds | None = None, tell: Tell = tell_nobody
    ) -> Brought:
        """Everything of the archive into the person's own space.

        Raises:
            BadArchive: it was changed, is too large, or holds what no archive of ours would.
            QuotaExceeded: it is more than the space may hold; nothing came in.
        """
        with await asyncio.to_thread(ArchiveReader, path, bounds) as archive:
            await asyncio.to_thread(archive.verify)
            move = Move(archive.space_id, person)
            await asyncio.to_thread(self._check, archive, move)
            pictures = Pictures()
            try:
                await self._store(archive, move, pictures, tell)
                await tell(0, 0, "Rows")
                return await self._insert(archive, move, pictures)
            except BaseException:
                written = [row["key"] for row in pictures.rows.values()]
                await self._media.discard(move.space_id, written)
                raise

    def _check(self, archive: ArchiveReader, move: Move) -> None:
        """Every row, before the first one is inserted."""
        for table in archive.tables:
            owned = self._owned.of_table(table)
            tally = Tally(Rule() if owned is None else owned.rules.get(table, Rule()))
            try:
                for row in self._rows(archive, move, table):
                    tally.count(row)
            except BadRow as error:
                raise BadArchive(f"{table}: {error}.") from error

    async def _store(
        self, archive: ArchiveReader, move: Move, pictures: Pictures, tell: Tell
    ) -> None:
        """Objects first: those of pictures that are not there, and those that were lost."""
        there = await self._media.there(move.space_id)
        wanted: dict[UUID, bool] = {}
        for row in self._rows(archive, move, "media"):
            is_new = row["id"] not in there
            wanted[row["blob_id"]] = wanted.get(row["blob_id"], False) or is_new
        for done, (blob_id, is_new) in enumerate(wanted.items()):
            if not done % TOLD_EVERY:
                await tell(done, len(wanted), "Pictures")
            listed = archive.files.get(f"pictures/{blob_id}")
            if listed is None:
                continue
            found = await self._media.find(move.space_id, listed.sha256)
            if found is None and not is_new:
                continue
            if found is None:
                data = await asyncio.to_thread(archive.read, listed.name)
                try:
                    row = await self._media.store(move.space_id, data)
                except Problem as error:
                    raise BadArchive("A picture of the archive is none.") from error
                pictures.rows[row["id"]] = row
                pictures.blobs[blob_id] = row["id"]
                continue
            pictures.blobs[blob_id], lost = found
            if lost is not None:
                data = await asyncio.to_thread(archive.read, listed.name)
                await self._media.put_back(lost, data)

    async def _insert(self, archive: ArchiveReader, move: Move, pictures: Pictures) -> Brought:
        came = Arrived(move.space_id, pictures)
        rooms = tuple(await asyncio.to_thread(self._rooms, archive, move))
        scope = Scope(spaces=(move.space_id, *rooms), user_id=move.space_id, whole=True)
        async with self._database.transaction(scope) as session:
            fresh = await self._keeper.unknown_rooms(session, move.space_id, rooms)
            for owned, table in self._tables(archive):
                for batch in _batches(self._rows(archive, move, table)):
                    await self._some(session, came, owned, table, batch)
            await self._keeper.own_rooms(session, move.space_id, fresh)
            await self._media.finished(session, move.space_id, came.media, came.crops)
            items = sorted(came.new.get("items", ()))
            for at in range(0, len(items), BATCH):
                await self._items.settle(session, move.space_id, items[at : at + BATCH])
            await self._extras(session, archive, move, came)
            await self._items.finished(session, move.space_id)
            await self._demand_room(session, move.space_id)
            for resource in (Resource.ITEMS, Resource.STORAGE):
                await self._quotas.check(session, move.space_id, resource)
            detail = {"rows": came.added.total(), "pictures": came.added["media"]}
            await record(
                session,
                AuditEntry(
                    action=Action.IMPORTED,
                    actor=move.space_id,
                    space_id=move.space_id,
                    target_type="space",
                    target_id=move.space_id,
                    detail=detail,
                ),
            )
        present = {table: came.seen[table] - came.added[table] for table in came.seen}
        return Brought(dict(came.added), present, came.added["media"])

    async def _some(
        self,
        session: Session,
        came: Arrived,
        owned: OwnedData,
        table: str,
        rows: list[dict[str, Any]],
    ) -> None:
        """Insert a batch, save what belongs to something that was there before."""
        rule, came.seen[table] = owned.rules[table], came.seen[table] + len(rows)
        if rule.part_of is not None:
            column, whole = rule.part_of
            rows = [row for row in rows if row[column] in came.new.get(whole, ())]
        if rule.shows is not None:
            rows = [row for row in rows if row[rule.shows] in came.media]
        if table == "media":
            new, there = await self._media.bring(session, came.space_id, rows, came.pictures)
            came.media |= there
            cut = {row["id"]: row["parent_id"] for row in rows if row.get("parent_id")}
            came.crops |= {each: cut[each] for each in new & cut.keys()}
        elif table in OPTIONAL:
            new = await store.bring_those_that_fit(session, owned, table, rows)
        else:
            new = await store.bring(session, owned, table, rows)
            if table in self._wholes:
                came.new.setdefault(table, set()).update(row["id"] for row in new)
        came.added[table] += len(new)

    @property
    def _wholes(self) -> set[str]:
        """Tables whose rows others are a part of."""
        rules = [rule for owned in self._owned for rule in owned.rules.values()]
        return {rule.part_of[1] for rule in rules if rule.part_of is not None}

    async def _extras(
        self, session: Session, archive: ArchiveReader, move: Move, came: Arrived
    ) -> None:
        new = came.new.get("items", set[UUID]())
        for extra in self._archives.extras:
            for row in archive.rows(extra.name):
                try:
                    is_new = UUID(str(row["item_id"])) in new
                    is_new = is_new and await extra.bring(session, move.space_id, row)
                except (ValueError, TypeError, KeyError) as error:
                    raise BadArchive(f"{extra.name} holds a row that is none.") from error
                came.added[extra.name] += is_new
                came.seen[extra.name] += 1

    def _rooms(self, archive: ArchiveReader, move: Move) -> list[UUID]:
        """Private collections that come in, which the index keeps apart."""
        rows = self._rows(archive, move, "spaces_collection")
        return [row["id"] for row in rows if row.get("visibility") == "private"]

    async def _demand_room(self, session: Session, space_id: UUID) -> None:
        """What was there counts with what came."""
        for owned in self._owned:
            limits = {table: rule.in_space for table, rule in owned.rules.items()}
            held = await owned.count(session, space_id) if any(limits.values()) else {}
            for table, most in limits.items():
                if most is not None and held[table] > most:
                    raise BadArchive(f"{table}: this space would hold more than {most}.")

    def _tables(self, archive: ArchiveReader) -> Iterator[tuple[OwnedData, str]]:
        """What comes in, referenced tables first."""
        there = set(archive.tables)
        for owned in self._owned:
            for table in owned.tables:
                if table in there and table != "blobs" and not _is_left_out(table):
                    yield owned, table

    def _rows(self, archive: ArchiveReader, move: Move, table: str) -> Iterator[dict[str, Any]]:
        owned = self._owned.of_table(table)
        if owned is None:
            if table not in {extra.name for extra in self._archives.extras}:
                raise BadArchive("The archive holds a table that this version does not know.")
            return
        if _is_left_out(table):
            return
        for raw in archive.rows(table):
            try:
                row = move.row(table, owned.read(table, raw))
                owned.rules[table].look(row)
                yield self._prepared(table, row)
            except BadRow as error:
                raise BadArchive(f"{table} holds a row that is none: {error}.") from error
            except (KeyError, TypeError, ValueError) as error:
                raise BadArchive(f"{table} holds a row that is none.") from error
            except Problem as error:
                if isinstance(error, BadArchive):
                    raise
                raise BadArchive(f"{table} holds a row that could not be made here.") from error

    def _prepared(self, table: str, row: dict[str, Any]) -> dict[str, Any]:
        if table == "media":
            return self._media.prepared(row)
        return self._items.prepared(row) if table == "items" else row


def _is_left_out(table: str) -> bool:
    return rebuilt(table) or table in KEPT_OUT


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Of rows with the same columns, as one statement inserts them; never too large a one."""
    for _, alike in itertools.groupby(rows, key=lambda row: tuple(sorted(row))):
        batch: list[dict[str, Any]] = []
        size = 0
        for row in alike:
            batch.append(row)
            size += weight(row)
            if len(batch) == BATCH or size > BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch
