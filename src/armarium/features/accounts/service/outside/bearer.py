"""Tokens of outside issuers, taken as they are: this server as a resource server."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Collection, Sequence
from typing import Any

from armarium.features.accounts.errors import InvalidToken, ProviderUnavailable
from armarium.features.accounts.models import Identity, User
from armarium.features.accounts.service.outside.claims import check_audience, check_common
from armarium.features.accounts.service.outside.issuers import OutsidePerson, TrustedIssuer
from armarium.features.accounts.service.outside.people import OutsidePeople
from armarium.features.accounts.service.outside.remote import Issuers
from armarium.platform.errors import Problem


class OutsideBearer:
    """Turns a token that an issuer of the settings signed into the person it is linked to."""

    def __init__(
        self,
        *,
        issuers: Issuers,
        people: OutsidePeople,
        trusted: Sequence[TrustedIssuer],
        scopes: Collection[str],
    ) -> None:
        """`scopes` are all that a token may be narrowed to."""
        self._issuers = issuers
        self._people = people
        self._trusted = {each.issuer: each for each in trusted}
        self._scopes = frozenset(scopes)

    def knows(self, token: str) -> bool:
        """Whether it names an issuer that is trusted here; nothing is proved yet."""
        return bool(self._trusted) and self._named(token) is not None

    async def identify(self, token: str) -> tuple[User, Identity]:
        """The living person behind it; raise `InvalidToken` otherwise."""
        trusted = self._named(token)
        if trusted is None:
            raise InvalidToken
        claims, _ = await self._issuers.keys_of(trusted).claims(token, trusted.algorithms)
        check_common(claims, trusted.issuer)
        check_audience(claims, trusted.audience)
        if trusted.accepts != "any" and claims.get("token_use") != trusted.accepts:
            raise InvalidToken
        person = OutsidePerson.of_claims(
            claims,
            provider=trusted.name,
            issuer=trusted.issuer,
            groups=trusted.groups,
            trust_email=trusted.trust_email,
        )
        user = await self._user(person, trusted)
        return user, Identity(
            user.id,
            None,
            user.email,
            via="outside",
            scopes=self._narrowed(claims, trusted),
            second_factor=person.second_factor,
        )

    async def _user(self, person: OutsidePerson, trusted: TrustedIssuer) -> User:
        found = await self._people.find(person)
        if found is not None:
            return found
        if not trusted.auto_create:
            raise InvalidToken
        try:
            return await self._people.enter(person, auto_create=True)
        except ProviderUnavailable:
            raise
        except Problem as problem:
            raise InvalidToken(problem.detail) from problem

    def _narrowed(self, claims: dict[str, Any], trusted: TrustedIssuer) -> frozenset[str] | None:
        """What the token's scopes allow, where the settings say how they are named."""
        if trusted.scope_prefix is None:
            return None
        listed = claims.get("scope", claims.get("scp", ""))
        names = listed.split() if isinstance(listed, str) else listed
        prefix = trusted.scope_prefix
        found = {
            each.removeprefix(prefix)
            for each in (names if isinstance(names, list) else [])
            if isinstance(each, str) and each.startswith(prefix)
        }
        return frozenset(found & self._scopes)

    def _named(self, token: str) -> TrustedIssuer | None:
        """The issuer that the payload claims, to choose whose keys decide."""
        parts = token.split(".")
        if len(parts) != 3:  # noqa: PLR2004  # header, payload, signature
            return None
        try:
            claims = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        except (ValueError, RecursionError):
            return None
        issuer = claims.get("iss") if isinstance(claims, dict) else None
        return self._trusted.get(issuer) if isinstance(issuer, str) else None
