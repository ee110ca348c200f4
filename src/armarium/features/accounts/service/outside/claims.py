"""What must be true of an outside token once its signature is right."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from math import isfinite
from typing import Any, TypeGuard

from armarium.features.accounts.errors import InvalidToken
from armarium.features.accounts.service.outside.issuers import MAX_SUBJECT
from armarium.kit.instants import now

LEEWAY_SECONDS = 60
"""How far an issuer's clock may be from ours."""
HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


def check_common(claims: Mapping[str, Any], issuer: str) -> None:
    """Issuer, subject and times: a token without an end is refused."""
    at = now().timestamp()
    subject = claims.get("sub")
    expires, begins, made = claims.get("exp"), claims.get("nbf"), claims.get("iat")
    is_named = isinstance(subject, str) and 0 < len(subject) <= MAX_SUBJECT
    if claims.get("iss") != issuer or not is_named:
        raise InvalidToken
    if not _is_time(expires) or expires <= at - LEEWAY_SECONDS:
        raise InvalidToken
    for earliest in (begins, made):
        if earliest is not None and (not _is_time(earliest) or earliest > at + LEEWAY_SECONDS):
            raise InvalidToken


def audiences_of(claims: Mapping[str, Any]) -> set[str]:
    """For whom a token was made. A Cognito access token names its client in the place of `aud`."""
    named = claims.get("aud")
    if named is None and claims.get("token_use") == "access":
        named = claims.get("client_id")
    listed = named if isinstance(named, list) else [named]
    return {each for each in listed if isinstance(each, str)}


def check_audience(claims: Mapping[str, Any], allowed: Collection[str]) -> None:
    """At least one of ours."""
    if not audiences_of(claims) & set(allowed):
        raise InvalidToken


def check_id_token(
    claims: Mapping[str, Any],
    header: Mapping[str, Any],
    *,
    client_id: str,
    nonce: str,
    access_token: str | None,
) -> None:
    """That this ID token answers this very login (OpenID Connect Core 3.1.3.7)."""
    audiences = audiences_of(claims)
    party = claims.get("azp")
    if client_id not in audiences or claims.get("token_use", "id") != "id":
        raise InvalidToken
    if (len(audiences) > 1 or party is not None) and party != client_id:
        raise InvalidToken
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise InvalidToken
    bound = claims.get("at_hash")
    if bound is not None and access_token is not None:
        expected = half_hash(access_token, str(header.get("alg")))
        if not secrets.compare_digest(str(bound).encode(), expected.encode()):
            raise InvalidToken


def half_hash(token: str, algorithm: str) -> str:
    """`at_hash`: the left half of the digest that belongs to the signature's algorithm."""
    made = HASHES.get(algorithm[-3:], hashlib.sha512)(token.encode()).digest()
    return urlsafe_b64encode(made[: len(made) // 2]).decode().rstrip("=")


def _is_time(value: object) -> TypeGuard[float]:
    """A number of seconds; JSON as Python reads it knows NaN, which no comparison refuses."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
