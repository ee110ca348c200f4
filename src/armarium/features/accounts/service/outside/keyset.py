"""An issuer's public keys: kept for an hour, asked for again when a token names an unknown one.

Whoever sends tokens with invented key ids causes at most one request in a minute: the next look
has to wait, for everybody, whether it found something or not.
"""

import asyncio
import time
import warnings
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import structlog
from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from armarium.features.accounts.errors import InvalidToken
from armarium.features.accounts.service.outside.issuers import ALGORITHMS
from armarium.ports.identity import IssuerUnavailable

KEPT_SECONDS = 3600
COOL_DOWN_SECONDS = 60
FORGOTTEN_SECONDS = 24 * 3600
"""For so long keys are still good while their issuer does not answer."""
MOST_KEYS = 100
KINDS = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
FAMILIES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}

log = structlog.get_logger("armarium.accounts")

PublicKey = RSAKey | ECKey | OKPKey


class RemoteKeys:
    """Checks signatures of one issuer."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]]) -> None:
        """`fetch` gives the JSON of the key set, or raises `IssuerUnavailable`."""
        self._fetch = fetch
        self._keys: dict[str | None, tuple[PublicKey, str | None]] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._forced_at = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def claims(
        self, token: str, algorithms: Collection[str] = ALGORITHMS
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """(claims, header) of a token whose signature is right; nothing else is checked.

        Only the key id and the algorithm of the header are looked at: a key, or an address of
        one, that travels in the token itself (`jwk`, `jku`, `x5u`) means nothing here.

        Raises:
            InvalidToken: not a token, another algorithm, an unknown key, or a wrong signature.
        """
        header = header_of(token)
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in algorithms or algorithm not in ALGORITHMS or "crit" in header:
            raise InvalidToken
        key = await self._key(kid if isinstance(kid, str) else None, str(algorithm))
        try:
            with warnings.catch_warnings():
                # Issuers still say EdDSA, which has a newer name since RFC 9864.
                warnings.simplefilter("ignore", SecurityWarning)
                decoded = jwt.decode(token, key, algorithms=[str(algorithm)])
        except (JoseError, ValueError, TypeError) as error:
            raise InvalidToken from error
        return dict(decoded.claims), header

    async def _key(self, kid: str | None, algorithm: str) -> PublicKey:
        if time.monotonic() - self._fetched_at > KEPT_SECONDS or not self._find(kid):
            await self._renew(kid)
        found = self._find(kid)
        if found is None:
            raise InvalidToken
        key, bound_to = found
        if key.key_type != FAMILIES[algorithm[:2]] or bound_to not in {None, algorithm}:
            raise InvalidToken
        return key

    def _find(self, kid: str | None) -> tuple[PublicKey, str | None] | None:
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    async def _renew(self, kid: str | None) -> None:
        """Ask again, unless somebody did a moment ago; keep the old keys when nobody answers."""
        async with self._one_at_a_time:
            at = time.monotonic()
            is_old = at - self._fetched_at > KEPT_SECONDS
            if self._find(kid) and not is_old:
                return
            if at - (self._tried_at if is_old else self._forced_at) < COOL_DOWN_SECONDS:
                return
            if is_old:
                self._tried_at = at
            else:
                self._forced_at = at
            try:
                self._keys = keys_of(await self._fetch())
            except IssuerUnavailable as error:
                log.warning("outside_keys_unavailable", reason=str(error))
                if at - self._fetched_at > FORGOTTEN_SECONDS:
                    self._keys = {}
                return
            self._fetched_at = at


def keys_of(document: Any) -> dict[str | None, tuple[PublicKey, str | None]]:
    """Public signing keys by id, with the algorithm that a key is bound to; the rest is left out.

    A shared secret in the set is no key: whoever reads the set could sign with it.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise IssuerUnavailable("this is not a key set")
    found: dict[str | None, tuple[PublicKey, str | None]] = {}
    for item in listed[:MOST_KEYS]:
        if not isinstance(item, dict) or item.get("use", "sig") != "sig":
            continue
        kind = KINDS.get(str(item.get("kty")))
        kid, algorithm = item.get("kid"), item.get("alg")
        if kind is None or "d" in item:
            continue
        try:
            key = kind.import_key(item)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        name = kid if isinstance(kid, str) else None
        found[name] = (key, algorithm if isinstance(algorithm, str) else None)
    return found


def header_of(token: str) -> dict[str, Any]:
    """What a token says of itself, unproved."""
    try:
        # nosemgrep: unsigned-token -- names one of the issuer's keys; the signature is checked next
        return dict(jws.extract_compact(token.encode()).protected)
    except (JoseError, ValueError, UnicodeError, TypeError, RecursionError) as error:
        raise InvalidToken from error
