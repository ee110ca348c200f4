from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    computed_field,
    field_validator,
)

from armarium.features.recognition.models import (
    Analysis,
    Candidate,
    Decision,
    DetectionState,
    DetectionView,
    Identification,
    Refused,
    ScanPhotoView,
    ScanStatus,
    ScanView,
)
from armarium.platform.wire import Body

Corner = tuple[float, float]
Lower = BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)
Word = Annotated[str, Lower, Field(max_length=60)]


def media_url(media_id: UUID, variant: str) -> str:
    """Where a picture is served."""
    return f"/api/v1/media/{media_id}/{variant}"


class ScanStarted(BaseModel):
    id: UUID
    status: ScanStatus


class ProgressOut(BaseModel):
    done: int = Field(examples=[3], description="Finished steps.")
    total: int = Field(examples=[5], description="Steps in all.")
    note: str = Field(examples=["reading"], description="What is being done now.")


class PhotoOut(BaseModel):
    id: UUID
    media_id: UUID
    status: ScanStatus
    width: int | None = Field(description="Pixels of the upright original; null until it was read.")
    height: int | None
    url: str
    thumbnail_url: str
    error: str | None

    @classmethod
    def of(cls, photo: ScanPhotoView) -> "PhotoOut":
        return cls(
            id=photo.id,
            media_id=photo.media_id,
            status=photo.status,
            width=photo.width,
            height=photo.height,
            url=media_url(photo.media_id, "display"),
            thumbnail_url=media_url(photo.media_id, "512"),
            error=photo.error,
        )


class OcrLineOut(BaseModel):
    text: str
    box: list[Corner] = Field(description="Corners in pixels of the crop.")
    confidence: float


class OcrOut(BaseModel):
    text: str = Field(examples=["THE FOOL"])
    confidence: float | None = None
    lines: list[OcrLineOut]


class QualityOut(BaseModel):
    blur: float | None = Field(default=None, description="0 sharp to 1 unreadable.")
    glare: float | None = Field(default=None, description="Share of the area burnt out, 0 to 1.")
    width: int | None = Field(default=None, description="Pixels of the object in the photo.")
    height: int | None = None
    advice: list[str] = Field(default_factory=list[str], examples=[["too_small"]])

    @computed_field(description="Width and height.", examples=[[350, 490]])
    @property
    def size(self) -> tuple[int, int] | None:
        if self.width is None or self.height is None:
            return None
        return self.width, self.height


class CandidateOut(BaseModel):
    catalogue_entry_id: UUID
    kind: str
    external_ids: Mapping[str, Any] = Field(examples=[{"tcgdex": "base1-4"}])
    title: str = Field(examples=["Charizard"])
    subtitle: str | None
    image_url: str | None
    score: float = Field(description="Calibrated probability, 0 to 1.", examples=[0.97])
    evidence: Mapping[str, Any] = Field(description="What each signal says.")

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateOut":
        return cls.of_json(
            {
                "entry_id": candidate.entry_id,
                "kind": candidate.kind,
                "external_ids": candidate.external_ids,
                "title": candidate.title,
                "subtitle": candidate.subtitle,
                "image_url": candidate.image_url,
                "score": candidate.score,
                "evidence": candidate.evidence,
            }
        )

    @classmethod
    def of_json(cls, values: Mapping[str, Any]) -> "CandidateOut":
        return cls(
            catalogue_entry_id=values["entry_id"],
            **{name: value for name, value in values.items() if name != "entry_id"},
        )


class DetectionOut(BaseModel):
    id: UUID
    scan_id: UUID
    media_id: UUID
    box: list[Corner] = Field(
        description="Four corners in pixels of the upright original, clockwise.",
        examples=[[[10, 10], [260, 12], [258, 440], [9, 438]]],
    )
    crop_url: str | None
    kind: str
    ocr: OcrOut
    quality: QualityOut
    candidates: list[CandidateOut]
    decision: Decision
    state: DetectionState
    item_id: UUID | None
    version: int

    @classmethod
    def of(cls, detection: DetectionView) -> "DetectionOut":
        crop = detection.crop_media_id
        return cls(
            id=detection.id,
            scan_id=detection.scan_id,
            media_id=detection.media_id,
            box=list(detection.box),  # pyright: ignore[reportArgumentType] - corners are pairs
            crop_url=None if crop is None else media_url(crop, "original"),
            kind=detection.kind,
            ocr=OcrOut(
                text=detection.ocr.get("text", ""),
                confidence=detection.ocr.get("confidence"),
                lines=detection.ocr.get("lines", []),
            ),
            quality=QualityOut(**detection.quality),
            candidates=[CandidateOut.of_json(each) for each in detection.candidates],
            decision=detection.decision,
            state=detection.state,
            item_id=detection.item_id,
            version=detection.version,
        )


class FeatureEnvelopeOut(BaseModel):
    """What was extracted from a picture; later versions only add keys."""

    model_config = ConfigDict(from_attributes=True)

    version: int = Field(examples=[1])
    media_id: UUID = Field(description="The crop that was read.")
    box: list[Corner] = Field(description="Where it lies in the upright photo, in pixels.")
    text: str = Field(examples=["Charizard 4/102"])
    lines: list[OcrLineOut]
    kind: str = Field(examples=["card"])
    labels: dict[str, float] = Field(
        description="What the finder took it for, with its confidence.", examples=[{"quad": 0.97}]
    )
    quality: QualityOut

    @field_validator("quality", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        return QualityOut(**value) if isinstance(value, Mapping) else value


class AnalysisOut(BaseModel):
    id: UUID = Field(description="`analysis_id` of the event AnalysisComplete.")
    item_id: UUID
    scan_id: UUID
    created_at: datetime
    crop_url: str
    features: FeatureEnvelopeOut
    decision: Decision
    state: DetectionState
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, analysis: Analysis) -> "AnalysisOut":
        return cls(
            id=analysis.id,
            item_id=analysis.item_id,
            scan_id=analysis.scan_id,
            created_at=analysis.created_at,
            crop_url=media_url(analysis.features.media_id, "original"),
            features=FeatureEnvelopeOut.model_validate(analysis.features),
            decision=analysis.decision,
            state=analysis.state,
            candidates=[CandidateOut.of_json(each) for each in analysis.candidates],
        )


class ScanSummaryOut(BaseModel):
    id: UUID
    status: ScanStatus
    kind: str | None
    catalogue: str | None
    created_at: datetime
    finished_at: datetime | None
    progress: ProgressOut
    error: str | None
    photos: list[PhotoOut]

    @classmethod
    def values_of(cls, scan: ScanView) -> dict[str, Any]:
        return {
            "id": scan.id,
            "status": scan.status,
            "kind": scan.kind,
            "catalogue": scan.catalogue,
            "created_at": scan.created_at,
            "finished_at": scan.finished_at,
            "progress": ProgressOut(done=scan.done, total=scan.total, note=scan.note),
            "error": scan.error,
            "photos": [PhotoOut.of(photo) for photo in scan.photos],
        }

    @classmethod
    def of(cls, scan: ScanView) -> "ScanSummaryOut":
        return cls(**cls.values_of(scan))


class ScanOut(ScanSummaryOut):
    detections: list[DetectionOut]

    @classmethod
    def of(cls, scan: ScanView) -> "ScanOut":
        found = [DetectionOut.of(detection) for detection in scan.detections]
        return cls(**cls.values_of(scan), detections=found)


class WaitingOut(DetectionOut):
    photo: PhotoOut

    @classmethod
    def of_pair(cls, pair: tuple[DetectionView, ScanPhotoView]) -> "WaitingOut":
        detection, photo = pair
        return cls(**DetectionOut.of(detection).model_dump(), photo=PhotoOut.of(photo))


class WaitingCount(BaseModel):
    waiting: int


class IdentifyIn(Body):
    kind: Word | None = Field(default=None, examples=["card"])
    text: str = Field(min_length=1, max_length=10_000, examples=["Charizard 4/102"])
    catalogue: Word | None = Field(default=None, examples=["tcgdex"])
    limit: int = Field(default=5, ge=1, le=50)


class IdentificationOut(BaseModel):
    decision: Decision
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, found: Identification) -> "IdentificationOut":
        return cls(
            decision=found.decision,
            candidates=[CandidateOut.of(candidate) for candidate in found.candidates],
        )


class TypedIn(Body):
    text: str = Field(min_length=1, max_length=10_000, examples=["4/102"])
    kind: Word | None = None


class ChooseIn(Body):
    catalogue_entry_id: UUID | None = None
    title: str | None = Field(default=None, min_length=1, max_length=500)
    kind: Word | None = Field(default=None, description="With `title`: the kind of the item.")


class SplitIn(Body):
    boxes: list[list[Corner]] = Field(description="One box of four corners a part.")


class MergeIn(Body):
    detection_ids: list[UUID] = Field(max_length=60)


class DetectionsIn(Body):
    detection_ids: list[UUID] = Field(min_length=1, max_length=200)


class RefusedOut(BaseModel):
    id: UUID
    code: str
    detail: str

    @classmethod
    def of(cls, refused: Refused) -> "RefusedOut":
        return cls(id=refused.detection_id, code=refused.code, detail=refused.detail)


class AcceptedManyOut(BaseModel):
    accepted: list[DetectionOut]
    failed: list[RefusedOut]
