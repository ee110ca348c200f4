"""Devices, logins and keys of programs, on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from armarium.platform.http.scopes import ApiScope
from armarium.platform.wire import Body

KEY = "arm_4fJ2kQ9xVt7LmB1cRz8nYw3sHd6gPa5eo2VnXc"


class DeviceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    is_current: bool = Field(description="Whether this is the session that asks.")
    device: str | None = Field(description="A guess.", examples=["Firefox on Linux"])
    agent: str | None = Field(description="What the program says of itself.")
    ip: str | None = Field(examples=["192.0.2.7"])
    method: str = Field(examples=["password+totp"])
    second_factor: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class EndedOut(BaseModel):
    ended: int = Field(description="How many devices were logged out.")


class LoginAttemptOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    at: datetime
    outcome: str = Field(description="success or failure.", examples=["success"])
    method: str = Field(examples=["password"])
    device: str | None = Field(examples=["Safari on iPhone"])
    agent: str | None
    ip: str | None = Field(examples=["192.0.2.7"])


class ApiKeyIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "shelf robot", "scopes": ["items:read"], "expires_in_days": 90}]
        }
    )

    name: str = Field(min_length=1, max_length=100)
    scopes: list[ApiScope] = Field(min_length=1, max_length=50)
    expires_in_days: int | None = Field(
        default=90, ge=1, le=3650, description="Null: until it is revoked."
    )


class ApiKeyOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str = Field(examples=["shelf robot"])
    prefix: str = Field(description="Its first letters.", examples=[KEY[:12]])
    scopes: list[str] = Field(examples=[["items:read"]])
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    last_used_ip: str | None


class NewApiKeyOut(BaseModel):
    api_key: ApiKeyOut
    secret: str = Field(description="Shown this once.", examples=[KEY])
