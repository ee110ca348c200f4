"""The room's JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from armarium.features.spaces.models import DEFAULT_DAYS, MAX_DAYS, Invitation, Resource
from armarium.platform.wire import Body

SeatRole = Annotated[str, Field(max_length=20, examples=["viewer"])]
Name = Annotated[str, Field(max_length=200, examples=["The Lovelace household"])]


class SpaceOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: str = Field(examples=["person"])
    name: str | None = Field(examples=[None])
    role: str = Field(description="Yours: owner, editor or viewer.", examples=["owner"])
    sees_money: bool = Field(description="Whether you may see what things cost.")
    collections: list[UUID] = Field(
        description="For a guest: the collections that you were let into; for a member empty."
    )
    version: int
    created_at: datetime
    deleted_at: datetime | None


class SpaceIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "household", "name": "The Lovelace household"}]}
    )

    kind: Literal["household", "shop", "gallery"] = "household"
    name: Name


class SpacePatch(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Lovelace & Sons"}]})

    name: Name


class MemberOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    user_id: UUID
    email: str = Field(examples=["ada@example.org"])
    display_name: str | None = Field(examples=["Ada"])
    role: str = Field(examples=["editor"])
    sees_money: bool
    created_at: datetime
    version: int = Field(description='For `If-Match`, as `W/"3"`.', examples=[3])


class MemberPatch(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "viewer", "sees_money": False}]}
    )

    role: SeatRole | None = None
    sees_money: bool | None = Field(
        default=None, description="Owners always see prices; a viewer only when this says so."
    )


class InvitationIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"role": "editor", "email": "grace@example.org"}]}
    )

    role: SeatRole = "viewer"
    email: str | None = Field(
        default=None,
        max_length=1000,
        description="Whom to invite; without it, whoever opens the link first.",
    )
    sees_money: bool | None = None
    days: int = Field(default=DEFAULT_DAYS, ge=1, le=MAX_DAYS)


class InvitationOut(BaseModel):
    id: UUID
    space_id: UUID
    space_name: str | None
    collection_id: UUID | None
    collection_name: str | None
    email: str | None
    role: str = Field(examples=["editor"])
    sees_money: bool
    created_at: datetime
    expires_at: datetime
    answer: str | None = Field(description="accepted, declined, revoked, or null while open.")
    token: str | None = Field(
        description="In the answer to its making only: pass it on, it works once."
    )

    @classmethod
    def of(cls, invitation: Invitation) -> "InvitationOut":
        return cls(
            id=invitation.id,
            space_id=invitation.space_id,
            space_name=invitation.space_name,
            collection_id=invitation.seat.collection_id,
            collection_name=invitation.collection_name,
            email=invitation.email,
            role=invitation.seat.role,
            sees_money=invitation.seat.sees_money,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
            answer=invitation.answer,
            token=invitation.token,
        )


class InvitationGlanceOut(BaseModel):
    """Names and the role, for whoever holds the link."""

    model_config = ConfigDict(from_attributes=True)

    inviter_name: str | None = Field(
        description="Null where they gave themselves none.", examples=["Ada"]
    )
    space_name: str | None = Field(
        description="Null for somebody's own space without a name.", examples=["The hall"]
    )
    collection_name: str | None = Field(
        description="The one collection that is offered; null for all of the space."
    )
    role: str = Field(examples=["viewer"])


class AnswerIn(Body):
    """One of the two."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"token": "pN1vVQbqY1Yc0J3v6rJ4r0m0c2bJt2mYb7cB5m3s1aE"}]}
    )

    token: str | None = Field(default=None, max_length=200)
    invitation_id: UUID | None = None


class TokenIn(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"token": "pN1vVQbqY1Yc0J3v6rJ4r0m0c2bJt2mYb7cB5m3s1aE"}]}
    )

    token: str = Field(max_length=200)


class AcceptedOut(BaseModel):
    space_id: UUID = Field(description="Send it as `X-Space` to act there.")


class GrantIn(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "editor"}]})

    role: SeatRole
    sees_money: bool = False


class GrantOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    collection_id: UUID
    role: str
    sees_money: bool


class ProfileIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"handle": "ada", "display_name": "Ada", "is_public": True}]
        }
    )

    handle: str = Field(max_length=100, description="Small letters, digits and hyphens.")
    display_name: str = Field(default="", max_length=200)
    about: str = Field(default="", max_length=2000)
    is_public: bool = False
    shows_wishes: bool = Field(
        default=False, description="Show what you look for, from collections that are public."
    )
    indexed: bool = Field(default=False, description="Let search engines list the page.")


class ProfileOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    handle: str
    display_name: str
    about: str
    is_public: bool
    shows_wishes: bool
    indexed: bool
    version: int


class UsageOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    resource: Resource
    used: int = Field(description="Bytes, items, or calls of this month.", examples=[1048576])
    limit: int = Field(description="0: no bound.", examples=[0])
    is_own: bool = Field(description="Set for this space; else the server's own bound.")


class QuotaIn(Body):
    """What is left out or null goes back to the server's own bound; 0 lifts it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"storage_bytes": 5_000_000_000, "items": 0}]}
    )

    storage_bytes: int | None = Field(default=None, ge=0, le=2**62)
    items: int | None = Field(default=None, ge=0, le=2**62)
    model_calls: int | None = Field(
        default=None, ge=0, le=2**62, description="Paid calls of one person a month."
    )
