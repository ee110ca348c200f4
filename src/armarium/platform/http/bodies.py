"""The bounds of a request's body, kept while it arrives."""

import re
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

MAX_DEPTH: Final = 64
"""Lists and objects inside each other in a JSON body."""
STRINGS: Final = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
"""Never fails once begun, so that it takes linear time on whatever is sent."""
BRACKETS: Final = re.compile(rb"[\[\]{}]")


def bounded(receive: Receive, headers: Headers, limit: int) -> Receive:
    """The same body, refused past `limit` bytes, and past a depth where it is JSON.

    The refusals are the framework's own class, which alone passes its body parser.
    """
    is_json = "json" in headers.get("content-type", "json")
    parts: list[bytes] = []
    seen = opened = 0

    async def read() -> Message:
        nonlocal seen, opened
        message = await receive()
        if message["type"] != "http.request":
            return message
        part = message.get("body", b"")
        seen += len(part)
        if seen > limit:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The request is larger than the {limit} bytes that this server takes.",
            )
        if is_json:
            opened += part.count(b"[") + part.count(b"{")
            parts.append(part)
            if opened > MAX_DEPTH and not message.get("more_body", False):
                demand_depth(b"".join(parts))
        return message

    return read


def demand_depth(body: bytes) -> None:
    """Refuse what would exhaust the parser, or whoever walks what it made."""
    depth = 0
    for bracket in BRACKETS.finditer(STRINGS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            raise HTTPException(
                HTTPStatus.BAD_REQUEST, f"The body is nested more than {MAX_DEPTH} deep."
            )
