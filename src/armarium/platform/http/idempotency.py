"""`Idempotency-Key`: a create that is sent twice happens once, and answers the same twice.

The first transaction of the request writes a claim, so effect and claim commit together; a
concurrent duplicate waits on the claim's unique key, and is then answered from the stored
response. Refusals are not stored: the same key may be tried again after one. Nor is an answer that
holds a secret: that it was done is remembered, and said.
"""

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header
from sqlalchemy import delete, event, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, SessionTransaction
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.kit.instants import now
from armarium.platform.database import Database
from armarium.platform.database.sessions import ScopedSession
from armarium.platform.errors import Conflict, Invalid
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render
from armarium.platform.http.tables import IdempotencyRow

KEPT_FOR = timedelta(hours=24)
WAIT_STEPS = 100
WAIT_SECONDS = 0.1
MAX_KEY = 200
MAX_STORED = 1_000_000
SECRETS = frozenset(
    {
        "access_token",
        "id_token",
        "otpauth_uri",
        "recovery_codes",
        "redirect_to",
        "refresh_token",
        "secret",
        "token",
    }
)
"""Members of answers that let somebody in or open something (links that end in minutes are none);
a contract test asks about new ones."""
REPLAYED_HEADERS = ("content-type", "location", "etag", "link")


class IdempotencyKeyReused(Invalid):
    """This Idempotency-Key was used for another request. Use a new key for a new request."""

    code = "idempotency_key_reused"


class IdempotencyInProgress(Conflict):
    """The first request with this Idempotency-Key has not answered yet, or its answer was lost.

    It is not repeated: look whether it took effect, or ask again later.
    """

    code = "idempotency_in_progress"


class AnswerNotKept(Conflict):
    """This was done already. Its answer held a secret, which is shown once and never kept.

    Look at what it made, or take it back and make another with a new Idempotency-Key.
    """

    code = "answer_not_kept"


class AlreadyClaimed(Exception):
    """Ends the duplicate's transaction; never reaches a client."""


class BodyDigest:
    """A hash of a body, streamed.

    The boundary of a form is left out: a client that sends the same form
    again draws another one.
    """

    def __init__(self, content_type: str) -> None:
        _kind, _, boundary = content_type.partition("boundary=")
        self._boundary = boundary.split(";")[0].strip().strip('"').encode("latin-1")
        self._hash = hashlib.sha256()
        self._held = b""

    def update(self, part: bytes) -> None:
        """Take the next part; a boundary may begin in one and end in the next."""
        if not self._boundary:
            self._hash.update(part)
            return
        text = (self._held + part).replace(self._boundary, b"")
        cut = max(0, len(text) - len(self._boundary) + 1)
        self._hash.update(text[:cut])
        self._held = text[cut:]

    def digest(self) -> bytes:
        """Of all parts so far."""
        final = self._hash.copy()
        final.update(self._held)
        return final.digest()


@dataclass(slots=True)
class Attempt:
    """One request that carries a key."""

    user_id: UUID
    key: str
    route: str
    digest: "BodyDigest"
    claimed: bool = False


_attempt: ContextVar[Attempt | None] = ContextVar("idempotency_attempt", default=None)


async def idempotent(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            max_length=MAX_KEY,
            description="Any text of your own; the same request under it happens once in 24 hours.",
        ),
    ] = None,
) -> str | None:
    """Documents the header on a create; the middleware honors it on every POST."""
    return key


@event.listens_for(ScopedSession, "after_begin")
def claim(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Join the caller's first transaction; blocks while a duplicate's is still open.

    A transaction in another scope (shared catalogues, counting of attempts) may not write the
    claim, and changes nothing of the caller's.
    """
    attempt = _attempt.get()
    if attempt is None or attempt.claimed or session.info["scope"].user_id != attempt.user_id:
        return
    table = IdempotencyRow
    mine = (table.user_id == attempt.user_id, table.key == attempt.key)
    connection.execute(delete(table).where(*mine, table.created_at < now() - KEPT_FOR))
    row = insert(table).values(
        user_id=attempt.user_id,
        key=attempt.key,
        route=attempt.route,
        body_hash=attempt.digest.digest(),
        created_at=now(),
    )
    claimed = connection.execute(row.on_conflict_do_nothing().returning(table.key)).first()
    if claimed is None:
        raise AlreadyClaimed
    attempt.claimed = True


class Idempotency:
    """Around every POST of a known caller that carries a key."""

    def __init__(self, app: ASGIApp, *, database: Database) -> None:
        self.app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run once and keep the answer, or give the kept answer."""
        principal: Principal | None = scope.get("principal")
        key = Headers(scope=scope).get("idempotency-key") if scope["type"] == "http" else None
        # What is open to all (login, refresh) answers with tokens, which are never kept.
        passes = not key or scope["method"] != "POST" or scope.get("open_to_all")
        if principal is None or key is None or passes:
            await self.app(scope, receive, send)
            return
        if len(key) > MAX_KEY:
            refusal = Invalid("The key is too long.", pointer="header:Idempotency-Key")
            await render(refusal, scope["path"])(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        route = f"{principal.space_id} {scope['path']}?{query}"
        body = BodyDigest(Headers(scope=scope).get("content-type", ""))
        attempt = Attempt(principal.user_id, key, route, body)
        answer = _Answer()
        token = _attempt.set(attempt)
        try:
            await self.app(scope, _hashing(receive, attempt), answer.collect)
        except AlreadyClaimed:
            answer.replace(await self._replay(principal, attempt, scope["path"]))
        except BaseException:
            await self._release(principal, attempt)
            raise
        finally:
            _attempt.reset(token)
        if attempt.claimed:
            await self._settle(principal, attempt, answer)
        await answer.send(scope, receive, send)

    async def _settle(self, principal: Principal, attempt: Attempt, answer: "_Answer") -> None:
        if not answer.worth_keeping():
            await self._release(principal, attempt)
            return
        kept: dict[str, Any] = {"headers": answer.kept_headers(), "body": answer.body}
        if holds_secret(answer.body):
            kept = {"headers": None, "body": None}
        async with self._database.transaction(principal.scope) as session:
            await session.execute(
                update(IdempotencyRow).where(*_mine(attempt)).values(status=answer.status, **kept)
            )

    async def _release(self, principal: Principal, attempt: Attempt) -> None:
        """The request failed after a transaction had committed the claim: allow another try."""
        if attempt.claimed:
            async with self._database.transaction(principal.scope) as session:
                await session.execute(delete(IdempotencyRow).where(*_mine(attempt)))

    async def _replay(self, principal: Principal, attempt: Attempt, path: str) -> Response:
        token = _attempt.set(None)
        try:
            for _ in range(WAIT_STEPS):
                async with self._database.transaction(principal.scope) as session:
                    found = await session.execute(select(IdempotencyRow).where(*_mine(attempt)))
                    row = found.scalar_one_or_none()
                if row is None:
                    break
                if (row.route, row.body_hash) != (attempt.route, attempt.digest.digest()):
                    return render(IdempotencyKeyReused(pointer="header:Idempotency-Key"), path)
                if row.status is not None:
                    return _stored(row) if row.body is not None else render(AnswerNotKept(), path)
                await asyncio.sleep(WAIT_SECONDS)
        finally:
            _attempt.reset(token)
        return render(IdempotencyInProgress(), path)


def holds_secret(body: bytes) -> bool:
    """Whether an answer in JSON shows, at any depth, what must not be kept in the clear."""
    try:
        return _shows_secret(json.loads(body))
    except (ValueError, RecursionError):
        return False


def _shows_secret(value: Any) -> bool:
    match value:
        case dict():
            members: Mapping[str, Any] = value
            return any(
                (name in SECRETS and each is not None) or _shows_secret(each)
                for name, each in members.items()
            )
        case list():
            parts: Sequence[Any] = value
            return any(_shows_secret(each) for each in parts)
        case _:
            return False


def _mine(attempt: Attempt) -> tuple[Any, Any]:
    return (IdempotencyRow.user_id == attempt.user_id, IdempotencyRow.key == attempt.key)


def _stored(row: IdempotencyRow) -> Response:
    response = Response(row.body or b"", status_code=row.status or HTTPStatus.OK)
    for line in (row.headers or "").splitlines():
        name, _, value = line.partition(": ")
        response.headers[name] = value
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _hashing(receive: Receive, attempt: Attempt) -> Receive:
    async def read() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            attempt.digest.update(message.get("body", b""))
        return message

    return read


class _Answer:
    """A response held back until its claim is settled."""

    def __init__(self) -> None:
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._replacement: Response | None = None

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))

    def replace(self, response: Response) -> None:
        self._replacement = response

    @property
    def status(self) -> int:
        return 0 if self._start is None else self._start["status"]

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)

    def worth_keeping(self) -> bool:
        ok = HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES
        return ok and sum(map(len, self._parts)) <= MAX_STORED

    def kept_headers(self) -> str:
        headers: Mapping[str, str] = Headers(raw=self._start["headers"] if self._start else [])
        return "\n".join(
            f"{name}: {value}" for name, value in headers.items() if name in REPLAYED_HEADERS
        )

    async def send(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._replacement is not None:
            await self._replacement(scope, receive, send)
        elif self._start is not None:
            await send(self._start)
            await send({"type": "http.response.body", "body": self.body})
