"""Rows of catalogues, entries, images, imports and lookups. Never commits, never decides."""

from armarium.features.catalogue.models import MAX_NOTE, MAX_TITLE
from armarium.features.catalogue.store.catalogues import (
    count_entries,
    delete_catalogue,
    get_catalogue,
    list_catalogues,
    list_sets,
    put_catalogue,
    put_sets,
    set_catalogue,
)
from armarium.features.catalogue.store.corrections import (
    add,
    get_override,
    get_own,
    hold_override,
    overlay_state,
    remove,
)
from armarium.features.catalogue.store.entries import (
    copy_entries,
    get_entries,
    ids_by_key,
    in_set,
    list_entries,
    overlay,
)
from armarium.features.catalogue.store.images import (
    all_ready,
    count_pending,
    get_image,
    known_images,
    nearest_ready,
    of_entries,
    pending_images,
    put_image,
    set_image,
    shown_blobs,
)
from armarium.features.catalogue.store.imports import (
    last_imports,
    open_import,
    set_import,
)
from armarium.features.catalogue.store.lookup import (
    generations,
    get_lookup,
    mark_unindexed,
    put_lookup,
    raise_generation,
    stream_for_lookup,
    unindexed,
)
from armarium.features.catalogue.tables import OverrideRow, OwnEntryRow
from armarium.platform.archive import WORD, Rule
from armarium.platform.owned import OwnedTables

ENTRY = Rule(texts={"title": MAX_TITLE, "kind": WORD, "note": MAX_NOTE}, structures={"fields": 256})
RULES = {"catalogue_overrides": ENTRY, "catalogue_own_entries": ENTRY}
OWNED = OwnedTables("catalogue", OverrideRow, OwnEntryRow, rules=RULES)
"""What the room holds of a space; catalogues are everyone's."""

__all__ = [
    "OWNED",
    "add",
    "all_ready",
    "copy_entries",
    "count_entries",
    "count_pending",
    "delete_catalogue",
    "generations",
    "get_catalogue",
    "get_entries",
    "get_image",
    "get_lookup",
    "get_override",
    "get_own",
    "hold_override",
    "ids_by_key",
    "in_set",
    "known_images",
    "last_imports",
    "list_catalogues",
    "list_entries",
    "list_sets",
    "mark_unindexed",
    "nearest_ready",
    "of_entries",
    "open_import",
    "overlay",
    "overlay_state",
    "pending_images",
    "put_catalogue",
    "put_image",
    "put_lookup",
    "put_sets",
    "raise_generation",
    "remove",
    "set_catalogue",
    "set_image",
    "set_import",
    "shown_blobs",
    "stream_for_lookup",
    "unindexed",
]
