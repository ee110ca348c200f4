"""Fetching a web address that a person, a listing or another server gave us.

Such an address is the request of a stranger made with our place in the network (SSRF), so no room
opens connections itself: it asks this port, which decides by the address that is really connected
to, bounds what comes back, and says plainly why it refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

Reason = Literal[
    "bad_address",
    "scheme",
    "port",
    "credentials",
    "forbidden_network",
    "too_many_redirects",
    "unsafe_redirect",
    "too_large",
    "unexpected_type",
    "encoding",
]


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What a caller is willing to take."""

    max_bytes: int = 5_000_000
    """Of the body, as sent and as unpacked."""
    seconds: float = 15
    """For all of it, look-ups and redirects included."""
    redirects: int = 5
    types: tuple[str, ...] = ()
    """Content types that are expected (`text/html`, or `image/` for all pictures); empty: any."""
    chosen_by_operator: bool = False
    """The address is a setting of the server, so it may lie in the operator's own network."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: from `url` after the redirects, of any status. The body is untrusted."""

    url: str
    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """In lower case; of a repeated one the last."""


class FetchRefused(Exception):
    """The address is not one that this server goes to, or the answer not one that it takes."""

    def __init__(self, reason: Reason, detail: str) -> None:
        """`detail` is for the person who gave the address; it names no address of our network."""
        super().__init__(detail)
        self.reason: Reason = reason


class FetchFailed(Exception):
    """The other side could not be reached or did not answer in time; it may work later."""


class WebFetch(Protocol):
    """Implemented by adapters/fetch."""

    async def fetch(
        self,
        url: str,
        *,
        limits: FetchLimits = ...,
        method: Literal["GET", "HEAD", "POST", "PUT", "DELETE"] = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Fetched:
        """One exchange; only GET and HEAD follow redirects, without credentials to another host.

        Raises:
            FetchRefused: for good.
            FetchFailed: for now.
        """
        ...

    async def check(self, url: str, *, limits: FetchLimits = ...) -> None:
        """What can be said before: is the address well formed, and does it resolve to the web?

        For a form in which somebody types an address; `fetch` checks again when it connects.
        """
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...
