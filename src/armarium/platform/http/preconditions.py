"""Optimistic locking over HTTP: `ETag: W/"<version>"` out, `If-Match` in, 412 when they differ."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from armarium.platform.errors import Invalid, PreconditionFailed

TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')


def etag_of(version: int) -> str:
    """The weak entity tag of a row's version."""
    return f'W/"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Tell the caller which version this is."""
    response.headers["ETag"] = etag_of(version)


async def if_match(
    header: Annotated[
        str | None,
        Header(alias="If-Match", description='The `ETag` that you read, as `W/"3"`.'),
    ] = None,
) -> int | None:
    """The version that the caller believes to change; None when they did not say (or said `*`)."""
    if header is None or header.strip() == "*":
        return None
    if (found := TAG.match(header.strip())) is None:
        raise Invalid(
            'If-Match must be one entity tag as the API gave it, like W/"3".',
            pointer="header:If-Match",
        )
    return int(found.group(1))


IfMatch = Annotated[int | None, Depends(if_match)]


def check_version(expected: int | None, actual: int) -> None:
    """Refuse with 412 when the row moved on since the caller read it."""
    if expected is not None and expected != actual:
        raise PreconditionFailed(current_version=actual)
