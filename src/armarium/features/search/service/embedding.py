"""Filling in the vectors: in the background, a batch at a time, until none is missing."""

from uuid import UUID

from armarium.features.search.service.indexing import SearchIndex
from armarium.features.search.store import SearchStore
from armarium.platform.database import Database, Scope
from armarium.ports.embedding import TextEmbedder

BATCH = 64


class SearchEmbedding:
    """Embeds what `SearchIndex.put` left without a vector, or with one of an older text."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: TextEmbedder,
        index: SearchIndex,
        store: SearchStore | None = None,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._index = index
        self._store = store or SearchStore()

    async def embed_batch(self, space_id: UUID) -> dict[str, int]:
        """Embed up to 64 documents: {"done": how many, "left": how many still wait}.

        Safe to repeat: it takes whatever is pending now, and a vector carries the digest of its
        text, so one of a text that changed meanwhile stays pending.
        """
        model, scope = self._embedder.model, Scope.of_space(space_id)
        async with self._database.transaction(scope) as session:
            pending = await self._store.pending(session, space_id, model, BATCH)
        if not pending:
            return {"done": 0, "left": 0}
        vectors = await self._embedder.embed([one.text for one in pending])
        async with self._database.transaction(scope) as session:
            await self._index.set_vectors(
                session,
                space_id,
                model,
                {one.id: vector for one, vector in zip(pending, vectors, strict=True)},
                digests={one.id: one.digest for one in pending},
            )
            left = await self._store.count_pending(session, space_id, model)
        return {"done": len(pending), "left": left}
