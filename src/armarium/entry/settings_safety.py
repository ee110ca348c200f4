"""Settings of what keeps the server safe from those who ask, and from where it asks."""

from ipaddress import ip_network
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import NoDecode


class LimitSettings(BaseModel):
    """Requests a minute; each is a bucket that may be emptied at once. 0 switches one off."""

    enabled: bool = Field(
        default=True, description="Whether any rate limit holds at all; off is for measuring."
    )
    at_home: int = Field(
        default=100,
        ge=1,
        description="What every limit is multiplied by where nobody else reaches the server: it "
        "listens on this machine alone, without a public address and without a proxy.",
    )
    api: int = Field(default=100, ge=0, description="Calls of one person's programs, or one key.")
    browsing: int = Field(
        default=600, ge=0, description="Reads of one person's browser, by the session's cookie."
    )
    media: int = Field(default=3000, ge=0, description="Pictures shown to one person.")
    uploads: int = Field(default=600, ge=0, description="Files sent by one person.")
    scans: int = Field(
        default=600, ge=0, description="Questions about scans and jobs by one person."
    )
    exports: int = Field(default=20, ge=0, description="Exports by one person.")
    events: int = Field(default=60, ge=0, description="Event streams opened by one person.")
    streams: int = Field(
        default=20, ge=0, description="Event streams that one person may have open at once."
    )
    auth: int = Field(
        default=20, ge=0, description="Logins, registrations and the like from one address."
    )
    address: int = Field(
        default=300,
        ge=0,
        description="Calls from one address (IPv4, or an IPv6 /64); the other classes get the "
        "same multiple of their own limit.",
    )
    url: SecretStr | None = Field(
        default=None,
        description="`redis://…` of a Redis or Valkey that the API processes of a fleet share; "
        "empty keeps the counts in each process (needs the extra `redis`).",
    )


class FetchSettings(BaseModel):
    """Addresses on the web that people give: only the public web is fetched from."""

    allowed_networks: Annotated[list[str], NoDecode] = Field(
        default=[],
        description="Networks that may be fetched from besides (`192.168.1.0/24`), by commas.",
    )
    allowed_ports: Annotated[list[int], NoDecode] = Field(
        default=[], description="Ports besides 80 and 443, by commas."
    )

    @field_validator("allowed_networks", "allowed_ports", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """`a, b` from the environment, an array from the file."""
        return (
            [x.strip() for x in value.split(",") if x.strip()] if isinstance(value, str) else value
        )

    @field_validator("allowed_networks")
    @classmethod
    def check_networks(cls, value: list[str]) -> list[str]:
        """Say at the start what is no network."""
        for text in value:
            ip_network(text, strict=False)
        return value


class QuotaSettings(BaseModel):
    """What each space may hold unless an administrator says otherwise; 0: no bound."""

    storage_bytes: int = Field(default=0, ge=0, description="Bytes of all pictures of a space.")
    items: int = Field(default=0, ge=0, description="Items of a space, the trash included.")
    model_calls: int = Field(
        default=0, ge=0, description="Paid calls of models that one person may cause a month."
    )
