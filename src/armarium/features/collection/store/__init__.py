"""Rows of items: one by one (`ItemStore`) and in lists (`ItemLists`). Never commits or decides."""

from armarium.features.collection.store.items import ItemStore
from armarium.features.collection.store.lists import ItemLists
from armarium.features.collection.store.money import MoneyStore
from armarium.features.collection.store.owned import OWNED
from armarium.features.collection.store.shelves import ShelfStore

__all__ = ["OWNED", "ItemLists", "ItemStore", "MoneyStore", "ShelfStore"]
