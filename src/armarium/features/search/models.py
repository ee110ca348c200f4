"""What other rooms push into the index and what a query asks and gets."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

FIELD_WEIGHTS: dict[str, int] = {
    "title": 4,
    "identifiers": 4,
    "creators": 3,
    "series": 2,
    "body": 1,
    "notes": 1,
}
"""A field of weight w counts as if its text stood in the document w times, in term frequency and
length alike; so the ranking is plain BM25 over the documents so unfolded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocument:
    """One thing to be found. `(space_id, id)` is its key; a later `put` replaces it."""

    space_id: UUID
    id: UUID
    kind: str
    status: str
    title: str
    subtitle: str = ""
    """Shown with the result, not searched."""
    identifiers: tuple[str, ...] = ()
    """`4/102`, an ISBN, a certificate number, external ids."""
    creators: tuple[str, ...] = ()
    series: str = ""
    """Set, series, publisher."""
    body: str = ""
    """Description, the other fields as text, text read from photos."""
    notes: str = ""
    cover_media_id: UUID | None = None


class SearchMode(StrEnum):
    """How results are found."""

    BM25 = "bm25"
    VECTOR = "vector"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is asked; `kinds` and `statuses` empty mean any."""

    text: str
    mode: SearchMode = SearchMode.HYBRID
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    limit: int = 20
    offset: int = 0
    facets: bool = False
    widen: bool = True
    """Whether a term that finds next to nothing may stand for its completions and neighbours."""


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of a field as HTML: escaped text, matches in `<mark>`."""

    field: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A document found; `score` compares within one answer only."""

    space_id: UUID
    id: UUID
    kind: str
    status: str
    title: str
    subtitle: str
    cover_media_id: UUID | None
    score: float
    bm25_rank: int | None = None
    vector_rank: int | None = None
    similarity: float | None = None
    """Cosine of query and document, where vectors took part."""
    highlights: tuple[Highlight, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """How many matching documents have this kind and status."""

    kind: str
    status: str
    documents: int


@dataclass(frozen=True, slots=True)
class Widening:
    """A term of the query that found next to nothing, and what was looked for beside it."""

    term: str
    reason: str
    """`prefix` or `spelling` or `parts`."""
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """One page of results, best first."""

    results: tuple[SearchResult, ...]
    mode: SearchMode
    """The mode that ran: BM25 where hybrid was asked and the embedder did not answer."""
    degraded: str | None = None
    facets: tuple[Facet, ...] | None = None
    """Of the documents that contain a term of the query; None when not asked or not known."""
    widenings: tuple[Widening, ...] = ()
    next_offset: int | None = None


@dataclass(frozen=True, slots=True)
class EmbedDocuments:
    """Command: embed the documents of a space whose vectors are missing or stale."""

    space_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Differences between the index and what it is made from; all zero when sound."""

    documents: int
    postings_missing: int = 0
    postings_extra: int = 0
    frequencies_wrong: int = 0
    totals_wrong: bool = False
    documents_missing: tuple[UUID, ...] = ()
    documents_orphaned: tuple[UUID, ...] = ()
    documents_stale: tuple[UUID, ...] = ()
    vectors_pending: int = 0
    repaired: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing differs; pending vectors are work to do, not damage."""
        return not (
            self.postings_missing
            or self.postings_extra
            or self.frequencies_wrong
            or self.totals_wrong
            or self.documents_missing
            or self.documents_orphaned
            or self.documents_stale
        )


Vector: TypeAlias = list[float]


@dataclass(frozen=True, slots=True)
class Pending:
    """A document to embed; `digest` says of which text the vector will be."""

    id: UUID
    digest: int
    text: str


@dataclass(slots=True)
class QueryTerms:
    """A parsed query, as the ranking takes it. Lists run in parallel."""

    terms: list[str] = field(default_factory=list[str])
    parts: list[int] = field(default_factory=list[int])
    """Which part of the query a term stands for; terms of one part share its weight."""
    boosts: list[float] = field(default_factory=list[float])
    required: list[str] = field(default_factory=list[str])
    excluded: list[str] = field(default_factory=list[str])
    phrases: list[str] = field(default_factory=list[str])
    barred: list[str] = field(default_factory=list[str])
    """Phrases that must not stand in a result."""
    widenings: list[Widening] = field(default_factory=list[Widening])
