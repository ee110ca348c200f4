"""Search over HTTP."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from armarium.features.search.models import SearchMode, SearchQuery
from armarium.features.search.schemas import SearchNotes, SearchResultOut
from armarium.features.search.service import SearchService
from armarium.platform.errors import Invalid
from armarium.platform.http import Page, Principal, current_principal, provide, set_link
from armarium.platform.paging import BadCursor, decode_cursor, encode_cursor

router = APIRouter(tags=["search"])

DEEPEST = 1_000
OFFSET = re.compile(r"[0-9]{1,4}")
NOTES = "Search-Notes"


async def search_query(
    q: Annotated[
        str,
        Query(description='Words; `"a phrase"` must stand so; `-word` excludes; 2,000 characters.'),
    ] = "",
    mode: Annotated[
        str, Query(description="`bm25` (words), `vector` (meaning) or `hybrid` (both, fused).")
    ] = "hybrid",
    kind: Annotated[list[str] | None, Query(description="Only these kinds.")] = None,
    status: Annotated[list[str] | None, Query(description="Only these statuses.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    cursor: Annotated[str | None, Query(description="From the `Link` header.")] = None,
    offset: Annotated[int, Query(ge=0, le=DEEPEST, description="Skip that many results.")] = 0,
    *,
    facets: Annotated[bool, Query(description="Count the matches by kind and status.")] = False,
    widen: Annotated[
        bool, Query(description="Complete and correct words that next to nothing contains.")
    ] = True,
) -> SearchQuery:
    """Read the parameters of a search."""
    try:
        chosen = SearchMode(mode.strip().lower())
    except ValueError as error:
        raise Invalid("mode is bm25, vector or hybrid", pointer="query:mode") from error
    return SearchQuery(
        text=q,
        mode=chosen,
        kinds=_names(kind),
        statuses=_names(status),
        limit=limit,
        offset=offset if cursor is None else _offset(cursor),
        facets=facets,
        widen=widen,
    )


def _names(values: list[str] | None) -> tuple[str, ...]:
    """Lower case, without what PostgreSQL cannot hold; `a,b` is two."""
    parts = [part for value in values or [] for part in value.split(",")]
    plain = (part.replace("\0", "").encode("utf-8", "replace").decode() for part in parts)
    return tuple(part.strip().lower() for part in plain if part.strip())


def _offset(cursor: str) -> int:
    text = decode_cursor(cursor)
    if not (OFFSET.fullmatch(text) and int(text) <= DEEPEST):
        raise BadCursor(pointer="query:cursor")
    return int(text)


@router.get(
    "/search",
    operation_id="search",
    summary="Search the items",
    description="A bare list, best first. Words rank by BM25 over title, identifiers, creators,"
    " series, text and notes; meaning by vectors. A word that next to nothing contains is completed"
    " or corrected, which the header `Search-Notes` tells (JSON), with the mode that ran, why it is"
    " not the one asked for, and the facets. An item is found as soon as its change is saved.",
    responses={200: {"headers": {NOTES: {"schema": {"type": "string"}}}}},
)
async def search(
    request: Request,
    response: Response,
    caller: Annotated[Principal, Depends(current_principal)],
    service: Annotated[SearchService, provide(SearchService)],
    query: Annotated[SearchQuery, Depends(search_query)],
) -> list[SearchResultOut]:
    found = await service.search(caller, query)
    following = None if found.next_offset is None else encode_cursor(str(found.next_offset))
    response.headers[NOTES] = SearchNotes.of(found).as_header()
    return set_link(request, response, Page(found.results, following).map(SearchResultOut.of))
