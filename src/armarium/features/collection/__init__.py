"""Collection: what a space owns, wants or owned. Items, their pictures, tags and own values.

Public face: `Collection` (a person's acts), `ItemWriter` (inside a higher room's transaction),
`ItemReader`, `ItemExport`; higher rooms show what they know by an `ItemExtension`.
"""

from armarium.features.collection.errors import InvalidItem, ItemInTrash, ItemNotFound
from armarium.features.collection.events import (
    CollectionChanged,
    ItemCreated,
    ItemRemoved,
    ItemRestored,
    ItemTrashed,
    ItemUpdated,
)
from armarium.features.collection.models import (
    MAX_TITLE,
    NEWEST_FIRST,
    UNSET,
    Cost,
    FieldFilter,
    Item,
    ItemChange,
    ItemExtension,
    ItemExtensions,
    ItemFilter,
    ItemIdentifier,
    ItemImage,
    ItemView,
    NewImage,
    NewItem,
    Shelf,
    Stats,
)
from armarium.features.collection.service.bringing import ItemTransfer
from armarium.features.collection.service.bulk import BulkWriter
from armarium.features.collection.service.collection import Collection
from armarium.features.collection.service.exporting import ItemExport
from armarium.features.collection.service.keeping import TrashPurge
from armarium.features.collection.service.planning import TrashPlan
from armarium.features.collection.service.private import Details, PrivateDetails
from armarium.features.collection.service.reading import ItemReader
from armarium.features.collection.service.shelves import Shelves
from armarium.features.collection.service.showing import Showing
from armarium.features.collection.service.writing import ItemWriter
from armarium.features.collection.store import OWNED
from armarium.features.collection.store.counting import kept_items, picture_uses

__all__ = [
    "MAX_TITLE",
    "NEWEST_FIRST",
    "OWNED",
    "UNSET",
    "BulkWriter",
    "Collection",
    "CollectionChanged",
    "Cost",
    "Details",
    "FieldFilter",
    "InvalidItem",
    "Item",
    "ItemChange",
    "ItemCreated",
    "ItemExport",
    "ItemExtension",
    "ItemExtensions",
    "ItemFilter",
    "ItemIdentifier",
    "ItemImage",
    "ItemInTrash",
    "ItemNotFound",
    "ItemReader",
    "ItemRemoved",
    "ItemRestored",
    "ItemTransfer",
    "ItemTrashed",
    "ItemUpdated",
    "ItemView",
    "ItemWriter",
    "NewImage",
    "NewItem",
    "PrivateDetails",
    "Shelf",
    "Shelves",
    "Showing",
    "Stats",
    "TrashPlan",
    "TrashPurge",
    "kept_items",
    "picture_uses",
]
