"""Asks outside issuers over HTTP: short timeouts, bounded answers, no redirects."""

from collections.abc import Mapping
from typing import Any

import httpx2

from armarium.ports.identity import IssuerAnswer, IssuerUnavailable

TIMEOUT_SECONDS = 10.0
MAX_BYTES = 1_000_000


class HttpIssuerWire:
    """One pool of connections; opened on first use, in the event loop that uses it."""

    def __init__(self, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """`timeout_seconds` for each of connecting, sending and reading."""
        self._timeout = timeout_seconds
        self._client: httpx2.AsyncClient | None = None

    async def get(self, url: str, *, bearer: str | None = None) -> IssuerAnswer:
        """Read `url` as JSON."""
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        return await self._send("GET", url, headers=headers)

    async def post(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        basic: tuple[str, str] | None = None,
    ) -> IssuerAnswer:
        """Send a form."""
        return await self._send("POST", url, data=dict(fields), auth=basic)

    async def close(self) -> None:
        """Close the pool."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _send(self, method: str, url: str, **options: Any) -> IssuerAnswer:
        if self._client is None:
            self._client = httpx2.AsyncClient(
                timeout=self._timeout,
                follow_redirects=False,
                headers={"Accept": "application/json", "User-Agent": "armarium"},
            )
        body = bytearray()
        try:
            async with self._client.stream(method, url, **options) as answer:
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > MAX_BYTES:
                        raise IssuerUnavailable(f"{url} sent more than {MAX_BYTES} bytes")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise IssuerUnavailable(f"{url}: {type(error).__name__}") from error
        return IssuerAnswer(answer.status_code, bytes(body))
