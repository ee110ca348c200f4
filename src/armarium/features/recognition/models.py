"""What a scan, a detection and a candidate are, and the commands that make them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

ScanStatus = Literal["queued", "running", "done", "failed"]
Decision = Literal["accepted", "review", "unknown"]
DetectionState = Literal["pending", "open", "accepted", "discarded", "split", "merged"]

SCAN_STATUSES: tuple[ScanStatus, ...] = ("queued", "running", "done", "failed")
DECISIONS: tuple[Decision, ...] = ("accepted", "review", "unknown")
DETECTION_STATES: tuple[DetectionState, ...] = (
    "pending",
    "open",
    "accepted",
    "discarded",
    "split",
    "merged",
)
ENVELOPE_VERSION = 1
STEPS_A_PHOTO = 5
"""Thumbnails, detection, reading, identification, drafts: what progress counts."""

Box = tuple[tuple[float, float], ...]
"""Four corners in pixels of the upright original, clockwise from the crop's top left."""


@dataclass(frozen=True, slots=True)
class ProcessPhoto:
    """Take one photo of a scan from upload to drafts."""

    space_id: UUID
    user_id: UUID
    scan_id: UUID
    photo_id: UUID


@dataclass(frozen=True, slots=True)
class ReadDetections:
    """Identify detections of a photo: boxes that a person drew, or finds to look at again."""

    space_id: UUID
    user_id: UUID
    scan_id: UUID
    photo_id: UUID
    detection_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A catalogue entry that a detection may show; `score` is a calibrated probability."""

    entry_id: UUID
    kind: str
    title: str
    subtitle: str | None
    external_ids: Mapping[str, Any]
    score: float
    evidence: Mapping[str, Any]
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Identification:
    """What the cascade says of one crop."""

    decision: Decision
    candidates: Sequence[Candidate]
    kind: str
    rotation: int = 0
    """Degrees clockwise that turn the crop upright."""


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A stored upload that a scan is about."""

    id: UUID
    media_id: UUID
    position: int


@dataclass(frozen=True, slots=True)
class ScanPhotoView:
    """A photo of a scan with its own progress."""

    id: UUID
    media_id: UUID
    position: int
    status: ScanStatus
    done: int
    note: str
    width: int | None
    height: int | None
    error: str | None


@dataclass(frozen=True, slots=True)
class DetectionView:
    """A detection as the inbox and the scan page show it."""

    id: UUID
    scan_id: UUID
    photo_id: UUID
    media_id: UUID
    crop_media_id: UUID | None
    position: int
    box: Box
    score: float
    region: str
    kind: str
    ocr: Mapping[str, Any]
    quality: Mapping[str, Any]
    candidates: Sequence[Mapping[str, Any]]
    decision: Decision
    state: DetectionState
    item_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class FeatureEnvelope:
    """What was extracted from one crop: the typed input of whoever judges or values the thing."""

    version: int
    """Of this shape; readers ignore keys that they do not know."""
    media_id: UUID
    """The crop, or the photo where the whole of it is the thing."""
    box: Box
    text: str
    lines: Sequence[Mapping[str, Any]]
    """Words with boxes in pixels of the crop and confidences from 0 to 1."""
    kind: str
    labels: Mapping[str, float]
    """What the finder took it for, with its confidence from 0 to 1."""
    quality: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Analysis:
    """How one item was read and identified, and when."""

    id: UUID
    item_id: UUID
    scan_id: UUID
    created_at: datetime
    features: FeatureEnvelope
    decision: Decision
    state: DetectionState
    candidates: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ScanView:
    """A scan with its photos and detections."""

    id: UUID
    status: ScanStatus
    kind: str | None
    catalogue: str | None
    created_at: datetime
    finished_at: datetime | None
    error: str | None
    photos: Sequence[ScanPhotoView]
    detections: Sequence[DetectionView] = field(default_factory=tuple)

    @property
    def done(self) -> int:
        """Finished steps over all photos."""
        return sum(photo.done for photo in self.photos)

    @property
    def total(self) -> int:
        """Steps that all photos need."""
        return STEPS_A_PHOTO * len(self.photos)

    @property
    def note(self) -> str:
        """What the first unfinished photo is at."""
        return next((p.note for p in self.photos if p.status in {"queued", "running"}), "")


@dataclass(frozen=True, slots=True)
class Refused:
    """A detection of a batch that could not be accepted, and why."""

    detection_id: UUID
    code: str
    detail: str
