"""Writing: other rooms push documents in their own transactions."""

import hashlib
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from armarium.features.search.analyzer import clean, tokens
from armarium.features.search.errors import BadVector
from armarium.features.search.models import FIELD_WEIGHTS, SearchDocument
from armarium.features.search.store import IndexRow, SearchStore
from armarium.platform.database import Session

FIELD_LENGTH = 200_000
"""Characters of a field that are kept and searched."""
BATCH = 2_000

Changed = Callable[[Session, UUID], Awaitable[None]]


class SearchIndex:
    """The index as a room sees it. Writes join the caller's transaction and show on its commit."""

    def __init__(self, *, store: SearchStore | None = None, changed: Changed | None = None) -> None:
        """`changed(session, space_id)` is told of every space that got documents."""
        self._store = store or SearchStore()
        self._changed = changed

    async def put(self, session: Session, documents: Sequence[SearchDocument]) -> None:
        """Insert or replace; of two with the same id the last one counts."""
        latest = {(one.space_id, one.id): one for one in documents}
        ordered = sorted(latest.values(), key=lambda one: (one.space_id, one.id))
        for space_id, group in groupby(ordered, key=lambda one: one.space_id):
            rows = [index_row(document) for document in group]
            for start in range(0, len(rows), BATCH):
                await self._store.put(session, space_id, rows[start : start + BATCH])
            if self._changed is not None:
                await self._changed(session, space_id)

    async def remove(self, session: Session, space_id: UUID, ids: Sequence[UUID]) -> int:
        """Take documents out, with their vectors; ids that are not there are ignored."""
        return await self._store.remove(session, space_id, sorted(set(ids))) if ids else 0

    async def set_vectors(
        self,
        session: Session,
        space_id: UUID,
        model: str,
        vectors: Mapping[UUID, Sequence[float]],
        *,
        digests: Mapping[UUID, int] | None = None,
    ) -> int:
        """Keep the vectors of documents under `model`; how many documents were there.

        `digests` tells of which text each vector is; without it, of the present one.
        """
        known = digests or {}
        rows = [(id_, known.get(id_), unit(vector)) for id_, vector in vectors.items()]
        if len({len(row[2]) for row in rows}) > 1:
            raise BadVector
        return await self._store.put_vectors(session, space_id, model, rows) if rows else 0


def unit(vector: Sequence[float]) -> list[float]:
    """The vector at length one, so that inner product is cosine."""
    length = math.sqrt(sum(number * number for number in vector))
    if not math.isfinite(length) or length <= 0:
        raise BadVector
    return [number / length for number in vector]


def index_row(document: SearchDocument) -> IndexRow:
    """What is stored of a document. Pure."""
    texts = {
        "title": document.title,
        "identifiers": "\n".join(document.identifiers),
        "creators": "\n".join(document.creators),
        "series": document.series,
        "body": document.body,
        "notes": document.notes,
    }
    texts = {name: clean(text, FIELD_LENGTH) for name, text in texts.items()}
    terms, phrases = weigh(texts)
    shown = {
        "kind": document.kind,
        "status": document.status,
        "subtitle": clean(document.subtitle, 2_000),
    }
    said = "\x1f".join(texts.values()).encode("utf-8", "replace")
    return IndexRow(
        id=document.id,
        cover_media_id=document.cover_media_id,
        texts={**texts, **shown, "tokens": phrases},
        terms=terms,
        length=terms.total(),
        digest=int.from_bytes(hashlib.blake2b(said, digest_size=8).digest(), "big", signed=True),
    )


def weigh(texts: Mapping[str, str]) -> tuple[Counter[str], str]:
    """The weight of each term over all fields, and the running text that phrases are sought in.

    Fields stand apart by `|`, and so do the lines of identifiers and creators, so that no phrase
    reaches over their border.
    """
    terms: Counter[str] = Counter()
    running: list[str] = ["|"]
    for name, weight in FIELD_WEIGHTS.items():
        for line in (
            texts[name].splitlines() if name in {"identifiers", "creators"} else [texts[name]]
        ):
            for token in tokens(line):
                terms[token.term] += weight
                if token.primary:
                    running.append(token.term)
            running.append("|")
    return terms, f" {' '.join(running)} "
