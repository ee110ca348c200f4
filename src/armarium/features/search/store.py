"""The index in PostgreSQL: exact statistics by differences, ranking by the functions of 0006.

Called by the room's services inside their callers' transactions; commits nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from sqlalchemy import TextClause

from armarium.features.search import statements as sql
from armarium.features.search.analyzer import trigrams
from armarium.features.search.models import Facet, Pending, QueryTerms
from armarium.features.search.tables import (
    DocumentRow,
    PostingRow,
    StatisticRow,
    TermRow,
    TrigramRow,
    VectorRow,
)
from armarium.platform.database import Session
from armarium.platform.owned import OwnedTables

OWNED = OwnedTables("search", DocumentRow, PostingRow, StatisticRow, TermRow, TrigramRow, VectorRow)
"""What the room holds of a space."""

BREADTH = 10
"""Candidates that the graph keeps for each one wanted: .97 of the nearest ten are found among
100,000 titles (bench/search_meaning.py), where twice as many as wanted find .89."""
HYBRID_BREADTH = 4
"""The same where words are asked too: .93, for half the time. What meaning alone would add last
rarely comes to the first page of a fused list."""
MOST_BREADTH = 1_000
"""The most that the index allows."""

Stored: TypeAlias = Mapping[Any, Any]
"""A row of an answer, by column."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A document as it is stored: cleaned texts, its terms with their weights, its length."""

    id: UUID
    cover_media_id: UUID | None
    texts: Mapping[str, str]
    """By column of `statements.STORED`."""
    terms: Mapping[str, int]
    length: int
    digest: int


@dataclass(slots=True)
class Change:
    """What a write changes in the postings and in the statistics of one space."""

    inserted: list[tuple[str, int, int, int]] = field(
        default_factory=list[tuple[str, int, int, int]]
    )
    deleted: list[tuple[str, int, int, int]] = field(
        default_factory=list[tuple[str, int, int, int]]
    )
    frequencies: Counter[str] = field(default_factory=Counter[str])
    documents: int = 0
    length: int = 0

    def add(self, doc_no: int, terms: Iterable[tuple[str, int]], length: int) -> None:
        """A document comes."""
        for term, weight in terms:
            self.inserted.append((term, weight, length, doc_no))
            self.frequencies[term] += 1
        self.documents += 1
        self.length += length

    def drop(self, doc_no: int, terms: Iterable[tuple[str, int]], length: int) -> None:
        """A document goes."""
        for term, weight in terms:
            self.deleted.append((term, weight, length, doc_no))
            self.frequencies[term] -= 1
        self.documents -= 1
        self.length -= length

    def settle(self) -> None:
        """Forget what came and went unchanged."""
        same = set(self.inserted).intersection(self.deleted)
        if same:
            self.inserted = [posting for posting in self.inserted if posting not in same]
            self.deleted = [posting for posting in self.deleted if posting not in same]


@dataclass(frozen=True, slots=True)
class Look:
    """Where and how a search looks."""

    spaces: Sequence[UUID]
    kinds: Sequence[str]
    statuses: Sequence[str]
    limit: int
    offset: int

    def parameters(self) -> dict[str, Any]:
        """As the statements take them."""
        return {
            "spaces": list(self.spaces),
            "kinds": list(self.kinds) or None,
            "statuses": list(self.statuses) or None,
            "limit": self.limit,
            "offset": self.offset,
        }


class SearchStore:
    """Reads and writes of the index.

    A question stands here once; of whose documents it is asked, its statement says.
    """

    asks_frequencies: ClassVar[TextClause] = sql.FREQUENCIES
    asks_completions: ClassVar[TextClause] = sql.COMPLETIONS
    asks_bm25: ClassVar[TextClause] = sql.BM25
    asks_facets: ClassVar[TextClause] = sql.FACETS

    async def put(self, session: Session, space_id: UUID, rows: Sequence[IndexRow]) -> None:
        """Insert or replace documents of one space, each id once."""
        by_id = {row.id: row for row in rows}
        answered = await session.execute(sql.PUT_DOCUMENTS, _columns(space_id, rows))
        change = Change()
        for id_, doc_no, old_terms, old_weights, old_length, _digest in answered:
            row = by_id[id_]
            if old_terms is not None:
                change.drop(doc_no, zip(old_terms, old_weights, strict=True), old_length)
            change.add(doc_no, row.terms.items(), row.length)
        await self._apply(session, space_id, change)

    async def remove(self, session: Session, space_id: UUID, ids: Sequence[UUID]) -> int:
        """Take documents out; how many were there."""
        gone = await session.execute(sql.DELETE_DOCUMENTS, {"space": space_id, "ids": list(ids)})
        change = Change()
        for doc_no, terms, weights, length in gone:
            change.drop(doc_no, zip(terms, weights, strict=True), length)
        removed = -change.documents
        await self._apply(session, space_id, change)
        return removed

    async def _apply(self, session: Session, space_id: UUID, change: Change) -> None:
        change.settle()
        for statement, postings in (
            (sql.DELETE_POSTINGS, change.deleted),
            (sql.INSERT_POSTINGS, change.inserted),
        ):
            if postings:
                names = ("terms", "weights", "lengths", "docs")
                columns = dict(zip(names, map(list, zip(*postings, strict=True)), strict=True))
                await session.execute(statement, {"space": space_id, **columns})
        frequencies = {term: by for term, by in sorted(change.frequencies.items()) if by}
        if not (frequencies or change.documents or change.length):
            return
        shard = await session.scalar(sql.TAKE_SHARD, {"space": space_id})
        mine: dict[str, Any] = {"space": space_id, "shard": shard}
        await session.execute(
            sql.COUNT_DOCUMENTS, {**mine, "documents": change.documents, "length": change.length}
        )
        if frequencies:
            counted = {"terms": list(frequencies), "documents": list(frequencies.values())}
            new = await session.scalars(sql.COUNT_TERMS, {**mine, **counted})
            await self._add_trigrams(session, mine, new.all())

    async def _add_trigrams(
        self, session: Session, mine: Mapping[str, Any], terms: Sequence[str]
    ) -> None:
        pairs = [(piece, term) for term in terms for piece in trigrams(term)]
        if pairs:
            pieces, owners = map(list, zip(*pairs, strict=True))
            await session.execute(
                sql.INSERT_TRIGRAMS, {**mine, "trigrams": pieces, "terms": owners}
            )

    async def frequencies(
        self, session: Session, spaces: Sequence[UUID], terms: Sequence[str]
    ) -> dict[str, int]:
        """In how many documents each term stands."""
        asked = {"spaces": list(spaces), "terms": list(terms)}
        found = await session.execute(self.asks_frequencies, asked)
        return {row[0]: row[1] for row in found}

    async def completions(
        self, session: Session, spaces: Sequence[UUID], prefix: str, limit: int
    ) -> dict[str, int]:
        """The most frequent longer terms that begin with `prefix`, and their frequencies."""
        bounds = {"low": prefix, "high": prefix + "\U0010ffff", "limit": limit}
        found = await session.execute(self.asks_completions, {"spaces": list(spaces), **bounds})
        return {row[0]: row[1] for row in found}

    async def neighbours(
        self, session: Session, spaces: Sequence[UUID], term: str
    ) -> dict[str, int]:
        """Terms that share many trigrams with `term`, and their frequencies."""
        pieces = trigrams(term)
        if not pieces:
            return {}
        found = await session.execute(
            sql.NEIGHBOURS,
            {
                "spaces": list(spaces),
                "trigrams": pieces,
                "least": max(1, (len(pieces) - 3) // 2),
                "length": len(term),
            },
        )
        return {near: documents for near, documents in found if near != term}

    async def bm25(self, session: Session, look: Look, query: QueryTerms) -> Sequence[Stored]:
        """The best documents by BM25."""
        found = await session.execute(self.asks_bm25, ranked(look, query, look.limit + look.offset))
        return found.mappings().all()

    async def facets(self, session: Session, look: Look, query: QueryTerms) -> tuple[Facet, ...]:
        """Counts of the documents with a term of the query (or with all that it requires)."""
        found = await session.execute(self.asks_facets, ranked(look, query, 0))
        return tuple(Facet(kind, status, documents) for kind, status, documents in found)

    async def size(self, session: Session, spaces: Sequence[UUID]) -> int:
        """Documents in the largest of the spaces."""
        return await session.scalar(sql.SIZE_OF, {"spaces": list(spaces)}) or 0

    async def nearest(
        self,
        session: Session,
        look: Look,
        *,
        query: QueryTerms,
        model: str,
        vector: Sequence[float],
        floor: float | None,
        indexed: bool,
        depth: int,
    ) -> Sequence[Stored]:
        """The nearest documents; fused with BM25 where a `floor` of similarity is given."""
        parameters = {
            **ranked(look, query, depth),
            "model": model,
            "vector": literal(vector),
            "floor": floor,
        }
        if indexed:
            breadth = depth * (BREADTH if floor is None else HYBRID_BREADTH)
            await session.execute(sql.PREPARE_HNSW, {"breadth": str(min(MOST_BREADTH, breadth))})
        filtered = bool(look.kinds or look.statuses or query.excluded or query.barred)
        statement = self.asks_nearest(
            len(vector), fused=floor is not None, indexed=indexed, filtered=filtered
        )
        found = await session.execute(statement, parameters)
        return found.mappings().all()

    def asks_nearest(
        self, dimensions: int, *, fused: bool, indexed: bool, filtered: bool
    ) -> TextClause:
        """The statement of a search by meaning, `fused` with words or alone."""
        make = sql.hybrid_search if fused else sql.vector_search
        return make(dimensions, indexed=indexed, filtered=filtered)

    async def put_vectors(
        self,
        session: Session,
        space_id: UUID,
        model: str,
        vectors: Sequence[tuple[UUID, int | None, Sequence[float]]],
    ) -> int:
        """Keep vectors (id, digest of the text they are of, numbers), all of one size."""
        ordered = sorted(vectors, key=lambda row: row[0])
        done = await session.execute(
            sql.PUT_VECTORS,
            {
                "space": space_id,
                "model": model,
                "dimensions": len(ordered[0][2]),
                "ids": [row[0] for row in ordered],
                "digests": [row[1] for row in ordered],
                "embeddings": [literal(row[2]) for row in ordered],
            },
        )
        return done.rowcount  # type: ignore[attr-defined]  # an INSERT's result is a CursorResult

    async def pending(
        self, session: Session, space_id: UUID, model: str, limit: int
    ) -> list[Pending]:
        """Documents whose vector is missing or of an older text."""
        found = await session.execute(
            sql.PENDING, {"space": space_id, "model": model, "limit": limit}
        )
        return [
            Pending(id_, digest, " \n".join(text for text in texts if text))
            for id_, digest, *texts in found
        ]

    async def count_pending(self, session: Session, space_id: UUID, model: str) -> int:
        """How many documents `pending` would give without a limit."""
        found = await session.scalar(sql.COUNT_PENDING, {"space": space_id, "model": model})
        return found or 0

    async def audit(self, session: Session, space_id: UUID) -> Stored:
        """Counts of what differs between documents, postings and statistics, in one snapshot."""
        found = await session.execute(sql.AUDIT, {"space": space_id})
        return found.mappings().one()

    async def repair(self, session: Session, space_id: UUID) -> None:
        """Make postings and statistics anew from the documents; writers wait meanwhile."""
        await session.execute(sql.HOLD_SHARDS, {"space": str(space_id)})
        for statement in sql.REPAIRS:
            await session.execute(statement, {"space": space_id})
        terms = (await session.scalars(sql.RECOUNT, {"space": space_id})).all()
        await self._add_trigrams(session, {"space": space_id, "shard": 0}, terms)

    async def versions(
        self, session: Session, space_id: UUID
    ) -> dict[UUID, tuple[int, str, str, str, UUID | None]]:
        """Digest, kind, status, subtitle and cover of each document of a space."""
        found = await session.execute(sql.STORED_VERSIONS, {"space": space_id})
        return {id_: (digest, *shown) for id_, digest, *shown in found}  # type: ignore[misc]  # five columns


def _columns(space_id: UUID, rows: Sequence[IndexRow]) -> dict[str, Any]:
    return {
        "space": space_id,
        "ids": [row.id for row in rows],
        "cover_media_ids": [row.cover_media_id for row in rows],
        "lengths": [row.length for row in rows],
        "terms": ["{" + ",".join(f'"{term}"' for term in row.terms) + "}" for row in rows],
        "weights": ["{" + ",".join(map(str, row.terms.values())) + "}" for row in rows],
        "digests": [row.digest for row in rows],
        **{name: [row.texts[name] for row in rows] for name in sql.STORED},
    }


def ranked(look: Look, query: QueryTerms, depth: int) -> dict[str, Any]:
    """What ranking is told of a query."""
    return {
        **look.parameters(),
        "depth": depth,
        "terms": query.terms,
        "parts": query.parts,
        "boosts": query.boosts,
        "required": query.required,
        "excluded": query.excluded,
        "phrases": query.phrases,
        "barred": query.barred,
    }


def literal(vector: Sequence[float]) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(f"{number:.6g}" for number in vector) + "]"
