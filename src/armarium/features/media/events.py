"""What the media room says."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from armarium.platform.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageProcessed(Event):
    """The thumbnails of an upload are there. `item_id` is null until the photo has an item."""

    type: ClassVar[str] = "ImageProcessed"
    source: ClassVar[str] = "collections.imageprocessor"

    media_id: UUID
    item_id: UUID | None
    user_id: UUID | None
    bucket: str
    original_key: str
    thumbnail_key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageFailed(Event):
    """An upload can't be decoded; `problem` is the code of the reason."""

    type: ClassVar[str] = "ImageFailed"
    source: ClassVar[str] = "collections.imageprocessor"

    media_id: UUID
    problem: str
