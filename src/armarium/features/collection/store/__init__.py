"""Rows of items: one by one (`ItemStore`) and in lists (`ItemLists`). Never commits or decides."""

from armarium.features.collection.store.items import ItemStore
from armarium.features.collection.store.lists import ItemLists
from armarium.features.collection.tables import (
    HistoryRow,
    IdentifierRow,
    ImageRow,
    ItemRow,
    TagRow,
    ValueRow,
)
from armarium.platform.owned import OwnedTables

OWNED = OwnedTables("collection", ItemRow, IdentifierRow, TagRow, ImageRow, ValueRow, HistoryRow)

__all__ = ["OWNED", "ItemLists", "ItemStore"]
