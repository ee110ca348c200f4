"""Settings of outside identity: login providers, trusted issuers, and programs of our own issuer.

Each provider and issuer has a name of its own in the variable:
`ARMARIUM_IDENTITY_PROVIDERS__KEYCLOAK__ISSUER`.
"""

from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints, model_validator

Role = Literal["user", "moderator", "admin"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", to_lower=True)]
GITHUB = "https://github.com"


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_address(url: str, *, allow_http: bool) -> bool:
    """Whether an issuer may stand at `url`: HTTPS, or on this machine, or allowed otherwise."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        return False
    http = parts.scheme == "http" and (allow_http or _is_local(parts.hostname))
    return parts.scheme == "https" or http


def _trimmed(values: list[str]) -> list[str]:
    return [each.strip() for each in values if each.strip()]


class GroupSettings(BaseModel):
    """What providers and trusted issuers have in common."""

    groups_claim: str = Field(
        default="groups",
        description="Claim with a person's groups; `a.b` looks inside (`cognito:groups`, "
        "`realm_access.roles`).",
    )
    roles: dict[str, Role] = Field(
        default={},
        description='Group to role, as JSON: `{"armarium-admins": "admin"}`. Where set, it decides '
        "the role at each login: none of the groups means `user`. The last admin stays one.",
    )
    trust_email: bool = Field(
        default=False,
        description="Count an address as verified where the issuer does not say "
        "(`email_verified`); only for an issuer that verifies every one.",
    )
    allow_http: bool = Field(
        default=False, description="Allow an issuer without TLS that is not on this machine."
    )


class ProviderSettings(GroupSettings):
    """An issuer through which people log in."""

    kind: Literal["oidc", "github"] = Field(
        default="oidc", description="`github` for GitHub, which is no OpenID Connect issuer."
    )
    issuer: str = Field(
        default=GITHUB,
        description="Exactly as the issuer writes it in its discovery document; for GitHub the "
        "server's address (empty is github.com).",
    )
    client_id: str = Field(description="Id that the provider gave this server.")
    client_secret: SecretStr | None = Field(
        default=None, description="Secret beside it; empty for a public client."
    )
    label: str | None = Field(default=None, description="Words on the button; empty is the name.")
    scopes: list[str] = Field(default=[], description="As JSON; empty asks for what a login needs.")
    auto_create: bool | None = Field(
        default=None,
        description="Whether somebody without an account gets one; empty does as "
        "`ARMARIUM_REGISTRATION` says.",
    )
    trust_second_factor: bool = Field(
        default=False,
        description="Whether a second factor at the provider (`amr`) stands for the one here.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind == "oidc" and self.issuer == GITHUB:
            raise ValueError("issuer is missing")
        if not is_address(self.issuer, allow_http=self.allow_http):
            raise ValueError("issuer must be an https:// address")
        return self

    @property
    def wanted_scopes(self) -> tuple[str, ...]:
        """What is asked for."""
        if self.scopes:
            return tuple(self.scopes)
        if self.kind == "oidc":
            return ("openid", "email", "profile")
        return ("read:user", "user:email", *(("read:org",) if self.roles else ()))


class TrustedIssuerSettings(GroupSettings):
    """An issuer whose tokens are accepted as they are (resource-server mode)."""

    issuer: str = Field(description="`iss` of the tokens, exactly.")
    audience: Annotated[list[str], AfterValidator(_trimmed)] = Field(
        min_length=1,
        description="As JSON: the audiences, or for Cognito the client ids, whose tokens count.",
    )
    jwks_url: str | None = Field(
        default=None, description="Key set; empty takes it from the discovery document."
    )
    token_use: Literal["any", "access", "id"] = Field(
        default="any", description="Accept only Cognito's access or only its ID tokens."
    )
    auto_create: bool = Field(
        default=False, description="Make an account for a token of somebody new."
    )
    scope_prefix: str | None = Field(
        default=None,
        description="Where set, a token may do only what its scopes with this prefix name: with "
        "`armarium/`, `armarium/items:read` allows `items:read`. Empty allows what the person may.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        for url in (self.issuer, *([self.jwks_url] if self.jwks_url else [])):
            if not is_address(url.partition("?")[0], allow_http=self.allow_http):
                raise ValueError("issuer and jwks_url must be https:// addresses")
        return self
