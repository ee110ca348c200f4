"""Rows of items: one by one (`ItemStore`) and in lists (`ItemLists`). Never commits or decides."""

from armarium.features.collection.store.items import ItemStore
from armarium.features.collection.store.lists import ItemLists
from armarium.features.collection.store.money import MoneyStore
from armarium.features.collection.store.shelves import ShelfStore
from armarium.features.collection.tables import (
    CollectedRow,
    HistoryRow,
    IdentifierRow,
    ImageRow,
    ItemRow,
    MoneyRow,
    SecretRow,
    TagRow,
    ValueRow,
)
from armarium.platform.owned import OwnedTables

OWNED = OwnedTables(
    "collection",
    ItemRow,
    IdentifierRow,
    TagRow,
    ImageRow,
    ValueRow,
    HistoryRow,
    CollectedRow,
    MoneyRow,
    SecretRow,
)

__all__ = ["OWNED", "ItemLists", "ItemStore", "MoneyStore", "ShelfStore"]
