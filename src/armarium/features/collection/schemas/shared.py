"""The JSON of shared links and public pages: what strangers see, and what makers do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from armarium.features.collection.models import ItemImage, ShownItem
from armarium.features.media import Media
from armarium.features.spaces import Collection, Link, NewLink, Profile
from armarium.platform.wire import Body

SHOWN = ("128", "256", "512", "display")


class ShareIn(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"target": "item", "target_id": "019f2a50-1111-7d43-b1a5-5d2a4c0f9e11", "days": 7}
            ]
        }
    )

    target: Literal["item", "collection", "space"]
    target_id: UUID | None = Field(
        default=None, description="The item or collection; a space shares itself."
    )
    label: Annotated[str, Field(max_length=200)] = ""
    days: Annotated[int, Field(ge=1, le=365)] = 30
    password: Annotated[SecretStr, Field(min_length=4, max_length=200)] | None = None
    with_prices: bool = Field(default=False, description="Show what things cost.")

    def link(self, space_id: UUID) -> NewLink:
        return NewLink(
            target=self.target,
            target_id=self.target_id or space_id,
            label=self.label,
            days=self.days,
            password=None if self.password is None else self.password.get_secret_value(),
            with_prices=self.with_prices,
        )


class ShareOut(BaseModel):
    id: UUID
    target: str = Field(examples=["item"])
    target_id: UUID
    label: str
    has_password: bool
    with_prices: bool
    views: int
    last_viewed_at: datetime | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    token: str | None = Field(description="In the answer to its making only.")
    path: str | None = Field(
        description="Where the link leads, below this server's address.", examples=["/s/pN1v…"]
    )

    @classmethod
    def of(cls, link: Link) -> "ShareOut":
        return cls(
            id=link.id,
            target=link.target,
            target_id=link.target_id,
            label=link.label,
            has_password=link.has_password,
            with_prices=link.with_prices,
            views=link.views,
            last_viewed_at=link.last_viewed_at,
            created_by=link.created_by,
            created_at=link.created_at,
            expires_at=link.expires_at,
            revoked_at=link.revoked_at,
            token=link.token,
            path=None if link.token is None else f"/s/{link.token}",
        )


class PriceOut(BaseModel):
    amount_minor: int
    currency: str


class ShownPictureOut(BaseModel):
    media_id: UUID
    role: str
    width: int | None
    height: int | None
    placeholder: str | None
    urls: dict[str, str]

    @classmethod
    def of(cls, image: ItemImage, media: Media | None, base: str, query: str) -> "ShownPictureOut":
        return cls(
            media_id=image.media_id,
            role=image.role,
            width=media and media.width,
            height=media and media.height,
            placeholder=media and media.placeholder,
            urls={name: f"{base}/{image.media_id}/{name}{query}" for name in SHOWN},
        )


class ShownItemOut(BaseModel):
    """An item as strangers see it."""

    id: UUID
    kind: str = Field(examples=["book"])
    title: str
    subtitle: str
    fields: dict[str, Any]
    wanted: bool
    pictures: list[ShownPictureOut]
    price: PriceOut | None = Field(description="Where the link shows prices and there is one.")

    @classmethod
    def of(
        cls, item: ShownItem, media: Mapping[UUID, Media], base: str, query: str
    ) -> "ShownItemOut":
        pictures = f"{base}/items/{item.id}/pictures"
        return cls(
            id=item.id,
            kind=item.kind,
            title=item.title,
            subtitle=item.subtitle,
            fields=dict(item.fields),
            wanted=item.wanted,
            pictures=[
                ShownPictureOut.of(each, media.get(each.media_id), pictures, query)
                for each in item.images
            ],
            price=item.cost
            and PriceOut(amount_minor=item.cost.amount_minor, currency=item.cost.currency),
        )


class SharedOut(BaseModel):
    """The first page of a link."""

    target: str = Field(examples=["collection"])
    title: str
    description: str
    with_prices: bool
    expires_at: datetime
    key: str | None = Field(
        description="Of a link with a password: send it as `key` instead, good for an hour."
    )
    item: ShownItemOut | None


class PublicCollectionOut(BaseModel):
    id: UUID
    name: str
    description: str

    @classmethod
    def of(cls, found: Collection) -> "PublicCollectionOut":
        return cls(id=found.id, name=found.name, description=found.description)


class PersonOut(BaseModel):
    """A public page."""

    handle: str = Field(examples=["ada"])
    display_name: str
    about: str
    collections: list[PublicCollectionOut]

    @classmethod
    def of(cls, profile: Profile, collections: tuple[Collection, ...]) -> "PersonOut":
        return cls(
            handle=profile.handle,
            display_name=profile.display_name,
            about=profile.about,
            collections=[PublicCollectionOut.of(each) for each in collections],
        )
