"""Bytes to upright pixels and back, refusing what is hostile before it is decoded.

Limits follow the upload limits of the product: 25 MB and 100 megapixels an image.
"""

from typing import Any

import cv2
import numpy as np
import pyvips
from numpy.typing import NDArray

from armarium.adapters.images.heic import NoDecoder, NotReadable, heic_as_tiff, heic_size
from armarium.adapters.images.sniff import sniff
from armarium.ports.inference import InputRefused

Array = NDArray[Any]

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 100_000_000
MAX_RATIO = 100
MAX_SIDE = 4800
"""Photos are kept at most this long: 17 megapixels and 52 MB for the usual 4 to 3."""


def decode_upright(data: bytes, *, max_side: int = MAX_SIDE) -> tuple[Array, int, int]:
    """BGR pixels with EXIF orientation applied, and the upright original's width and height.

    The pixels are smaller than the original when it is longer than `max_side`. Transparency is
    laid on white, gray and CMYK become color. Raises InputRefused.
    """
    if len(data) > MAX_BYTES:
        raise InputRefused("image_too_large", "The image is over 25 MB.")
    data = _without_container(data)
    width, height = upright_size(data)
    size = min(max_side, max(width, height))
    try:
        source = pyvips.Image.new_from_buffer(data, "", access="sequential", fail_on="truncated")
        image = source.thumbnail_image(size, height=size, size="down")
        pixels = _to_rgb(image).numpy()
    except pyvips.Error as error:
        raise InputRefused("damaged_image", "The image is damaged or cut off.") from error
    return np.ascontiguousarray(pixels[..., ::-1]), width, height


def _without_container(data: bytes) -> bytes:
    """HEIC is unpacked; the media room has measured it when it came."""
    if sniff(data) != "heic":
        return data
    try:
        width, height = heic_size(data)
        if width * height > MAX_PIXELS:
            raise InputRefused("too_many_pixels", "The image has more than 100 megapixels.")
        return heic_as_tiff(data)
    except NoDecoder as error:
        raise InputRefused("not_an_image", "HEIC can't be decoded here.") from error
    except NotReadable as error:
        raise InputRefused("damaged_image", "The image is damaged or cut off.") from error


def upright_size(data: bytes) -> tuple[int, int]:
    """Width and height once EXIF orientation is applied, from the header alone."""
    pyvips.block_untrusted_set(True)  # libvips names no argument here
    try:
        header = pyvips.Image.new_from_buffer(data, "", access="sequential")
    except pyvips.Error as error:
        raise InputRefused("not_an_image", "The file is no image that can be read.") from error
    width, height = int(header.width), int(header.height)
    if width * height > MAX_PIXELS:
        raise InputRefused("too_many_pixels", "The image has more than 100 megapixels.")
    if min(width, height) < 16:
        raise InputRefused("image_too_small", "The image is smaller than 16 pixels.")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise InputRefused("image_too_narrow", "The image is over 100 times as long as it is wide.")
    turned = header.get_typeof("orientation") != 0 and header.get("orientation") in {5, 6, 7, 8}
    return (height, width) if turned else (width, height)


def _to_rgb(image: Any) -> Any:
    """Three 8-bit sRGB bands."""
    if image.interpretation not in {"srgb", "b-w"} or image.format != "uchar":
        image = image.colourspace("srgb").cast("uchar")
    if image.hasalpha():
        image = image.flatten(background=[255, 255, 255])
    return image.bandjoin([image, image]) if image.bands == 1 else image[:3]


def encode_jpeg(pixels: Array, *, quality: int = 90) -> bytes:
    """A JPEG of BGR pixels, no metadata."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def shrink(pixels: Array, side: int) -> Array:
    """At most `side` pixels long, never enlarged."""
    scale = side / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = [max(1, round(length * scale)) for length in pixels.shape[1::-1]]
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
