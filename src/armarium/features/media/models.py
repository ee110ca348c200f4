"""What the media room gives to others: media with their variants, commands, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from armarium.ports.blobs import UploadTicket

MAX_UPLOAD_BYTES = 25 * 1024 * 1024
MAX_UPLOAD_PIXELS = 100_000_000
THUMBNAIL_SIDES = (128, 256, 512)
"""Long side in pixels; variants are named by it."""

DISPLAY, DISPLAY_SIDE = "display", 2048
"""A large upright picture for the item page, made when first asked for."""

ORIGINAL = "original"

MediaStatus = Literal["awaiting_upload", "stored", "ready", "failed"]
MEDIA_STATUSES: tuple[MediaStatus, ...] = ("awaiting_upload", "stored", "ready", "failed")
BLOB_STATES = ("pending", "stored")


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """Bounds and times of the room; settings may tighten them."""

    max_bytes: int = MAX_UPLOAD_BYTES
    ticket_lifetime: timedelta = timedelta(minutes=15)
    link_lifetime: timedelta = timedelta(minutes=15)
    unheld_grace: timedelta = timedelta(days=1)
    """How long a picture that nothing uses stays: an upload that was never attached."""
    blob_grace: timedelta = timedelta(days=7)
    """How long an object outlives its last row, so that a database restored to an earlier day
    still finds its pictures."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One stored picture of a medium, in pixels."""

    name: str
    key: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or a crop of one. `width` and `height` are of the upright picture.

    `region` is where a crop lies in its parent, as its maker described it (corners in pixels of
    the upright parent).
    """

    space_id: UUID
    id: UUID
    parent_id: UUID | None
    filename: str
    content_type: str
    size: int
    width: int | None
    height: int | None
    sha256: str | None
    placeholder: str | None
    status: MediaStatus
    problem: str | None
    region: Any
    created_at: datetime
    created_by: UUID | None
    key: str
    variants: Mapping[str, Variant] = field(default_factory=dict[str, Variant])


@dataclass(frozen=True, slots=True)
class Upload:
    """A medium that waits for its bytes, and how to send them."""

    media: Media
    ticket: UploadTicket


@dataclass(frozen=True, slots=True)
class NewMedia:
    """The row of a medium that is about to get its bytes."""

    space_id: UUID
    id: UUID
    filename: str
    content_type: str
    size: int
    key: str
    created_by: UUID | None
    parent_id: UUID | None = None
    region: Any = None


@dataclass(frozen=True, slots=True)
class BlobAudit:
    """Objects and rows compared. Keys, oldest first; `repaired` counts what was put right."""

    without_row: tuple[str, ...]
    without_object: tuple[str, ...]
    repaired: int = 0


@dataclass(frozen=True, slots=True)
class ProcessMedia:
    """Command: make the thumbnails of a medium that has been stored (row S06)."""

    space_id: UUID
    media_id: UUID


@dataclass(frozen=True, slots=True)
class SweepMedia:
    """Command: remove what nothing uses in a space, after its grace period."""

    space_id: UUID
