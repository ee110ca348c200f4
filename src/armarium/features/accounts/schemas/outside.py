"""Login providers and outside identities on the wire."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class ProviderOut(BaseModel):
    name: str = Field(examples=["keycloak"])
    label: str = Field(description="For the button.", examples=["Company account"])
    login_url: str = Field(
        description="Send the browser there; `?next=/path` says where to go on.",
        examples=["/api/v1/auth/providers/keycloak/login"],
    )


class OutsideIdentityOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    provider: str = Field(examples=["keycloak"])
    label: str = Field(examples=["Company account"])
    email: str | None = Field(
        description="As the provider last said.", examples=["ada@corp.example"]
    )
    created_at: datetime
    last_used_at: datetime


class WaitingOut(BaseModel):
    provider: str = Field(examples=["keycloak"])
    label: str = Field(examples=["Company account"])
    email: str | None = Field(examples=["ada@example.org"])


class RedirectOut(BaseModel):
    redirect_to: str = Field(
        description="Send the browser there.", examples=["https://id.example.org/authorize?…"]
    )
