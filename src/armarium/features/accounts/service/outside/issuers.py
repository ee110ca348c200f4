"""Outside issuers as the operator named them, and a person as one of them describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ALGORITHMS = frozenset(
    {
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
        "EdDSA",
        "Ed25519",
    }
)
"""Signatures by a private key that only the issuer has; none that a public key could forge."""
ROLES = ("user", "moderator", "admin")
MAX_SUBJECT = 255
MAX_GROUPS = 1000
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "sc"})
"""Values of `amr` (RFC 8176) that say more than a password was asked."""

ProviderKind = Literal["oidc", "github"]


@dataclass(frozen=True, slots=True)
class GroupRules:
    """How an issuer's groups become roles here; without `roles`, they do not."""

    groups_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict[str, str])

    def role_of(self, claims: Mapping[str, Any]) -> str | None:
        """The highest role among a person's groups, `user` for none; None where nothing maps."""
        if not self.roles:
            return None
        found = {self.roles[group] for group in self._groups(claims) if group in self.roles}
        return max(found, key=ROLES.index, default="user")

    def _groups(self, claims: Mapping[str, Any]) -> list[str]:
        """A list, or one name; `realm_access.roles` looks inside (Keycloak)."""
        value: Any = claims.get(self.groups_claim)
        if value is None:
            value = claims
            for part in self.groups_claim.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            return [value]
        return (
            [each for each in value[:MAX_GROUPS] if isinstance(each, str)]
            if isinstance(value, list)
            else []
        )


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer through which people log in."""

    name: str
    label: str
    kind: ProviderKind
    issuer: str
    client_id: str
    client_secret: str | None
    scopes: tuple[str, ...]
    groups: GroupRules = GroupRules()
    auto_create: bool | None = None
    """Whether a stranger gets an account; None leaves it to the registration setting."""
    trust_email: bool = False
    """Whether an address counts as verified where the provider does not say."""
    trust_second_factor: bool = False
    """Whether the provider's own second factor stands for ours."""


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer whose tokens programs may send us as they are."""

    name: str
    issuer: str
    audience: frozenset[str]
    jwks_url: str | None = None
    algorithms: frozenset[str] = ALGORITHMS
    accepts: Literal["any", "access", "id"] = "any"
    """Which `token_use` a token must say (Cognito)."""
    groups: GroupRules = GroupRules()
    auto_create: bool = False
    trust_email: bool = False
    scope_prefix: str | None = None
    """Where set, a token may do only what its scopes with this prefix name."""


@dataclass(frozen=True, slots=True)
class OutsidePerson:
    """Who somebody is to an issuer; `email` only where the issuer vouches for it."""

    provider: str
    issuer: str
    subject: str
    email: str | None
    unverified_email: str | None
    name: str | None
    role: str | None
    second_factor: bool

    @classmethod
    def of_claims(
        cls,
        claims: Mapping[str, Any],
        *,
        provider: str,
        issuer: str,
        groups: GroupRules,
        trust_email: bool,
    ) -> "OutsidePerson":
        """From the claims of a checked token, or of the user endpoint beside it."""
        address = claims.get("email")
        address = address.strip() if isinstance(address, str) and address.strip() else None
        is_vouched = is_true(claims.get("email_verified", trust_email))
        name = claims.get("name") or claims.get("preferred_username")
        amr = claims.get("amr")
        return cls(
            provider=provider,
            issuer=issuer,
            subject=str(claims["sub"]),
            email=address if is_vouched else None,
            unverified_email=None if is_vouched else address,
            name=name[:200] if isinstance(name, str) else None,
            role=groups.role_of(claims),
            second_factor=isinstance(amr, list)
            and any(isinstance(each, str) and each in SECOND_FACTORS for each in amr),
        )


def is_true(value: object) -> bool:
    """JSON true, or the text that Cognito and Apple send in its place."""
    return value is True or value == "true"
