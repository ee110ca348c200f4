"""Names and keys: where an object lies, and what a file may be called."""

from pathlib import PurePath
from uuid import UUID

from armarium.kit.text import clean_line

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/heic": "heic",
    "image/heif": "heic",
}
"""Types that may be announced; what the file really is, its content decides."""

INLINE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})
"""What a browser shows itself; everything else is offered as a download."""

MAX_NAME = 200


def original_key(space_id: UUID, media_id: UUID, content_type: str) -> str:
    """`{space}/{id}.jpg`; the extension is for people who look into the bucket."""
    return f"{space_id}/{media_id}.{EXTENSIONS[content_type]}"


def incoming_prefix(space_id: UUID) -> str:
    """`{space}/incoming`: all that tickets write."""
    return f"{space_id}/incoming"


def incoming_key(space_id: UUID, media_id: UUID) -> str:
    """`{space}/incoming/{id}`: where a ticket writes; never served, read once at completion."""
    return f"{incoming_prefix(space_id)}/{media_id}"


def crop_key(space_id: UUID, media_id: UUID, content_type: str) -> str:
    """`{space}/crops/{id}.jpg`."""
    return f"{space_id}/crops/{media_id}.{EXTENSIONS[content_type]}"


def variant_key(space_id: UUID, media_id: UUID, name: str) -> str:
    """`{space}/thumbnails/{id}-512.webp`."""
    return f"{space_id}/thumbnails/{media_id}-{name}.webp"


def plain_name(filename: str) -> str:
    """A file name to show: no folders, no control characters, bounded; may be empty."""
    return clean_line(PurePath(filename.replace("\\", "/")).name)[:MAX_NAME]
