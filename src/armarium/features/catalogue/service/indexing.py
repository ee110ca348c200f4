"""The lookup index: rebuilt after an import, loaded into a bounded cache."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.matching.documents import document_of
from armarium.features.catalogue.matching.index import Index, IndexBuilder, dump, load
from armarium.platform.database import Database, Scope

NOBODY = Scope()
CHUNK = 2000
CACHE_BYTES = 160_000_000


@dataclass(frozen=True, slots=True)
class LoadedIndex:
    """A catalogue's index in memory, with what its candidates are named by."""

    catalogue_id: UUID
    slug: str
    kind: str
    generation: int
    index: Index


class CatalogueIndexer:
    """Builds, stores and caches lookup indexes; one a process."""

    def __init__(self, *, database: Database, cache_bytes: int = CACHE_BYTES) -> None:
        """`cache_bytes` bounds the indexes kept in memory; the least used goes first."""
        self._database = database
        self._cache_bytes = cache_bytes
        self._cache: OrderedDict[UUID, LoadedIndex] = OrderedDict()
        self._loading: dict[UUID, asyncio.Lock] = {}

    async def rebuild(self, catalogue_id: UUID) -> None:
        """Make the index from the entries as they are now."""
        builder = IndexBuilder()
        async with self._database.transaction(NOBODY) as session:
            seen = await store.unindexed(session, catalogue_id)
            chunk: list[Any] = []
            async for row in store.stream_for_lookup(session, catalogue_id):
                chunk.append(row)
                if len(chunk) == CHUNK:
                    await asyncio.to_thread(_add, builder, chunk)
                    chunk = []
            await asyncio.to_thread(_add, builder, chunk)
        parts = await asyncio.to_thread(lambda: dump(builder.finish()))
        async with self._database.transaction(NOBODY) as session:
            generation = await store.raise_generation(session, catalogue_id, seen)
            await store.put_lookup(session, catalogue_id, parts, generation)

    async def indexes(self, *, kind: str | None, slug: str | None) -> list[LoadedIndex]:
        """The indexes that a search for `kind` in `slug` looks into; None means all."""
        async with self._database.transaction(NOBODY) as session:
            wanted = await store.generations(session, kind=kind, slug=slug)
        return [await self._one(*each) for each in wanted]

    async def _one(self, catalogue_id: UUID, slug: str, kind: str, generation: int) -> LoadedIndex:
        lock = self._loading.setdefault(catalogue_id, asyncio.Lock())
        async with lock:
            cached = self._cache.get(catalogue_id)
            if cached is not None and cached.generation == generation:
                self._cache.move_to_end(catalogue_id)
                return cached
            index = await self._load(catalogue_id)
            if index is None:
                await self.rebuild(catalogue_id)
                index = await self._load(catalogue_id)
            if index is None:
                msg = f"the lookup index of {slug} could not be made"
                raise RuntimeError(msg)
            loaded = LoadedIndex(catalogue_id, slug, kind, generation, index)
            self._cache[catalogue_id] = loaded
            self._trim()
            return loaded

    async def _load(self, catalogue_id: UUID) -> Index | None:
        async with self._database.transaction(NOBODY) as session:
            parts = await store.get_lookup(session, catalogue_id)
        return await asyncio.to_thread(_ready, parts)

    def _trim(self) -> None:
        """Keep the newest; the one just asked for stays, however large."""
        while len(self._cache) > 1 and self._total() > self._cache_bytes:
            self._cache.popitem(last=False)

    def _total(self) -> int:
        return sum(each.index.nbytes for each in self._cache.values())


def _add(builder: IndexBuilder, rows: Sequence[Any]) -> None:
    for row in rows:
        builder.add(document_of(row))


def _ready(parts: dict[str, bytes]) -> Index | None:
    """Loaded with its maps made, so that the first query does not pay for them."""
    index = load(parts)
    if index is not None:
        _ = index.term_of, index.key_of, index.idf, index.pieces
    return index
