from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr

from armarium.platform.wire import Body

EMAIL = "ada@example.org"
PASSWORD = "Armarium-1867"  # noqa: S105  # an example in the reference
MAX_INPUT = 1000
MAX_PASSWORD_INPUT = 100_000
"""Far over what a password may have, so that the rule itself answers with its own bound."""


class Credentials(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": EMAIL, "password": PASSWORD}]}
    )

    email: str = Field(max_length=MAX_INPUT, examples=[EMAIL])
    password: SecretStr = Field(
        max_length=MAX_PASSWORD_INPUT,
        description="8 characters or more with upper and lower case, a digit and a special one.",
        examples=[PASSWORD],
    )
    cookies: bool = Field(
        default=False,
        description=(
            "For browsers: put the tokens in HttpOnly cookies; `refresh_token` is then null."
        ),
    )


class RegisterIn(Credentials):
    invitation: str | None = Field(
        default=None,
        max_length=MAX_INPUT,
        description="The token of an invitation, if you have one.",
    )


class PendingOut(BaseModel):
    status: Literal["check_mail"] = "check_mail"


class RefreshIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"refresh_token": "pN1vVQbqY1Yc0J3v6rJ4r0m0c2bJt2mYb7cB5m3s1aE"}]
        }
    )

    refresh_token: str | None = Field(
        default=None, max_length=MAX_INPUT, description="Empty: the one in the cookie."
    )


class TokensOut(BaseModel):
    access_token: str = Field(
        description="Send it as `Authorization: Bearer …`.", examples=["eyJhbGciOiJFUzI1NiIs…"]
    )
    token_type: str = Field(default="bearer", examples=["bearer"])
    expires_in: int = Field(description="Seconds.", examples=[3600])
    refresh_token: str | None = Field(
        description="Good for one refresh; null when it travels in a cookie.",
        examples=["pN1vVQbqY1Yc0J3v6rJ4r0m0c2bJt2mYb7cB5m3s1aE"],
    )


class SetupOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    registration: Literal["open", "invite", "closed"] = Field(
        description="Who may make an account after the first."
    )
    has_owner: bool = Field(description="False on a fresh server: the first account owns it.")
    registration_open: bool = Field(description="Whether a visitor may make an account.")


class MeOut(BaseModel):
    id: UUID
    email: str = Field(examples=[EMAIL])
    email_verified: bool
    display_name: str | None = Field(examples=["Ada"])
    role: str = Field(examples=["user"])
    is_admin: bool
    permissions: list[str] = Field(
        description="What this session may do on the server as a whole.", examples=[["audit:read"]]
    )
    space_id: UUID = Field(description="The space that this request acts in; at first your own.")
    space_role: str = Field(examples=["owner"])
    preferences: dict[str, JsonValue] = Field(examples=[{"theme": "dark"}])
    version: int
    created_at: datetime
    closes_at: datetime | None = Field(
        description="When the account is erased, as you asked; until then you may take it back."
    )
    impersonator: UUID | None = Field(
        description="The administrator who acts as you in this session."
    )


class MeIn(Body):
    """Only what is named is changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"display_name": "Ada"}]})

    display_name: str | None = Field(default=None, max_length=200)
    preferences: dict[str, JsonValue] = Field(default={}, max_length=100)

    def changes(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class PasswordIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"current_password": PASSWORD, "new_password": "Cabinet-1901!"}]
        }
    )

    current_password: SecretStr = Field(max_length=MAX_INPUT)
    new_password: SecretStr = Field(max_length=MAX_PASSWORD_INPUT)
