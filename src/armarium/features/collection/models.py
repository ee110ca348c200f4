"""Items as other rooms see them, and what is asked of the collection room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from armarium.features.media import Media
from armarium.features.spaces import Collection
from armarium.platform.database import Session

IMAGE_ROLES: Final = (
    "front", "back", "spine", "title_page", "detail", "signature", "damage", "label", "other",
)  # fmt: skip
"""What a picture shows of the item; a certificate or receipt is a document, not an image."""

DEFAULT_ROLE = "other"
MAX_IMAGES, MAX_TAGS, MAX_IDENTIFIERS = 100, 50, 50
MAX_TITLE, MAX_TAG, MAX_NOTES, MAX_QUANTITY = 500, 60, 20_000, 1_000_000
MAX_BULK = 500
MAX_COLLECTIONS = 50
"""How many named collections an item may be put in at once."""

Values = Mapping[str, Any]


class Unset(Enum):
    """The value of what a change leaves as it is; None is a value."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class Cost:
    """What an item cost: price and fees in minor units of one currency, when, and from whom."""

    amount_minor: int
    currency: str
    fees_minor: int = 0
    acquired_on: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class NewImage:
    """A picture to attach, by its medium."""

    media_id: UUID
    role: str = DEFAULT_ROLE


@dataclass(frozen=True, slots=True)
class ItemImage:
    """An attached picture; the first by `position` is the cover."""

    media_id: UUID
    role: str
    position: int


@dataclass(frozen=True, slots=True)
class ItemIdentifier:
    """What names the thing exactly. `derived`: follows from the fields and changes with them."""

    scheme: str
    value: str
    derived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """An item to keep. Without `title` the kind's title template gives one from the fields."""

    kind: str
    title: str | None = None
    status: str = "on_hand"
    fields: Values = field(default_factory=dict[str, Any])
    own_fields: Values = field(default_factory=dict[str, Any])
    notes: str = ""
    quantity: int = 1
    catalogue_entry_id: UUID | None = None
    identifiers: Sequence[tuple[str, str]] = ()
    tags: Sequence[str] = ()
    images: Sequence[NewImage] = ()
    read_text: str = ""
    """What was read from the item's pictures; found by search, shown as such, never a note."""
    cost: Cost | None = None
    collections: Sequence[UUID] = ()
    """Named collections that it enters; a guest's item enters one that was granted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """What to change of an item.

    `fields` and `own_fields` are merged into what is there, and a null takes a value away, unless
    `replace` is set: then they are all there is (PUT). Tags and identifiers are replaced whole.
    """

    title: str | Unset | None = UNSET
    status: str | Unset = UNSET
    fields: Values | Unset = UNSET
    own_fields: Values | Unset = UNSET
    notes: str | Unset = UNSET
    quantity: int | Unset = UNSET
    catalogue_entry_id: UUID | Unset | None = UNSET
    identifiers: Sequence[tuple[str, str]] | Unset = UNSET
    tags: Sequence[str] | Unset = UNSET
    read_text: str | Unset = UNSET
    cost: Cost | Unset | None = UNSET
    """Never cleared by being left out, even where all else is replaced: not everyone sees it."""
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in the collection (a copy), with all that belongs to it.

    `fields` are the kind's, `own_fields` the space's, both clean; `derived` follows from them
    (years, eras) and is never typed in.
    """

    space_id: UUID
    id: UUID
    kind: str
    title: str
    subtitle: str
    status: str
    fields: Values
    own_fields: Values
    derived: Values
    notes: str
    read_text: str
    quantity: int
    catalogue_entry_id: UUID | None
    identifiers: tuple[ItemIdentifier, ...]
    tags: tuple[str, ...]
    images: tuple[ItemImage, ...]
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    created_by: UUID | None
    room_id: UUID | None = None
    """The private room that hides it from the other members of its space."""
    cost: Cost | None = None
    """None where it is not known, and where the caller may not see what things cost."""

    @property
    def audience(self) -> UUID:
        """Under which the search index keeps it: its space, or its private room."""
        return self.room_id or self.space_id

    @property
    def cover_media_id(self) -> UUID | None:
        """The picture to show for the item."""
        return self.images[0].media_id if self.images else None


@dataclass(frozen=True, slots=True)
class TypedValue:
    """One row of `item_values`: exactly one of the four columns is set."""

    field: str
    position: int = 0
    text: str | None = None
    integer: int | None = None
    decimal: float | None = None
    instant: datetime | None = None


@dataclass(frozen=True, slots=True)
class TypedCondition:
    """A condition on typed rows of one field; ends are inclusive, None is open."""

    field: str
    low: TypedValue | None
    high: TypedValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """All that is stored of an item's content, checked, with what is projected from it."""

    kind: str
    title: str
    subtitle: str
    status: str
    fields: Values
    own_fields: Values
    notes: str
    read_text: str
    quantity: int
    catalogue_entry_id: UUID | None
    identifiers: tuple[ItemIdentifier, ...]
    tags: Mapping[str, str]
    """Name by key."""
    values: tuple[TypedValue, ...]
    creator_key: str
    set_key: str
    year: int | None


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """A condition on a filterable field: equal to `value`, or from `minimum` to `maximum`.

    `own` says whether the name is of the space's own fields.
    """

    name: str
    own: bool = False
    value: str | None = None
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True)
class CostFilter:
    """A range of what things cost, in one currency, fees left out."""

    currency: str
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items; every condition must hold, and of several kinds, statuses or tags any."""

    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    creator: str | None = None
    """Begins with this, or one of its words does."""
    set_name: str | None = None
    """The same for set, series or publisher."""
    created_from: datetime | None = None
    created_before: datetime | None = None
    catalogue_entry_id: UUID | None = None
    identifier: tuple[str, str] | None = None
    fields: tuple[FieldFilter, ...] = ()
    trashed: bool = False
    collections: tuple[UUID, ...] = ()
    """In any of these named collections."""
    cost: CostFilter | None = None


SORTS: Final = ("created_at", "updated_at", "title", "year", "creator", "set", "cost")
Sort = Literal[
    "created_at", "-created_at", "updated_at", "-updated_at", "title", "-title",
    "year", "-year", "creator", "-creator", "set", "-set", "cost", "-cost",
]  # fmt: skip
NEWEST_FIRST: Sort = "-created_at"


@dataclass(frozen=True, slots=True)
class Change:
    """One value that changed, for the history."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item with its pictures and what higher rooms know of it."""

    item: Item
    media: Mapping[UUID, Media]
    extensions: Mapping[str, Any]
    collections: tuple[UUID, ...] = ()
    """Named collections that hold it, of those that the caller may see."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What happened to an item."""

    at: datetime
    actor: UUID | None
    action: str
    version: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of a space's items, the trash left out."""

    total: int
    owned: int
    added_7d: int
    by_kind: Mapping[str, int]
    by_status: Mapping[str, int]
    by_month: Mapping[str, int]
    """Items added, by month of UTC (`2026-11`), the last twelve with any."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A named collection and how many items the caller sees in it."""

    collection: Collection
    items: int


@dataclass(frozen=True, slots=True)
class ShownItem:
    """What strangers see of an item: made on purpose, field by field, from what may be shown.

    Never notes, read text, tags, own fields, identifiers, status, people, places or the space.
    """

    id: UUID
    kind: str
    title: str
    subtitle: str
    fields: Mapping[str, Any]
    images: tuple[ItemImage, ...]
    wanted: bool
    cost: Cost | None = None
    """Price and currency alone, where the link says so."""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk edit did; `missing` are ids that are not there."""

    changed: int
    missing: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PurgeTrash:
    """Command: remove for good what lay in a space's trash for long enough."""

    space_id: UUID


class ItemExtension(Protocol):
    """What a higher room knows of items (a value, a score), for the pages of this room.

    Wiring registers the implementation; the item's JSON shows the answer under
    `extensions[name]`.
    """

    name: str

    async def extend(
        self, session: Session, space_id: UUID, item_ids: Sequence[UUID]
    ) -> Mapping[UUID, Any]:
        """JSON by item, for those of `item_ids` that there is something to say about."""
        ...


class ItemExtensions(list[ItemExtension]):
    """Those that wiring has registered; rooms that are built later still join."""
