"""Socket for seeing: photo to crops, crop to features, features to visual identity.

Called by the recognition room (scans) and the catalogue room (reference images). Images travel
as encoded bytes (JPEG, PNG, WebP, TIFF); coordinates are pixels of the upright image (EXIF
orientation applied), origin top left, x to the right, y down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from armarium.kit.visual import ROTATIONS, ImageFeatures, Rotation, VisualMatch

__all__ = [
    "ROTATIONS",
    "Detection",
    "ImageFeatures",
    "PhotoDetections",
    "Point",
    "Quad",
    "Quality",
    "Reference",
    "Region",
    "Rotation",
    "VisionModel",
    "VisualMatch",
]

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners clockwise on the screen, the crop's top left first."""

Region = Literal["quad", "object", "whole"]
"""`quad`: a flat rectangle, rectified. `object`: one salient thing. `whole`: the whole photo."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What a person should know before trusting a crop.

    `blur`: 0 sharp to 1 unreadable, from the spread of edges at a fixed working size, so it does
    not depend on the camera. `glare`: share of the area burnt out, 0 to 1. `width`, `height`:
    pixels of the object in the original photo, before any scaling. `advice` names what would
    help (`too_small`, `blurred`, `glare`); empty when nothing is wrong.
    """

    blur: float
    glare: float
    width: int
    height: int
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing found in a photo, cut out and straightened.

    `score` (0 to 1) says how much it looks like a separate flat object, not what it is. `crop`
    is a JPEG of at most 1,400 px on its long side, portrait unless the object lies wide; its
    rotation (0, 90, 180 or 270) is settled later by matching or reading.
    """

    box: Quad
    score: float
    region: Region
    crop: bytes
    quality: Quality


@dataclass(frozen=True, slots=True)
class PhotoDetections:
    """All detections of a photo, reading order, and the upright photo's size in pixels."""

    width: int
    height: int
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A catalogue picture on the shortlist; `id` is the caller's and is given back."""

    id: str
    phash: bytes
    embedding: tuple[float, ...]
    local: bytes


class VisionModel(Protocol):
    """Finds, cuts, describes and compares. Offline by default; a provider may be remote.

    Every call raises `InputRefused` or `InferenceUnavailable` (ports.inference).
    """

    @property
    def feature_model(self) -> str:
        """Name and version of what `features` computes; stored beside every reference."""
        ...

    async def detect(self, image: bytes, *, limit: int = 60) -> PhotoDetections:
        """Flat objects in a photo; never empty: falls back to an object or the whole photo."""
        ...

    async def crop(self, image: bytes, box: Quad) -> Detection:
        """The same as a detection for corners that a person drew (split, merge, correct)."""
        ...

    async def features(self, image: bytes) -> ImageFeatures:
        """Features of a crop or of a reference picture."""
        ...

    async def verify(
        self, features: ImageFeatures, references: Sequence[Reference]
    ) -> list[VisualMatch]:
        """Compare a crop with its shortlist (at most 64), best first."""
        ...
