"""What outside issuers say of themselves: their discovery documents and their keys, kept."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog

from armarium.features.accounts.errors import ProviderUnavailable
from armarium.features.accounts.service.outside.issuers import Provider, TrustedIssuer
from armarium.features.accounts.service.outside.keyset import RemoteKeys
from armarium.ports.identity import IssuerUnavailable, IssuerWire

log = structlog.get_logger("armarium.accounts")

DISCOVERY = "/.well-known/openid-configuration"
KEPT_SECONDS = 3600
COOL_DOWN_SECONDS = 10
OK = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """The part of a discovery document that we use."""

    issuer: str
    authorize_url: str
    token_url: str
    userinfo_url: str | None
    jwks_url: str | None
    logout_url: str | None
    names_itself: bool
    """Whether every answer to a login carries `iss` (RFC 9207)."""
    takes_post_secret: bool
    """Whether a secret travels in the form only (`client_secret_post`)."""


class Issuers:
    """Asks each issuer once an hour."""

    def __init__(self, *, wire: IssuerWire) -> None:
        self.wire = wire
        self._known: dict[str, tuple[float, Metadata]] = {}
        self._failed: dict[str, float] = {}
        self._keys: dict[str, RemoteKeys] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def metadata(self, issuer: str) -> Metadata:
        """The document of an issuer; raise `ProviderUnavailable` when there is none."""
        async with self._locks.setdefault(issuer, asyncio.Lock()):
            at = time.monotonic()
            kept = self._known.get(issuer)
            if kept is not None and at - kept[0] < KEPT_SECONDS:
                return kept[1]
            if at - self._failed.get(issuer, float("-inf")) < COOL_DOWN_SECONDS:
                raise ProviderUnavailable
            try:
                found = await self._discover(issuer)
            except IssuerUnavailable as error:
                self._failed[issuer] = at
                log.warning("outside_issuer_unavailable", issuer=issuer, reason=str(error))
                if kept is not None:
                    return kept[1]
                raise ProviderUnavailable from error
            self._known[issuer] = (at, found)
            return found

    async def of_provider(self, provider: Provider) -> Metadata:
        """The addresses of a provider; GitHub publishes no document."""
        if provider.kind == "github":
            return github_metadata(provider.issuer)
        return await self.metadata(provider.issuer)

    def keys_of(self, issuer: Provider | TrustedIssuer) -> RemoteKeys:
        """The keys of an issuer, shared by all that names it."""
        given = issuer.jwks_url if isinstance(issuer, TrustedIssuer) else None

        async def fetch() -> Any:
            return await self._key_set(issuer.issuer, given)

        return self._keys.setdefault(given or issuer.issuer, RemoteKeys(fetch))

    async def _key_set(self, issuer: str, given: str | None) -> Any:
        url = given
        if url is None:
            try:
                url = (await self.metadata(issuer)).jwks_url
            except ProviderUnavailable as error:
                raise IssuerUnavailable(issuer) from error
        if url is None:
            raise IssuerUnavailable(f"{issuer} names no key set")
        answer = await self.wire.get(url)
        if answer.status != OK:
            raise IssuerUnavailable(f"{url} answered {answer.status}")
        return answer.json()

    async def _discover(self, issuer: str) -> Metadata:
        url = issuer.rstrip("/") + DISCOVERY
        answer = await self.wire.get(url)
        if answer.status != OK:
            raise IssuerUnavailable(f"{url} answered {answer.status}")
        return metadata_of(answer.members, issuer)


def metadata_of(document: Mapping[str, Any], issuer: str) -> Metadata:
    """Refuses a document that speaks for another issuer, or that leads from HTTPS to HTTP."""
    named = document.get("issuer")
    if named != issuer:
        raise IssuerUnavailable(f"the document of {issuer} names the issuer {named!r}")

    def address(name: str) -> str | None:
        value = document.get(name)
        if not isinstance(value, str):
            return None
        scheme = urlsplit(value).scheme
        if scheme != "https" and scheme != urlsplit(issuer).scheme:
            raise IssuerUnavailable(f"{name} of {issuer} is not encrypted")
        return value

    authorize, token = address("authorization_endpoint"), address("token_endpoint")
    if authorize is None or token is None:
        raise IssuerUnavailable(f"the document of {issuer} lacks an endpoint")
    ways = document.get("token_endpoint_auth_methods_supported")
    return Metadata(
        issuer=issuer,
        authorize_url=authorize,
        token_url=token,
        userinfo_url=address("userinfo_endpoint"),
        jwks_url=address("jwks_uri"),
        logout_url=address("end_session_endpoint"),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
        takes_post_secret=isinstance(ways, list) and "client_secret_basic" not in ways,
    )


def github_metadata(issuer: str) -> Metadata:
    """GitHub's documented addresses; those of an Enterprise server stand below its own."""
    base = issuer.rstrip("/")
    api = "https://api.github.com" if base == "https://github.com" else f"{base}/api/v3"
    return Metadata(
        issuer=base,
        authorize_url=f"{base}/login/oauth/authorize",
        token_url=f"{base}/login/oauth/access_token",
        userinfo_url=f"{api}/user",
        jwks_url=None,
        logout_url=None,
        names_itself=False,
        takes_post_secret=True,
    )
