"""Pictures by libvips: streaming, so a 100-megapixel original costs tens of megabytes, not 400.

libvips opens a header of 60,000 by 60,000 pixels happily, so dimensions are checked before
anything is decoded; loaders that were not made for hostile input are blocked; the loader is
named by our own sniffing, never guessed by the library.
"""

import asyncio
import base64
from collections.abc import Sequence
from typing import Any

import pyvips

from armarium.adapters.images.heic import NoDecoder, NotReadable, heic_as_tiff, heic_size
from armarium.adapters.images.sniff import sniff
from armarium.ports.images import (
    ImageFacts,
    ImageFormat,
    ImageRefused,
    Rendition,
    Renditions,
)

FAILURES = (pyvips.Error, NoDecoder, NotReadable)
LOADERS: dict[ImageFormat, str] = {
    "jpeg": "jpegload_buffer",
    "png": "pngload_buffer",
    "webp": "webpload_buffer",
    "tiff": "tiffload_buffer",
}
SWAPPED_ORIENTATIONS = {5, 6, 7, 8}
"""EXIF orientations that turn the picture by a quarter: width and height change places."""

QUALITY = 80
EFFORT = 2
"""Of the WebP encoder, 0 to 6: a quarter less processor time than its default of 4, 3 % larger."""
JPEG_QUALITY = 90
PLACEHOLDER_SIDE, PLACEHOLDER_QUALITY = 16, 25

HEIC_HELP = (
    "This installation can't decode HEIC pictures. Send JPEG instead (an iPhone does with "
    "Settings, Camera, Formats, Most Compatible; the web app converts where the browser can), "
    "or have `make heic` install the decoder."
)


class VipsImages:
    """An `ImageEngine`; stateless, safe from several tasks."""

    def __init__(self, *, max_pixels: int, threads: int = 2) -> None:
        """`max_pixels` bounds width times height of what is decoded."""
        pyvips.block_untrusted_set(True)
        pyvips.cache_set_max(0)
        vips: Any = pyvips  # its stub lacks the next call
        vips.concurrency_set(threads)
        self._max_pixels = max_pixels

    async def inspect(self, data: bytes) -> ImageFacts:
        """See the port."""
        return await asyncio.to_thread(self._inspect, data)

    async def render(self, data: bytes, sizes: Sequence[int]) -> Renditions:
        """See the port."""
        return await asyncio.to_thread(self._render, data, sizes)

    async def turn(self, data: bytes, degrees: int) -> bytes:
        """See the port."""
        return await asyncio.to_thread(self._turn, data, degrees)

    def _inspect(self, data: bytes) -> ImageFacts:
        kind = sniff(data)
        if kind is None:
            raise ImageRefused(
                "unsupported_image", "The file is not a JPEG, PNG, WebP, TIFF or HEIC picture."
            )
        try:
            width, height = heic_size(data) if kind == "heic" else _size(data, LOADERS[kind])
        except FAILURES as refused:
            raise _refusal(refused) from refused
        if width * height > self._max_pixels:
            raise ImageRefused(
                "too_many_pixels",
                f"The picture has {width * height / 1e6:,.0f} megapixels; "
                f"the limit is {self._max_pixels / 1e6:,.0f}.",
            )
        return ImageFacts(format=kind, width=width, height=height)

    def _render(self, data: bytes, sizes: Sequence[int]) -> Renditions:
        facts = self._inspect(data)
        try:
            largest = _upright(_readable(data, facts), max(sizes))
            pictures = {size: _webp(_smaller(largest, size), QUALITY) for size in sizes}
            tiny = _webp(_smaller(largest, PLACEHOLDER_SIDE), PLACEHOLDER_QUALITY)
        except FAILURES as refused:
            raise _refusal(refused) from refused
        encoded = base64.b64encode(tiny.data).decode()
        return Renditions(
            facts=facts, pictures=pictures, placeholder=f"data:image/webp;base64,{encoded}"
        )

    def _turn(self, data: bytes, degrees: int) -> bytes:
        facts = self._inspect(data)
        try:
            picture = _upright(_readable(data, facts), max(facts.width, facts.height)).rot(
                f"d{degrees}"
            )
            turned: bytes = picture.jpegsave_buffer(Q=JPEG_QUALITY, keep="none")
        except FAILURES as refused:
            raise _refusal(refused) from refused
        return turned


def _size(data: bytes, loader: str) -> tuple[int, int]:
    """Upright width and height, by the header alone."""
    header: Any = getattr(pyvips.Image, loader)(data, access="sequential")
    width, height = int(header.width), int(header.height)
    if header.get_typeof("orientation") and header.get("orientation") in SWAPPED_ORIENTATIONS:
        return height, width
    return width, height


def _readable(data: bytes, facts: ImageFacts) -> bytes:
    """What libvips decodes by itself."""
    return heic_as_tiff(data) if facts.format == "heic" else data


def _upright(data: bytes, side: int) -> Any:
    """Decoded, turned, in sRGB with 8 bits, at most `side` pixels long, whole in memory.

    `fail_on` goes to the loader by its option string: the argument of `thumbnail` is not passed on
    (libvips 8.18), and half a photo would come out gray.
    """
    image: Any = pyvips.Image.thumbnail_buffer(
        data,
        side,
        height=side,
        size="down",
        option_string="[fail_on=truncated]",
        output_profile="srgb",
        intent="perceptual",
    )
    return image.copy_memory()


def _smaller(image: Any, side: int) -> Any:
    if max(image.width, image.height) <= side:
        return image
    return image.thumbnail_image(side, height=side, size="down")


def _webp(image: Any, quality: int) -> Rendition:
    data: bytes = image.webpsave_buffer(Q=quality, effort=EFFORT, keep="none")
    return Rendition(data=data, width=image.width, height=image.height)


def _refusal(error: Exception) -> ImageRefused:
    if isinstance(error, NoDecoder):
        return ImageRefused("heic_decoder_missing", HEIC_HELP)
    lines = str(error).strip().splitlines() or ["unknown format"]
    return ImageRefused("broken_image", f"The picture can't be decoded ({lines[-1]}).")
