"""What letters ask and what their links bring back, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from armarium.features.accounts.schemas import EMAIL, MAX_INPUT, MAX_PASSWORD_INPUT
from armarium.platform.wire import Body

TOKEN = "pN1vVQbqY1Yc0J3v6rJ4r0m0c2bJt2mYb7cB5m3s1aE"  # noqa: S105  # an example in the reference


def lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Role = Annotated[Literal["user", "moderator", "admin"], BeforeValidator(lower)]


class ResetIn(Body):
    email: str = Field(max_length=MAX_INPUT, examples=[EMAIL])


class EmailIn(Body):
    email: str = Field(max_length=MAX_INPUT, examples=["countess@example.org"])


class TokenIn(Body):
    token: SecretStr = Field(
        max_length=MAX_INPUT, description="From the link, after `#token=`.", examples=[TOKEN]
    )


class NewPasswordIn(TokenIn):
    new_password: SecretStr = Field(max_length=MAX_PASSWORD_INPUT, examples=["Cabinet-1901!"])


class InvitationIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": EMAIL, "role": "user", "expires_in_days": 7}]}
    )

    email: str | None = Field(
        default=None, max_length=MAX_INPUT, description="Empty: whoever has the link."
    )
    role: Role = Field(default="user")
    uses: int = Field(
        default=1, ge=1, le=1000, description="How many accounts; one where an address is given."
    )
    expires_in_days: int = Field(default=7, ge=1, le=90)


class InvitationOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str | None = Field(examples=[EMAIL])
    role: str = Field(examples=["user"])
    max_uses: int
    uses: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    created_by: UUID | None


class NewInvitationOut(BaseModel):
    invitation: InvitationOut
    token: str = Field(description="Shown this once.", examples=[TOKEN])
    url: str = Field(
        description="What to send.", examples=[f"https://cabinet.example.org/join#token={TOKEN}"]
    )


class InvitedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    email: str | None = Field(description="The address that it is good for.", examples=[EMAIL])
    role: str = Field(examples=["user"])
    expires_at: datetime
