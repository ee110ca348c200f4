"""The routes of the program as security tests walk them."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from armarium.entry.description import operations
from armarium.platform.http import is_public

PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")

NOT_WALKED = {
    "GET /api/v1/events": "never ends; tests/features/operations/test_event_stream.py reads it",
}
"""Routes that the walks leave out, with the reason; a name that no longer exists fails."""


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    open: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def routes_of(app: FastAPI) -> list[Route]:
    """Every method of every path."""
    found: list[Route] = []
    for context in iter_route_contexts(app.routes):
        if context.path_format is None:
            continue
        found += [
            Route(method, context.path_format, is_public(context.endpoint))
            for method in sorted(set(context.methods or ()) - {"HEAD"})
        ]
    assert len(found) > 10
    return found


def example_bodies(app: FastAPI) -> dict[str, Any]:
    """The JSON body that the reference shows, by method and path."""
    found: dict[str, Any] = {}
    for method, path, operation in operations(app.openapi()):
        media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if "example" in media:
            found[f"{method} {path}"] = media["example"]
    return found
