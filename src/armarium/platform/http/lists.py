"""The list convention: bare arrays, `?limit=&cursor=`, and what follows in the `Link` header."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from armarium.platform.paging import DEFAULT_LIMIT, MAX_LIMIT, Page, PageParams, T


async def page_params(
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="How many at most.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=2000, description="From the `Link` header of the last page.")
    ] = None,
) -> PageParams:
    """Read the paging parameters of a list."""
    return PageParams(limit, cursor)


PageQuery = Annotated[PageParams, Depends(page_params)]


def set_link(request: Request, response: Response, page: Page[T]) -> list[T]:
    """Write `Link: <…>; rel="next"` where rows follow, and give the bare array."""
    if page.next_cursor is not None:
        following = request.url.include_query_params(cursor=page.next_cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return list(page.rows)
