"""Bringing an archive into somebody's space: all of it, or nothing."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from armarium.features.collection import ItemTransfer
from armarium.features.media import MediaTransfer
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


class ArchiveImport:
    """Reads everything before it writes anything; a second time adds only what is missing."""

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
            blobs, written = await self._pictures(archive, move, tell)
            await tell(0, 0, "Rows")
            try:
                return await self._insert(archive, move, blobs)
            except BaseException:
                await self._media.discard(written)
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

    async def _pictures(
        self, archive: ArchiveReader, move: Move, tell: Tell
    ) -> tuple[dict[UUID, dict[str, Any]], list[str]]:
        """Objects first: blob rows by id, and the keys that were written just now."""
        known = await self._media.originals(move.space_id)
        shown: dict[UUID, int] = {}
        for row in self._rows(archive, move, "media"):
            shown[row["blob_id"]] = shown.get(row["blob_id"], 0) + 1
        rows: dict[UUID, dict[str, Any]] = {}
        written: list[str] = []
        try:
            for done, (blob_id, count) in enumerate(shown.items()):
                if not done % TOLD_EVERY:
                    await tell(done, len(shown), "Pictures")
                name = f"pictures/{blob_id}"
                if blob_id in known or name not in archive.files:
                    continue
                data = await asyncio.to_thread(archive.read, name)
                row = await self._media.store(move.space_id, blob_id, data)
                written.append(row["key"])
                rows[blob_id] = {**row, "references_count": count}
        except BaseException as error:
            await self._media.discard(written)
            if isinstance(error, Problem):
                raise BadArchive("A picture of the archive is none.") from error
            raise
        return rows, written

    async def _insert(
        self, archive: ArchiveReader, move: Move, blobs: Mapping[UUID, dict[str, Any]]
    ) -> Brought:
        added: dict[str, int] = {}
        seen: dict[str, int] = {}
        rooms = tuple(await asyncio.to_thread(self._rooms, archive, move))
        scope = Scope(spaces=(move.space_id, *rooms), user_id=move.space_id, whole=True)
        known = await self._media.originals(move.space_id)
        async with self._database.transaction(scope) as session:
            fresh = await self._keeper.unknown_rooms(session, move.space_id, rooms)
            for owned, table in self._tables(archive):
                for batch in _batches(self._rows(archive, move, table)):
                    there = batch
                    if table == "media":
                        kept = blobs.keys() | known.keys()
                        there = [row for row in batch if row["blob_id"] in kept]
                        chosen = [blobs[row["blob_id"]] for row in there if row["blob_id"] in blobs]
                        await store.bring(session, owned, "blobs", _once(chosen))
                    count = await self._some(session, owned, table, there)
                    added[table] = added.get(table, 0) + count
                    seen[table] = seen.get(table, 0) + len(batch)
            await self._keeper.own_rooms(session, move.space_id, fresh)
            await self._settle(session, archive, move)
            for extra in self._archives.extras:
                for row in archive.rows(extra.name):
                    try:
                        is_new = await extra.bring(session, move.space_id, row)
                    except (ValueError, TypeError, KeyError) as error:
                        raise BadArchive(f"{extra.name} holds a row that is none.") from error
                    added[extra.name] = added.get(extra.name, 0) + is_new
                    seen[extra.name] = seen.get(extra.name, 0) + 1
            await self._items.finished(session, move.space_id)
            await self._demand_room(session, move.space_id)
            for resource in (Resource.ITEMS, Resource.STORAGE):
                await self._quotas.check(session, move.space_id, resource)
            await record(
                session,
                AuditEntry(
                    action=Action.IMPORTED,
                    actor=move.space_id,
                    space_id=move.space_id,
                    target_type="space",
                    target_id=move.space_id,
                    detail={"rows": sum(added.values()), "pictures": len(blobs)},
                ),
            )
        present = {table: seen[table] - added[table] for table in seen}
        return Brought(added, present, len(blobs))

    async def _some(
        self, session: Session, owned: OwnedData, table: str, rows: list[dict[str, Any]]
    ) -> int:
        if table == "media":
            return await self._media.bring(session, rows)
        if table in OPTIONAL:
            return await store.bring_those_that_fit(session, owned, table, rows)
        return await store.bring(session, owned, table, rows)

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

    async def _settle(self, session: Session, archive: ArchiveReader, move: Move) -> None:
        for batch in _batches(self._rows(archive, move, "items")):
            await self._items.settle(session, move.space_id, [row["id"] for row in batch])

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


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["id"]: row for row in rows}.values())
