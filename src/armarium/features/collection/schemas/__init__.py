"""The room's JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from armarium.features.collection.models import (
    MAX_BULK,
    MAX_COLLECTIONS,
    MAX_IDENTIFIERS,
    MAX_IMAGES,
    MAX_NOTES,
    MAX_QUANTITY,
    MAX_TAGS,
    UNSET,
    BulkResult,
    Cost,
    HistoryEntry,
    Item,
    ItemChange,
    ItemImage,
    ItemView,
    NewImage,
    NewItem,
    Stats,
    Unset,
)
from armarium.features.collection.policy import MAX_AMOUNT
from armarium.features.media import Media, media_url
from armarium.platform.wire import Body

VARIANTS = ("128", "256", "512", "display", "original")
Text = Annotated[str, Field(max_length=1000)]
Values = Annotated[dict[Annotated[str, Field(max_length=100)], Any], Field(max_length=300)]
Notes = Annotated[str, Field(max_length=MAX_NOTES)]
Quantity = Annotated[int, Field(ge=1, le=MAX_QUANTITY)]


class IdentifierIn(Body):
    scheme: Annotated[str, Field(max_length=100, examples=["tcgdex"])]
    value: Annotated[str, Field(max_length=300, examples=["base1-4"])]


class IdentifierOut(BaseModel):
    scheme: str = Field(examples=["tcgdex"])
    value: str = Field(examples=["base1-4"])
    derived: bool = Field(description="Follows from the fields and changes with them.")


class ImageIn(Body):
    media_id: UUID
    role: Text = "other"


class CostIn(Body):
    """Money in minor units (cents, pence, whole yen) of an ISO 4217 currency."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"amount_minor": 12500, "currency": "EUR"}]}
    )

    amount_minor: Annotated[int, Field(ge=0, le=MAX_AMOUNT, examples=[12500])]
    currency: Annotated[str, Field(min_length=3, max_length=3, examples=["EUR"])]
    fees_minor: Annotated[int, Field(ge=0, le=MAX_AMOUNT)] = 0
    acquired_on: date | None = None
    source: Annotated[str, Field(max_length=500, examples=["Maggs Bros."])] = ""

    def cost(self) -> Cost:
        return Cost(
            amount_minor=self.amount_minor,
            currency=self.currency,
            fees_minor=self.fees_minor,
            acquired_on=self.acquired_on,
            source=self.source,
        )


class CostOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    amount_minor: int = Field(description="In minor units of the currency.", examples=[12500])
    currency: str = Field(examples=["EUR"])
    fees_minor: int
    acquired_on: date | None
    source: str = Field(examples=["Maggs Bros."])


Tags = Annotated[list[Text], Field(max_length=MAX_TAGS, examples=[["binder 3"]])]
Identifiers = Annotated[list[IdentifierIn], Field(max_length=MAX_IDENTIFIERS)]


class ItemBody(Body):
    """What an item is made of; PUT takes the same."""

    title: Annotated[
        str | None,
        Field(
            max_length=2000,
            description="Without it the kind's title template makes one from the fields.",
            examples=["Charizard"],
        ),
    ] = None
    status: Annotated[
        str, Field(max_length=50, description="Case does not matter.", examples=["on_hand"])
    ] = "on_hand"
    fields: Annotated[
        Values,
        Field(
            description="By the kind's fields, see GET /api/v1/kinds.",
            examples=[{"set_name": "Base Set", "number": "4/102", "year": "1999"}],
        ),
    ] = {}
    own_fields: Annotated[
        Values, Field(description="By the names of the space's own fields.", examples=[{}])
    ] = {}
    notes: Notes = ""
    quantity: Quantity = 1
    catalogue_entry_id: UUID | None = None
    identifiers: Identifiers = []
    tags: Tags = []
    cost: Annotated[
        CostIn | None,
        Field(description="What it cost, for those who may see it; left out, it stays as it is."),
    ] = None


class ItemIn(ItemBody):
    """A new item; on a kind's own path the kind is implied."""

    kind: Annotated[str | None, Field(max_length=100, examples=["card"])] = None
    images: Annotated[list[ImageIn], Field(max_length=MAX_IMAGES)] = []
    collections: Annotated[
        list[UUID],
        Field(max_length=MAX_COLLECTIONS, description="Named collections that it enters."),
    ] = []

    def new_item(self, kind: str) -> NewItem:
        return NewItem(
            kind=kind,
            title=self.title,
            status=self.status,
            fields=self.fields,
            own_fields=self.own_fields,
            notes=self.notes,
            quantity=self.quantity,
            catalogue_entry_id=self.catalogue_entry_id,
            identifiers=[(each.scheme, each.value) for each in self.identifiers],
            tags=self.tags,
            images=[NewImage(each.media_id, each.role) for each in self.images],
            cost=None if self.cost is None else self.cost.cost(),
            collections=self.collections,
        )


class ItemPut(ItemBody):
    """All of an item but its kind and pictures: what is not sent is cleared."""

    def change(self) -> ItemChange:
        return ItemChange(
            title=self.title,
            status=self.status,
            fields=self.fields,
            own_fields=self.own_fields,
            notes=self.notes,
            quantity=self.quantity,
            catalogue_entry_id=self.catalogue_entry_id,
            identifiers=[(each.scheme, each.value) for each in self.identifiers],
            tags=self.tags,
            cost=_cost_of(self),
            replace=True,
        )


class ItemPatch(Body):
    """What to change. In `fields` and `own_fields` a null takes the value away."""

    title: Annotated[str | None, Field(max_length=2000)] = None
    status: Annotated[str, Field(max_length=50)] = "on_hand"
    fields: Values = {}
    own_fields: Values = {}
    notes: Notes = ""
    quantity: Quantity = 1
    catalogue_entry_id: UUID | None = None
    identifiers: Identifiers = []
    tags: Tags = []
    cost: CostIn | None = None

    def change(self) -> ItemChange:
        """Only what was sent."""
        sent: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "identifiers" in sent:
            sent["identifiers"] = [(each.scheme, each.value) for each in self.identifiers]
        if "cost" in sent:
            sent["cost"] = _cost_of(self)
        return ItemChange(**sent)


def _cost_of(body: ItemPut | ItemPatch) -> Cost | Unset | None:
    """What a change says about the cost; nothing when it was not sent."""
    if "cost" not in body.model_fields_set:
        return UNSET
    return None if body.cost is None else body.cost.cost()


class StatusIn(Body):
    status: Annotated[str, Field(max_length=50, examples=["IN_TRANSIT"])]


class RoleIn(Body):
    role: Annotated[str, Field(max_length=50, examples=["spine"])]


class BulkIn(Body):
    """`change` takes what PATCH takes (but no title); `tag` adds and takes tags."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]
    action: Annotated[
        Literal["change", "set_status", "tag", "trash", "restore"], Field(examples=["set_status"])
    ]
    status: Annotated[str | None, Field(max_length=50, examples=["sold"])] = None
    change: ItemPatch | None = None
    add_tags: Tags = []
    remove_tags: Tags = []


class BulkOut(BaseModel):
    changed: int
    missing: list[UUID] = Field(description="Ids that are not there (any more).")

    @classmethod
    def of(cls, result: BulkResult) -> "BulkOut":
        return cls(changed=result.changed, missing=list(result.missing))


class PictureOut(BaseModel):
    """An attached picture; pixels upright."""

    media_id: UUID
    role: str = Field(examples=["front"])
    position: int
    width: int | None
    height: int | None
    placeholder: str | None
    status: str = Field(examples=["ready"])
    urls: dict[str, str]

    @classmethod
    def of(cls, image: ItemImage, media: Media | None) -> "PictureOut":
        return cls(
            media_id=image.media_id,
            role=image.role,
            position=image.position,
            width=media and media.width,
            height=media and media.height,
            placeholder=media and media.placeholder,
            status="missing" if media is None else media.status,
            urls={name: media_url(image.media_id, name) for name in VARIANTS},
        )


class ItemSummary(BaseModel):
    """An item in a list, with its cover."""

    id: UUID
    kind: str = Field(examples=["card"])
    title: str = Field(examples=["Charizard"])
    subtitle: str = Field(examples=["Base Set · 4/102 · Rare Holo"])
    status: str = Field(examples=["on_hand"])
    fields: dict[str, Any]
    own_fields: dict[str, Any]
    derived: dict[str, Any] = Field(description="Follows from the fields: years and eras.")
    notes: str
    quantity: int
    catalogue_entry_id: UUID | None
    identifiers: list[IdentifierOut]
    tags: list[str]
    cover: PictureOut | None
    image_count: int
    cost: CostOut | None = Field(description="Null too for those who may not see it.")
    room_id: UUID | None = Field(description="The private collection that hides it from others.")
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, item: Item, media: Mapping[UUID, Media]) -> "ItemSummary":
        return cls(**summary(item, media))


class ItemOut(ItemSummary):
    """An item with all that belongs to it."""

    images: list[PictureOut]
    read_text: str = Field(description="What was read from its pictures.")
    extensions: dict[str, Any] = Field(description="What other parts know of it, by name.")
    collections: list[UUID] = Field(description="Named collections that hold it.")
    links: dict[str, str | None]

    @classmethod
    def of_view(cls, view: ItemView) -> "ItemOut":
        item, entry = view.item, view.item.catalogue_entry_id
        return cls(
            **summary(item, view.media),
            images=[PictureOut.of(each, view.media.get(each.media_id)) for each in item.images],
            read_text=item.read_text,
            extensions=dict(view.extensions),
            collections=list(view.collections),
            links={
                "self": f"/api/v1/items/{item.id}",
                "history": f"/api/v1/items/{item.id}/history",
                "catalogue_entry": None if entry is None else f"/api/v1/catalogue/entries/{entry}",
            },
        )


def summary(item: Item, media: Mapping[UUID, Media]) -> dict[str, Any]:
    """The fields of `ItemSummary`."""
    cover = item.images[0] if item.images else None
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "subtitle": item.subtitle,
        "status": item.status,
        "fields": dict(item.fields),
        "own_fields": dict(item.own_fields),
        "derived": dict(item.derived),
        "notes": item.notes,
        "quantity": item.quantity,
        "catalogue_entry_id": item.catalogue_entry_id,
        "identifiers": [
            IdentifierOut(scheme=each.scheme, value=each.value, derived=each.derived)
            for each in item.identifiers
        ],
        "tags": list(item.tags),
        "cover": None if cover is None else PictureOut.of(cover, media.get(cover.media_id)),
        "image_count": len(item.images),
        "cost": None if item.cost is None else CostOut.model_validate(item.cost),
        "room_id": item.room_id,
        "version": item.version,
        "created_at": item.created_at,
        "updated_at": item.updated_at,
        "deleted_at": item.deleted_at,
    }


class ChangeOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    field: str = Field(examples=["fields.year"])
    before: Any
    after: Any


class HistoryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor: UUID | None = Field(description="The person, or null for the product itself.")
    action: str = Field(examples=["updated"])
    version: int
    changes: list[ChangeOut]

    @classmethod
    def of(cls, entry: HistoryEntry) -> "HistoryOut":
        return cls.model_validate(entry)


class StatsOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    total: int = Field(examples=[42])
    owned: int = Field(description="In transit, on hand, on loan or consigned.", examples=[40])
    added_7d: int
    by_kind: dict[str, int] = Field(examples=[{"card": 42}])
    by_status: dict[str, int] = Field(examples=[{"on_hand": 40, "wanted": 2}])
    by_month: dict[str, int] = Field(examples=[{"2026-11": 42}])

    @classmethod
    def of(cls, stats: Stats) -> "StatsOut":
        return cls.model_validate(stats)


class TrashOut(BaseModel):
    days: int | None = Field(
        description="How long the trash keeps a thing: it is removed for good in the night after "
        "that. Null keeps it for ever.",
        examples=[30],
    )


class RemovedOut(BaseModel):
    removed: int
