"""Asks outside issuers through the guarded fetch: bounded, in time, no redirects.

The hosts that the settings name may lie in the operator's own network. What an issuer's document
adds to them must lie in the public web: an issuer that was taken over does not get our place in
the network.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Literal
from urllib.parse import urlencode, urlsplit

from armarium.ports.fetch import FetchFailed, FetchLimits, FetchRefused, WebFetch
from armarium.ports.identity import IssuerAnswer, IssuerUnavailable

SECONDS = 10
MAX_BYTES = 1_000_000
FORM = "application/x-www-form-urlencoded"


class HttpIssuerWire:
    """One a process."""

    def __init__(self, *, web: WebFetch, settings_urls: Iterable[str]) -> None:
        """`settings_urls` are the addresses that the operator wrote down."""
        self._web = web
        self._named = frozenset(urlsplit(each).netloc.lower() for each in settings_urls)

    async def get(self, url: str, *, bearer: str | None = None) -> IssuerAnswer:
        """Read `url` as JSON."""
        headers = {} if bearer is None else {"authorization": f"Bearer {bearer}"}
        return await self._send("GET", url, headers)

    async def post(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        basic: tuple[str, str] | None = None,
    ) -> IssuerAnswer:
        """Send a form."""
        headers = {"content-type": FORM}
        if basic is not None:
            headers["authorization"] = f"Basic {b64encode(':'.join(basic).encode()).decode()}"
        return await self._send("POST", url, headers, urlencode(fields).encode())

    async def _send(
        self,
        method: Literal["GET", "POST"],
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> IssuerAnswer:
        limits = FetchLimits(
            max_bytes=MAX_BYTES,
            seconds=SECONDS,
            redirects=0,
            chosen_by_operator=urlsplit(url).netloc.lower() in self._named,
        )
        try:
            answer = await self._web.fetch(
                url,
                limits=limits,
                method=method,
                headers={"accept": "application/json", **headers},
                body=body,
            )
        except (FetchRefused, FetchFailed) as error:
            raise IssuerUnavailable(f"{url}: {error}") from error
        return IssuerAnswer(answer.status, answer.body)
