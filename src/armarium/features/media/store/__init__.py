"""Rows of media and blobs: `MediaStore`, and those of archives. Never commits, never decides."""

from armarium.features.media.store.bringing import (
    bring_media,
    claim,
    join_parents,
    media_ids,
    original_blobs,
    unknown_keys,
)
from armarium.features.media.store.counting import stored_bytes
from armarium.features.media.store.media import MediaStore, StoredPicture
from armarium.features.media.store.owned import OWNED

__all__ = [
    "OWNED",
    "MediaStore",
    "StoredPicture",
    "bring_media",
    "claim",
    "join_parents",
    "media_ids",
    "original_blobs",
    "stored_bytes",
    "unknown_keys",
]
