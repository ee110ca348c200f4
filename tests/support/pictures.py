"""Pictures made for tests: honest ones, and ones that were made to harm."""

import struct
import zlib
from typing import Any

import pyvips

GPS_LATITUDE = "51/1 30/1 26/1"


def picture(width: int = 60, height: int = 40, *, kind: str = "jpg", **options: Any) -> bytes:
    """Noise, so that pictures differ and thumbnails have something to show."""
    return noise(width, height).write_to_buffer(f".{kind}", **options)


def noise(width: int, height: int) -> Any:
    image: Any = pyvips.Image.gaussnoise(width, height, mean=128, sigma=40).cast("uchar")
    return image.bandjoin([image.linear(0.5, 40).cast("uchar"), 200]).copy(interpretation="srgb")


def with_orientation(orientation: int, width: int = 60, height: int = 40) -> bytes:
    """As a phone held sideways writes it: pixels as they came, the turn in EXIF."""
    image = noise(width, height).copy()
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    return image.jpegsave_buffer()


def with_place() -> bytes:
    """A photo that says where it was taken."""
    image = noise(60, 40).copy()
    for name, value in {
        "exif-ifd3-GPSLatitude": GPS_LATITUDE,
        "exif-ifd3-GPSLatitudeRef": "N",
        "exif-ifd0-Model": "SecretPhone 9",
    }.items():
        image.set_type(pyvips.GValue.gstr_type, name, value)
    return image.jpegsave_buffer()


def animated() -> bytes:
    image: Any = pyvips.Image.arrayjoin([noise(60, 40), noise(60, 40)], across=1).copy()
    image.set_type(pyvips.GValue.gint_type, "page-height", 40)
    return image.webpsave_buffer()


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header promises more pixels than it brings: a decompression bomb's front."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"\0"))


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def fake_heic() -> bytes:
    """An iPhone's container with a codec that this build can't decode."""
    av1 = noise(60, 40).heifsave_buffer(compression="av1")
    return (av1[:8] + b"heic" + av1[12:]).replace(b"av01", b"hvc1")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
GIF = b"GIF89a" + b"\0" * 60
PDF = b"%PDF-1.7\n" + b"\0" * 60


def polyglot() -> bytes:
    """A true JPEG with a page behind it."""
    return picture() + HTML
