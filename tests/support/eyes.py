"""Vision and reading with less behind them: what a photo shows is written down beforehand.

A `Scene` is a photo together with what the models would find in it. `Eyes` implements the vision
and reading ports over scenes; crops are real pictures, told apart by their bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyvips

from armarium.kit.visual import ImageFeatures, VisualMatch
from armarium.ports.inference import InputRefused
from armarium.ports.ocr import Reading, TextLine
from armarium.ports.vision import Detection, PhotoDetections, Quad, Quality, Reference
from tests.support.pictures import noise

SIDE = 300


@dataclass
class Thing:
    """Something in a photo: what is printed on it, and which reference pictures it matches."""

    text: str
    matches: dict[str, float] = field(default_factory=dict)
    rotation: int = 0


def photo_of(things: Sequence[Thing]) -> bytes:
    """A photo wide enough for the things side by side; its noise makes it unique."""
    return noise(SIDE * max(1, len(things)), SIDE).jpegsave_buffer(Q=90)


class Eyes:
    """VisionModel and TextReader over scenes that a test wrote."""

    feature_model = "written-down"

    def __init__(self) -> None:
        self.scenes: dict[str, list[Thing]] = {}
        self.crops: dict[str, Thing] = {}
        self.calls: list[str] = []

    def show(self, *things: Thing | str) -> bytes:
        """A photo of these; texts stand for things that match no picture."""
        written = [Thing(thing) if isinstance(thing, str) else thing for thing in things]
        photo = photo_of(written)
        self.remember(photo, written)
        return photo

    def remember(self, photo: bytes, things: list[Thing]) -> None:
        """That this photo shows these."""
        self.scenes[digest(photo)] = things

    def scene_of(self, photo: bytes) -> list[Thing]:
        """What was written down of it."""
        return self.scenes[digest(photo)]

    async def detect(self, image: bytes, *, limit: int = 60) -> PhotoDetections:
        self.calls.append("detect")
        if digest(image) not in self.scenes:
            raise InputRefused("not_an_image", "nobody wrote down what this photo shows")
        things = self.scenes[digest(image)][:limit]
        found = [self._cut(image, box_at(place), thing) for place, thing in enumerate(things)]
        return PhotoDetections(SIDE * max(1, len(things)), SIDE, tuple(found))

    async def crop(self, image: bytes, box: Quad) -> Detection:
        self.calls.append("crop")
        place = int(box[0][0] // SIDE)
        return self._cut(image, box, self.scenes[digest(image)][place])

    async def features(self, image: bytes) -> ImageFeatures:
        self.calls.append("features")
        mark = hashlib.sha256(image).digest()
        return ImageFeatures(
            self.feature_model, (mark,) * 4, (1.0,) + (0.0,) * 255, mark, SIDE, SIDE
        )

    async def verify(
        self, features: ImageFeatures, references: Sequence[Reference]
    ) -> list[VisualMatch]:
        thing = self.crops[features.local.hex()]
        found = [
            VisualMatch(
                each.id, thing.matches.get(each.id, 0.0), 9, 0.9, 80, 0.8, 0.9, thing.rotation
            )
            for each in references
        ]
        return sorted(found, key=lambda match: -match.score)

    async def read(self, image: bytes, *, corners: bool = True, rotation: Any = None) -> Reading:
        self.calls.append("read")
        thing = self.crops[digest(image)]
        lines = tuple(
            TextLine(line, box_at(0), 0.97) for line in thing.text.splitlines() if line.strip()
        )
        return Reading(thing.text, lines, thing.rotation, 0.97, "written-down")

    def _cut(self, image: bytes, box: Quad, thing: Thing) -> Detection:
        picture: Any = pyvips.Image.jpegload_buffer(image)
        left, top = int(box[0][0]), int(box[0][1])
        width, height = int(box[2][0]) - left, int(box[2][1]) - top
        crop = picture.crop(left, top, width, height).jpegsave_buffer(Q=90)
        self.crops[digest(crop)] = thing
        return Detection(box, 0.9, "quad", crop, Quality(0.1, 0.0, width, height))


def box_at(place: int) -> Quad:
    left = float(place * SIDE)
    return ((left, 0.0), (left + SIDE, 0.0), (left + SIDE, float(SIDE)), (left, float(SIDE)))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
