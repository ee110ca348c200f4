"""FastAPI's OpenAPI document completed with what every operation shares."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from armarium.entry.examples import add_examples
from armarium.platform.http import ProblemBody, is_public
from armarium.platform.http.problems import MEDIA_TYPE

DESCRIPTION = """
Everything a person can do in the web app, a program can do here.

* **Log in** with `POST /api/v1/auth/login`; send `Authorization: Bearer <access_token>`.
* **Lists** are bare arrays; `Link: <…>; rel="next"` leads on.
* **Refusals** are `application/problem+json` (RFC 9457) with a stable `code`.
* **Versions**: send the `ETag` that you read as `If-Match`; a lost race answers 412.
* **Creates** take an `Idempotency-Key`: sent twice, they happen once.
* **Limits**: `RateLimit-*` headers say what is left; 429 comes with `Retry-After`.
* **Spaces**: `X-Space: <id>` acts in a space that you are a member of; without it, in your own.
"""
REFUSALS = {
    "400": "The body cannot be read.",
    "401": "No valid access token.",
    "403": "Not allowed.",
    "404": "Nothing here by that id.",
    "409": "A conflict with what is there.",
    "412": "The record moved on (`If-Match`).",
    "413": "The request is too large.",
    "414": "The address is too long.",
    "415": "A file is not of a kind that is taken.",
    "422": "A value is not acceptable.",
    "429": "Too many requests; `Retry-After` says how long to wait.",
    "500": "Unexpected; in the log under the request id.",
    "504": "It took longer than this server works on one request.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The document of `app`, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=DESCRIPTION.strip(),
            routes=app.routes,
            separate_input_output_schemas=False,
        )
        _complete(app, made)
        app.openapi_schema = made
    return app.openapi_schema


def operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each operation as (method, path, operation)."""
    for path, item in made["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def _complete(app: FastAPI, made: dict[str, Any]) -> None:
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    made["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "armarium_access"},
    }
    made["security"] = [{"bearer": []}, {"cookie": []}]
    open_operations = _public_operations(app)
    for method, path, operation in operations(made):
        is_open = (method, path) in open_operations
        if is_open:
            operation["security"] = []
        _add_problems(operation, method, path, is_open=is_open)
    add_examples(made)


def _add_problems(operation: dict[str, Any], method: str, path: str, *, is_open: bool) -> None:
    responses = operation.setdefault("responses", {})
    responses.pop("422", None) if _is_frameworks(responses.get("422")) else None
    parameters = operation.get("parameters", [])
    names, places = {each["name"] for each in parameters}, {each["in"] for each in parameters}
    body = operation.get("requestBody")
    possible = {
        "400": body is not None,
        "401": not is_open,
        "403": not is_open and method != "GET",
        "404": "{" in path,
        "409": "Idempotency-Key" in names,
        "412": "If-Match" in names,
        "413": body is not None,
        "414": bool(places & {"path", "query"}),
        "415": "multipart/form-data" in (body or {}).get("content", {}),
        "422": "{" in path or bool(parameters) or body is not None or not is_open,
    }
    for status, text in REFUSALS.items():
        if possible.get(status, True):
            responses.setdefault(status, {"description": text})
    for status, response in responses.items():
        if status >= "400" and not response.get("content"):
            reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
            response["content"] = {MEDIA_TYPE: reference}
    operation["responses"] = dict(sorted(responses.items()))


def _is_frameworks(response: dict[str, Any] | None) -> bool:
    """Whether this 422 is the framework's own shape, which we never send."""
    return "HTTPValidationError" in json.dumps(response or {})


def _public_operations(app: FastAPI) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for route in iter_route_contexts(app.routes):
        if route.path_format is not None and is_public(route.endpoint):
            found.update((method, route.path_format) for method in route.methods or ())
    return found
