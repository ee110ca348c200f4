import json
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from armarium.features.search.models import Facet, SearchMode, SearchResult, SearchResults


class HighlightOut(BaseModel):
    field: str
    html: str = Field(description="Escaped text; matches in `<mark>`.")


class SearchResultOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "item_id": "019f2a51-7c1e-7d43-b1a5-5d2a4c0f9e11",
                    "space_id": "019f2a50-1111-7d43-b1a5-5d2a4c0f9e11",
                    "kind": "card",
                    "status": "on_hand",
                    "title": "Charizard",
                    "subtitle": "Base Set · 4/102",
                    "cover_media_id": None,
                    "score": 12.71,
                    "bm25_rank": None,
                    "vector_rank": None,
                    "similarity": None,
                    "highlights": [{"field": "title", "html": "<mark>Charizard</mark>"}],
                }
            ]
        }
    )

    item_id: UUID
    space_id: UUID
    kind: str
    status: str
    title: str
    subtitle: str
    cover_media_id: UUID | None
    score: float = Field(description="Comparable within this answer only.")
    bm25_rank: int | None = Field(description="Place in the list by words (hybrid).")
    vector_rank: int | None = Field(description="Place in the list by meaning (hybrid, vector).")
    similarity: float | None = Field(description="Cosine of query and item (hybrid, vector).")
    highlights: list[HighlightOut]

    @classmethod
    def of(cls, found: SearchResult) -> Self:
        return cls(
            item_id=found.id,
            space_id=found.space_id,
            kind=found.kind,
            status=found.status,
            title=found.title,
            subtitle=found.subtitle,
            cover_media_id=found.cover_media_id,
            score=found.score,
            bm25_rank=found.bm25_rank,
            vector_rank=found.vector_rank,
            similarity=found.similarity,
            highlights=[HighlightOut(field=one.field, html=one.html) for one in found.highlights],
        )


class FacetsOut(BaseModel):
    total: int = Field(description="Items that contain a word of the query, in any kind or status.")
    kind: dict[str, int]
    status: dict[str, int]

    @classmethod
    def of(cls, facets: tuple[Facet, ...]) -> Self:
        kinds: dict[str, int] = {}
        statuses: dict[str, int] = {}
        for facet in facets:
            kinds[facet.kind] = kinds.get(facet.kind, 0) + facet.documents
            statuses[facet.status] = statuses.get(facet.status, 0) + facet.documents
        return cls(total=sum(kinds.values()), kind=kinds, status=statuses)


class WideningOut(BaseModel):
    term: str = Field(description="A word of the query that next to nothing contains.")
    reason: str = Field(description="`prefix`, `spelling` or `parts`.")
    terms: list[str] = Field(description="What was looked for beside it.")


class SearchNotes(BaseModel):
    """What is to be said about a list of results; travels in a header beside the bare list."""

    mode: SearchMode = Field(description="The mode that ran.")
    degraded: str | None = Field(
        description="Why `mode` is not the one asked for, e.g. `meaning_unavailable`."
    )
    facets: FacetsOut | None = Field(description="With `facets=true`; not for `mode=vector`.")
    widenings: list[WideningOut]

    @classmethod
    def of(cls, found: SearchResults) -> Self:
        return cls(
            mode=found.mode,
            degraded=found.degraded,
            facets=None if found.facets is None else FacetsOut.of(found.facets),
            widenings=[
                WideningOut(term=one.term, reason=one.reason, terms=list(one.terms))
                for one in found.widenings
            ],
        )

    def as_header(self) -> str:
        return json.dumps(self.model_dump(mode="json"), separators=(",", ":"))
