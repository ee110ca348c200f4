"""Socket for decoding pictures: what a file really is, and the smaller pictures made from it.

Called by the media room. Everything that comes in is hostile until it has been sniffed, measured
and decoded; nothing goes by its name or its declared type.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

ImageFormat = Literal["jpeg", "png", "webp", "tiff", "heic"]

CONTENT_TYPES: dict[ImageFormat, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "heic": "image/heic",
}

Refusal = Literal["unsupported_image", "too_many_pixels", "broken_image", "heic_decoder_missing"]


class ImageRefused(Exception):
    """The bytes are no picture that we take; `code` says why, `detail` for a person."""

    def __init__(self, code: Refusal, detail: str) -> None:
        super().__init__(detail)
        self.code: Refusal = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What the header says. `width` and `height` are pixels of the upright picture."""

    format: ImageFormat
    width: int
    height: int

    @property
    def content_type(self) -> str:
        """The type by content, whatever the sender called it."""
        return CONTENT_TYPES[self.format]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture made from an original: WebP, sRGB, 8 bits, upright, no metadata."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Renditions:
    """All that one decoding of an original gives.

    `pictures` by long side in pixels, true proportions, never enlarged. `placeholder` is a data
    URI of a few hundred bytes, blurred, to show until the picture has come.
    """

    facts: ImageFacts
    pictures: dict[int, Rendition]
    placeholder: str


class ImageEngine(Protocol):
    """Decodes bytes that nobody has checked; runs off the event loop; bounds its memory."""

    async def inspect(self, data: bytes) -> ImageFacts:
        """Read the header only. `ImageRefused` for a stranger, a bomb, or a missing decoder."""
        ...

    async def render(self, data: bytes, sizes: Sequence[int]) -> Renditions:
        """Decode once and make a picture per size (long side, pixels). `ImageRefused` as above.

        Orientation is applied, colors are converted to sRGB, and place and camera are left out.
        Of several frames or pages the first counts.
        """
        ...

    async def turn(self, data: bytes, degrees: int) -> bytes:
        """The picture turned clockwise by 90, 180 or 270 degrees, as JPEG. `ImageRefused`."""
        ...
