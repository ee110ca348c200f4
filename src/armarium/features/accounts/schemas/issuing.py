"""Our own issuer on the wire: programs, what they ask for, and what they get."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from armarium.platform.wire import Body

REDIRECT = "http://127.0.0.1/callback"
CLIENT_ID = "0hNgoMzDwLrYVq2vV1fWJA"


class ClientIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "My phone", "redirect_uris": [REDIRECT]}]}
    )

    name: str = Field(min_length=1, max_length=100, examples=["My phone"])
    redirect_uris: list[str] = Field(
        min_length=1,
        max_length=10,
        description="Exact addresses: https, a loopback address (any port counts), or a private "
        "scheme with a dot.",
        examples=[[REDIRECT]],
    )


class ClientOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    client_id: str = Field(examples=[CLIENT_ID])
    name: str = Field(examples=["My phone"])
    redirect_uris: list[str] = Field(examples=[[REDIRECT]])
    origin: str = Field(description="built_in, admin, person or dynamic.", examples=["person"])
    created_at: datetime
    last_used_at: datetime | None


class ProgramOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    client_id: str = Field(examples=[CLIENT_ID])
    name: str = Field(examples=["My phone"])
    scopes: list[str] = Field(examples=[["openid", "items:read"]])
    since: datetime
    changed_at: datetime


class AuthorizationOut(BaseModel):
    """What the page shows a person who is asked by a program."""

    client_id: str = Field(examples=[CLIENT_ID])
    name: str = Field(examples=["My phone"])
    place: str = Field(description="Where the answer goes.", examples=["this device"])
    is_verified: bool = Field(
        description="Whether somebody who runs this server registered the program."
    )
    scopes: list[str] = Field(examples=[["openid", "items:read"]])
    email: str = Field(description="Whose account it is.", examples=["ada@example.org"])
    needs_consent: bool = Field(description="False: answer yes without asking.")


class AnswerIn(Body):
    """The parameters as they came to `/oauth/authorize`, with the person's answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "allow": True,
                    "parameters": {"client_id": CLIENT_ID, "response_type": "code"},
                }
            ]
        }
    )

    allow: bool
    parameters: dict[str, str] = Field(max_length=30)


class GrantedOut(BaseModel):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  # the kind of token, no token
    expires_in: int = Field(description="Seconds.", examples=[3600])
    refresh_token: str = Field(description="Good for one refresh.")
    scope: str = Field(examples=["items:read openid"])
    id_token: str | None = Field(default=None, description="With the scope `openid`.")


class RegistrationIn(BaseModel):
    """Client metadata (RFC 7591); what this server does not use is ignored."""

    client_name: str = Field(default="A program", min_length=1, max_length=100)
    redirect_uris: list[str] = Field(min_length=1, max_length=10, examples=[[REDIRECT]])
    grant_types: list[str] = Field(default=["authorization_code"], max_length=10)
    response_types: list[str] = Field(default=["code"], max_length=10)
    token_endpoint_auth_method: str = Field(default="none", max_length=50)


class RegisteredOut(BaseModel):
    client_id: str = Field(examples=[CLIENT_ID])
    client_id_issued_at: int
    client_name: str
    redirect_uris: list[str]
    grant_types: list[str] = ["authorization_code", "refresh_token"]
    response_types: list[str] = ["code"]
    token_endpoint_auth_method: str = "none"  # noqa: S105  # a public client has no secret


def discovery(base: str, scopes: tuple[str, ...], *, dynamic: bool) -> dict[str, Any]:
    """The document of OpenID Connect Discovery, which RFC 8414 reads as well."""
    oauth = f"{base}/oauth"
    return {
        "issuer": base,
        "authorization_endpoint": f"{oauth}/authorize",
        "token_endpoint": f"{oauth}/token",
        "userinfo_endpoint": f"{oauth}/userinfo",
        "revocation_endpoint": f"{oauth}/revoke",
        "end_session_endpoint": f"{oauth}/logout",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        **({"registration_endpoint": f"{oauth}/register"} if dynamic else {}),
        "scopes_supported": list(scopes),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "consent"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "amr", "at_hash",
            "email", "email_verified", "name",
        ],
    }  # fmt: skip
