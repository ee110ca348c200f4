"""How often somebody may ask: token buckets by class of route, by caller and by address.

The middleware stands twice: by address before a token is looked at, so that guessing is limited,
too; by caller once it is known who asks. What a person's own browser reads has a class of its own,
so that leafing through a collection never meets the limit of programs.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from armarium.platform.errors import Problem
from armarium.platform.http.access import ACCESS_COOKIE
from armarium.platform.http.addresses import address_group, client_address
from armarium.platform.http.principal import Principal
from armarium.platform.http.problems import render
from armarium.ports.limits import Bucket, LimitStore, Taken

By = Literal["address", "caller"]
LimitClass = Literal[
    "api", "browsing", "auth", "media", "events", "uploads", "exports", "scans", "off"
]
API = "/api/v1/"
OAUTH = "/oauth/"
READING: Final = frozenset({"GET", "HEAD"})
PICTURES: Final = ("media", "blobs")
BY_FIRST: Final[Mapping[str, LimitClass]] = {
    "events": "events",
    "export": "exports",
    # Asked again and again while a photo is worked on.
    "scans": "scans",
    "jobs": "scans",
    "uploads": "scans",
}
OPTIONAL_AUTH: Final = frozenset({"setup", "logout"})


class RateLimited(Problem):
    """Too many requests at once. Wait as long as `Retry-After` says, then go on."""

    code = "rate_limited"
    status = 429
    title = "Slow down"


class TooManyStreams(Problem):
    """You follow the events in too many places at once. Close some of them."""

    code = "too_many_streams"
    status = 429
    title = "Slow down"


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute by class; 0 switches a class off."""

    by_caller: Mapping[LimitClass, int]
    by_address: Mapping[LimitClass, int]
    streams: int = 0
    """Open event streams of one caller."""

    def of(self, by: By, kind: LimitClass) -> int:
        """Tokens a minute."""
        return (self.by_caller if by == "caller" else self.by_address).get(kind, 0)


def class_of(scope: Scope) -> LimitClass:
    """The class of a request, by its path and method alone."""
    path, method = scope["path"], scope["method"]
    if path.startswith(OAUTH) and method == "POST":
        return "auth"
    if not path.startswith(API) or method == "OPTIONS":
        return "off"
    first, _, rest = path[len(API) :].partition("/")
    if first == "auth":
        return "auth" if method == "POST" and rest not in OPTIONAL_AUTH else "browsing"
    if _is_picture(first, rest, method):
        return "media"
    if _is_upload(first, scope):
        return "uploads"
    if rest.endswith("/export"):
        first = "export"
    return BY_FIRST.get(first, "api")


def _is_picture(first: str, rest: str, method: str) -> bool:
    """Bytes of a picture on their way out: a page of the collection shows dozens."""
    shown = first in PICTURES and bool(rest)
    return method in READING and (shown or (first == "catalogue" and rest.startswith("images/")))


def _is_upload(first: str, scope: Scope) -> bool:
    if scope["method"] not in {"POST", "PUT"}:
        return False
    kind = Headers(scope=scope).get("content-type", "")
    return first == "blobs" or kind.startswith(
        ("multipart/form-data", "application/octet-stream", "image/")
    )


class RateLimits:
    """One of the two places where a request is counted."""

    def __init__(self, app: ASGIApp, *, store: LimitStore, limits: Limits, by: By) -> None:
        self.app = app
        self._store = store
        self._limits = limits
        self._by: By = by
        self._streams: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through with the state of the bucket in the headers, or refuse."""
        kind = class_of(scope) if scope["type"] == "http" else "off"
        key = self._key(scope) if kind != "off" else None
        if key is None:
            await self.app(scope, receive, send)
            return
        if kind == "api" and _is_browsing(scope):
            kind = "browsing"
        if not (per_minute := self._limits.of(self._by, kind)):
            await self._follow(kind, key, scope, receive, send)
            return
        taken = await self._store.take(f"{self._by}:{key}:{kind}", Bucket(per_minute))
        headers = _headers(kind, per_minute, taken)
        if not taken.allowed:
            problem = RateLimited(
                retry_after=max(1, math.ceil(taken.retry_after)), limit=kind, by=self._by
            )
            response = render(problem, scope["path"])
            response.headers.update(headers)
            await response(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                shown = MutableHeaders(scope=message)
                # The caller's bucket, inside, has spoken already: it is the narrower one.
                for name, value in headers.items():
                    shown.setdefault(name, value)
            await send(message)

        await self._follow(kind, key, scope, receive, tell)

    async def _follow(
        self, kind: LimitClass, key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Pass on; an event stream counts for as long as it is open."""
        if kind != "events" or self._by != "caller" or not self._limits.streams:
            await self.app(scope, receive, send)
            return
        if self._streams[key] >= self._limits.streams:
            problem = TooManyStreams(limit=self._limits.streams)
            await render(problem, scope["path"])(scope, receive, send)
            return
        self._streams[key] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._streams[key] -= 1
            if self._streams[key] <= 0:
                del self._streams[key]

    def _key(self, scope: Scope) -> str | None:
        if self._by == "address":
            return address_group(client_address(scope))
        principal: Principal | None = scope.get("principal")
        if principal is None:
            return None
        if principal.via == "api_key":
            # A key of a program wears out its own bucket, not its person's.
            token = Headers(scope=scope).get("authorization", "")
            return f"key:{hashlib.blake2b(token.encode(), digest_size=16).hexdigest()}"
        return str(principal.user_id)


def _is_browsing(scope: Scope) -> bool:
    """A read by the cookie of a session: a page that somebody looks at."""
    connection = HTTPConnection(scope)
    return (
        scope["method"] in READING
        and ACCESS_COOKIE in connection.cookies
        and "authorization" not in connection.headers
    )


def _headers(kind: LimitClass, per_minute: int, taken: Taken) -> dict[str, str]:
    """The widespread three, and the two of the IETF draft (structured fields)."""
    reset = math.ceil(taken.reset_after)
    return {
        "RateLimit-Limit": str(per_minute),
        "RateLimit-Remaining": str(taken.remaining),
        "RateLimit-Reset": str(reset),
        "RateLimit-Policy": f'"{kind}";q={per_minute};w=60',
        "RateLimit": f'"{kind}";r={taken.remaining};t={reset}',
    }
