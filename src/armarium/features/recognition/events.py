"""What recognition says happened."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from armarium.platform.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanProgressed(Event):
    """A photo of a scan came a step further; pages that follow the scan load it again."""

    type: ClassVar[str] = "ScanProgressed"
    source: ClassVar[str] = "collections.scanner"

    scan_id: UUID
    photo_id: UUID
    done: int
    total: int
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AnalysisComplete(Event):
    """A detection was read and identified; `item_id` is null while a person must decide."""

    type: ClassVar[str] = "AnalysisComplete"
    source: ClassVar[str] = "collections.analyzer"

    item_id: UUID | None
    analysis_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewChanged(Event):
    """A person decided, undid, split or merged detections; open inboxes load again."""

    type: ClassVar[str] = "ReviewChanged"
    source: ClassVar[str] = "collections.reviewer"

    detection_ids: list[UUID]
    action: str
