"""The one place where a refusal becomes an RFC 9457 response."""

import contextlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.platform.errors import Problem
from armarium.platform.http.paths import told_path

log = structlog.get_logger("armarium.http")

MAX_ERRORS = 50
"""A refusal names so many values at most, however many were wrong."""
MAX_NAME = 200
"""Characters of a sender's own field name that a refusal repeats."""

MEDIA_TYPE = "application/problem+json"
PATH_OF_REFERENCE = "/api/docs/errors"


DATABASE_GONE = (OperationalError, InterfaceError)
"""The connection broke or none could be made; the statement itself was not at fault."""


class DatabaseUnavailable(Problem):
    """The database does not answer just now, most likely it starts again. Try in a moment."""

    code = "database_unavailable"
    status = 503
    title = "Not available"


class FieldProblem(BaseModel):
    """One value that was refused; `pointer` is a JSON pointer into the body, or `query:limit`."""

    pointer: str | None = None
    code: str
    detail: str


class ProblemBody(BaseModel):
    """The body of every refusal (RFC 9457, `application/problem+json`)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=[f"{PATH_OF_REFERENCE}#not_found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str
    code: str = Field(description="Stable; see the errors reference.", examples=["not_found"])
    instance: str = Field(examples=["/api/v1/items"])
    request_id: str | None = None
    errors: list[FieldProblem] = []


def problem_response(
    *,
    path: str,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Render one problem; `extra` members stand beside the standard ones and never replace them."""
    body: dict[str, Any] = {
        **{key: value for key, value in (extra or {}).items() if value is not None},
        "type": f"{PATH_OF_REFERENCE}#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": path,
        "request_id": correlation_id.get(),
        "errors": errors or [],
    }
    return JSONResponse(
        _jsonable(body), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def render(problem: Problem, path: str) -> Response:
    """The response of a `Problem` that a room raised."""
    errors: list[dict[str, Any]] = [*problem.extra.get("errors", [])]
    if problem.pointer is not None and not errors:
        errors.append({"pointer": problem.pointer, "code": problem.code, "detail": problem.detail})
    headers: dict[str, str] = {}
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="armarium"'
    if retry_after := problem.extra.get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    return problem_response(
        path=path,
        status=problem.status,
        code=problem.code,
        title=problem.title,
        detail=problem.detail,
        errors=errors,
        extra={key: value for key, value in problem.extra.items() if key != "errors"},
        headers=headers,
    )


def install(app: FastAPI) -> None:
    """Make every refusal of `app`, ours and the framework's, a problem document."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


class UnexpectedErrors:
    """Turns whatever nobody foresaw into a 500 that says nothing but the request id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through; answer only while no byte of a response has left."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Problem as problem:
            if started:
                raise
            await render(problem, scope["path"])(scope, receive, send)
        except DATABASE_GONE as error:
            log.warning(
                "database_unavailable", path=told_path(scope["path"]), error=type(error).__name__
            )
            if started:
                raise
            await render(DatabaseUnavailable(retry_after=2), scope["path"])(scope, receive, send)
        except Exception:
            log.exception("unexpected_error", path=told_path(scope["path"]), method=scope["method"])
            if started:
                raise
            await _unexpected(scope["path"])(scope, receive, send)


def _unexpected(path: str) -> Response:
    return problem_response(
        path=path,
        status=500,
        code="unexpected",
        title="Something went wrong on our side",
        detail="The request failed in a way nobody foresaw; the log has it under this request id.",
    )


async def _on_problem(request: Request, error: Exception) -> Response:
    return render(cast("Problem", error), request.url.path)


async def _on_invalid(request: Request, error: Exception) -> Response:
    found = cast("RequestValidationError", error).errors()
    errors = [_field_problem(item) for item in found[:MAX_ERRORS]]
    first = errors[0] if errors else {"pointer": None, "detail": "The request is not valid."}
    where = f"{first['pointer']}: " if first["pointer"] else ""
    return problem_response(
        path=request.url.path,
        status=422,
        code="invalid",
        title="Invalid value",
        detail=f"{where}{first['detail']}",
        errors=errors,
    )


_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


async def _on_http(request: Request, error: Exception) -> Response:
    refusal = cast("HTTPException", error)
    phrase = "Error"
    with contextlib.suppress(ValueError):
        phrase = HTTPStatus(refusal.status_code).phrase
    return problem_response(
        path=request.url.path,
        status=refusal.status_code,
        code=_CODES.get(refusal.status_code, "problem"),
        title=phrase,
        detail=str(refusal.detail or phrase),
        headers=refusal.headers,
    )


def _field_problem(item: Any) -> dict[str, Any]:
    """One pydantic error without the rejected input, which may be a password."""
    place, *path = item["loc"] or ("body",)
    if place == "body":
        pointer = "".join(f"/{_escape(part)}" for part in path)
    else:
        pointer = f"{place}:{'.'.join(str(part) for part in path)}"
    return {"pointer": pointer, "code": str(item["type"]), "detail": _detail(item)}


def _detail(item: Any) -> str:
    """In a person's words where the framework's are about its own types."""
    most = item.get("ctx", {}).get("max_length")
    match item["type"]:
        case "string_too_long":
            return f"At most {most:,} characters."
        case "too_long":
            what = "characters" if item["ctx"]["field_type"] == "Value" else "entries"
            return f"At most {most:,} {what}."
        case _:
            return str(item["msg"]).removeprefix("Value error, ")


def _escape(part: object) -> str:
    return str(part)[:MAX_NAME].replace("~", "~0").replace("/", "~1")


def _jsonable(value: Any) -> Any:
    """JSON members as they are, anything else as text: a refusal must always render."""
    if isinstance(value, Mapping):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_jsonable(item) for item in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
