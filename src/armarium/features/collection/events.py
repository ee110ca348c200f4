"""What the collection room says; ids and small facts only."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from armarium.platform.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemEvent(Event):
    """What all events of items have."""

    source: ClassVar[str] = "collections.items"

    item_id: UUID
    kind: str

    @property
    def subject(self) -> str | None:
        """The item."""
        return str(self.item_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemCreated(ItemEvent):
    """An item was added."""

    type: ClassVar[str] = "ItemCreated"

    item_version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemUpdated(ItemEvent):
    """An item changed; `changed` names what."""

    type: ClassVar[str] = "ItemUpdated"

    item_version: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemTrashed(ItemEvent):
    """An item went to the trash."""

    type: ClassVar[str] = "ItemTrashed"

    item_version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRestored(ItemEvent):
    """An item came back from the trash."""

    type: ClassVar[str] = "ItemRestored"

    item_version: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectionChanged(Event):
    """A named collection was made, changed or deleted, or items entered or left it."""

    type: ClassVar[str] = "CollectionChanged"
    source: ClassVar[str] = "collections.shelves"

    collection_id: UUID

    @property
    def subject(self) -> str | None:
        """The collection."""
        return str(self.collection_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemRemoved(ItemEvent):
    """An item was removed for good."""

    type: ClassVar[str] = "ItemRemoved"
