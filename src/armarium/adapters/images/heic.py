"""HEIC by an optional decoder (`make heic`): libheif and libde265, by pillow-heif.

The library opens the container without decoding, so the size is known before memory is asked for,
and applies the container's own turns and mirrors. What comes out is an uncompressed TIFF for the
libraries that read everything else.
"""

from typing import Any

import pyvips

try:
    import pillow_heif
except ImportError:
    pillow_heif: Any = None


BROKEN = (ValueError, RuntimeError, EOFError, OSError, SyntaxError, IndexError, KeyError)
"""What the library raises at broken files."""


class NoDecoder(Exception):
    """The optional package is not installed."""


class NotReadable(Exception):
    """The container or its picture is broken."""


def heic_size(data: bytes) -> tuple[int, int]:
    """Width and height of the upright primary picture.

    Raises:
        NoDecoder: the optional package is not installed.
        NotReadable: there is no picture in it.
    """
    width, height = _open(data).size
    return width, height


def heic_as_tiff(data: bytes) -> bytes:
    """The upright primary picture, 8 bits a channel, with its color profile. Raises as above.

    Measure first: it unfolds to three or four bytes a pixel, twice for a moment.
    """
    picture = _open(data)
    try:
        pixels = memoryview(picture.data)
    except BROKEN as broken:
        raise NotReadable(str(broken)) from broken
    width, height = picture.size
    bands = len(picture.mode)
    rows: Any = pyvips.Image.new_from_memory(
        _packed(pixels, picture.stride, width * bands), width, height, bands, "uchar"
    )
    image = rows.copy(interpretation="srgb")
    if profile := picture.info.get("icc_profile"):
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    tiff: bytes = image.tiffsave_buffer(compression="none")
    return tiff


def _open(data: bytes) -> Any:
    if pillow_heif is None:
        raise NoDecoder
    try:
        opened = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        return opened[opened.primary_index]
    except BROKEN as broken:
        raise NotReadable(str(broken)) from broken


def _packed(pixels: memoryview, stride: int, row: int) -> bytes:
    """Rows without the padding between them."""
    if stride == row:
        return bytes(pixels)
    return b"".join(pixels[at : at + row] for at in range(0, len(pixels), stride))
