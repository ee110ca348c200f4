"""Rows of items: one by one (`ItemStore`) and in lists (`ItemLists`). Never commits or decides."""

from armarium.features.collection.store.items import ItemStore
from armarium.features.collection.store.lists import ItemLists

__all__ = ["ItemLists", "ItemStore"]
