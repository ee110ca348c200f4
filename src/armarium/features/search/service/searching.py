"""Reading: one query, one short transaction; the model is asked before it begins."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import structlog

from armarium.features.search.errors import MeaningUnavailable
from armarium.features.search.granted import GrantedStore
from armarium.features.search.highlight import SHOWN, highlights
from armarium.features.search.models import (
    QueryTerms,
    SearchMode,
    SearchQuery,
    SearchResult,
    SearchResults,
)
from armarium.features.search.query import (
    FEW,
    MOST_STAND_INS,
    ParsedQuery,
    nearest_words,
    parse,
    widen,
)
from armarium.features.search.service.indexing import unit
from armarium.features.search.store import Look, SearchStore
from armarium.platform.database import Database, Session
from armarium.platform.http.principal import Principal
from armarium.ports.embedding import TextEmbedder
from armarium.ports.inference import InferenceUnavailable, InputRefused

log = structlog.get_logger("armarium.search")

EMBEDDING_SECONDS = 3.0
"""How long a query waits for its vector before it does without."""
FUSED = 100
"""How deep each of the two lists of a hybrid search goes, at least."""
DEEPEST = 1_000
EXACT_UP_TO = 25_000
"""Documents in a space up to which every vector is looked at (8 ms); above, HNSW answers."""
MEANING_FLOOR = 0.25
"""Cosine below which a document is no result of a hybrid search: unrelated texts reach .1 to .2."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What part of the index somebody searches, and by what it is read."""

    store: SearchStore
    spaces: Sequence[UUID]


class SearchService:
    """Search over the caller's spaces."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: TextEmbedder | None = None,
        store: SearchStore | None = None,
        granted: GrantedStore | None = None,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        """Without an `embedder`, hybrid search is BM25 and says so.

        Guests are answered from what was `granted`, members from the index of their spaces.
        """
        self._database = database
        self._embedder = embedder
        self._store = store or SearchStore()
        self._granted = granted or GrantedStore()
        self._exact_up_to = exact_up_to

    async def search(self, principal: Principal, query: SearchQuery) -> SearchResults:
        """One page of results.

        Raises:
            QueryTooLong: over 2,000 characters.
            MeaningUnavailable: `vector` was asked and the embedder does not answer.
        """
        parsed = parse(query.text)
        vector, degraded = await self._meaning(query, parsed)
        part = _Part(self._store, principal.spaces)
        if principal.is_guest:
            part = _Part(self._granted, (principal.space_id, *principal.collections))
        async with self._database.transaction(principal.scope) as session:
            found = await self._answer(session, part, query, parsed, vector)
        return replace(found, degraded=degraded)

    async def _meaning(
        self, query: SearchQuery, parsed: ParsedQuery
    ) -> tuple[Sequence[float] | None, str | None]:
        """The query's vector, or why there is none. A quoted phrase asks for words, not meaning."""
        if query.mode is SearchMode.BM25 or not parsed.plain_text.strip():
            return None, None
        if query.mode is SearchMode.HYBRID and parsed.required:
            return None, None
        if self._embedder is None:
            return self._without_meaning(query, None)
        try:
            async with asyncio.timeout(EMBEDDING_SECONDS):
                return unit((await self._embedder.embed([parsed.plain_text]))[0]), None
        except (InferenceUnavailable, InputRefused, TimeoutError, OSError) as error:
            log.warning("query not embedded", operation="search", error=str(error))
            return self._without_meaning(query, error)

    @staticmethod
    def _without_meaning(query: SearchQuery, cause: Exception | None) -> tuple[None, str]:
        if query.mode is SearchMode.VECTOR:
            raise MeaningUnavailable from cause
        return None, MeaningUnavailable.code

    async def _answer(
        self,
        session: Session,
        part: _Part,
        query: SearchQuery,
        parsed: ParsedQuery,
        vector: Sequence[float] | None,
    ) -> SearchResults:
        store = part.store
        look = Look(part.spaces, query.kinds, query.statuses, query.limit + 1, query.offset)
        terms = await self._terms(session, part, query, parsed)
        mode = query.mode if vector is not None else SearchMode.BM25
        if vector is not None and self._embedder is not None:
            depth = min(DEEPEST, max(FUSED, look.limit + look.offset))
            found = await store.nearest(
                session,
                look,
                query=terms,
                model=self._embedder.model,
                vector=vector,
                floor=MEANING_FLOOR if mode is SearchMode.HYBRID else None,
                indexed=await store.size(session, part.spaces) > self._exact_up_to,
                depth=depth,
            )
        else:
            found = await store.bm25(session, look, terms) if terms.terms else []
        facets = None
        if query.facets and mode is not SearchMode.VECTOR:
            facets = await store.facets(session, look, terms)
        more = len(found) > query.limit and query.offset + query.limit < DEEPEST
        return SearchResults(
            results=tuple(result(row, terms.terms) for row in found[: query.limit]),
            mode=mode,
            facets=facets,
            widenings=tuple(terms.widenings),
            next_offset=query.offset + query.limit if more else None,
        )

    async def _terms(
        self, session: Session, part: _Part, query: SearchQuery, parsed: ParsedQuery
    ) -> QueryTerms:
        """The query's terms; those that find next to nothing, widened from the vocabulary."""
        terms = parsed.exact()
        if not query.widen or not terms.terms or query.mode is SearchMode.VECTOR:
            return terms
        known = await part.store.frequencies(session, part.spaces, terms.terms)
        for term in list(terms.terms):
            if known.get(term, 0) >= FEW or term in terms.required:
                continue
            if "/" in term and not known.get(term):
                widen(terms, term, "parts", term.split("/"))
            elif term == parsed.unfinished and (
                longer := await part.store.completions(session, part.spaces, term, MOST_STAND_INS)
            ):
                widen(terms, term, "prefix", list(longer))
            elif near := await part.store.neighbours(session, part.spaces, term):
                widen(terms, term, "spelling", nearest_words(term, near))
        return terms


def result(row: Mapping[Any, Any], terms: Sequence[str]) -> SearchResult:
    """A row of the store as a result, with its matches marked."""
    return SearchResult(
        space_id=row["space_id"],
        id=row["id"],
        kind=row["kind"],
        status=row["status"],
        title=row["title"],
        subtitle=row["subtitle"],
        cover_media_id=row["cover_media_id"],
        score=row["score"],
        bm25_rank=row["bm25_rank"],
        vector_rank=row["vector_rank"],
        similarity=row["similarity"],
        highlights=highlights({name: row[name] for name in SHOWN}, frozenset(terms)),
    )
