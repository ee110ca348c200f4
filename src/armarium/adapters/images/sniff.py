"""Which picture format some bytes are, by their first bytes alone."""

from typing import Final

from armarium.ports.images import ImageFormat

HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
GENERIC_BRANDS: Final = {b"mif1", b"msf1"}
"""HEIF containers that may hold AV1 too: the compatible brands decide."""

BRANDS_END = 64


def sniff(data: bytes) -> ImageFormat | None:
    """The format, or None for everything that is not taken (SVG, GIF, AVIF, PDF, HTML, …)."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:4] in {b"II*\x00", b"MM\x00*"}:
        return "tiff"
    if data[4:8] == b"ftyp" and _is_heic(data):
        return "heic"
    return None


def _is_heic(data: bytes) -> bool:
    if data[8:12] in HEIC_BRANDS:
        return True
    box = min(int.from_bytes(data[:4], "big"), BRANDS_END)
    compatible = {data[at : at + 4] for at in range(16, box, 4)}
    return data[8:12] in GENERIC_BRANDS and bool(compatible & HEIC_BRANDS)
