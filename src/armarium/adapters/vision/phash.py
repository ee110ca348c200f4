"""256-bit perceptual hash: the signs of a picture's coarsest waves.

Stored as 32 bytes, most significant bit first, so that PostgreSQL's bit(256) reads it directly.
Unrelated pictures differ in about 128 bits; the same print photographed again in 20 to 70.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def phash(gray: Array) -> bytes:
    """Hash of a gray picture of any size and shape (stretched to a square)."""
    return _hash_square(_square(gray))


def phashes(gray: Array) -> tuple[bytes, bytes, bytes, bytes]:
    """Hashes of the picture turned clockwise by 0, 90, 180 and 270 degrees."""
    square = _square(gray)
    first, second, third, fourth = (_hash_square(np.rot90(square, -turn)) for turn in range(4))
    return first, second, third, fourth


def distance(first: bytes, second: bytes) -> int:
    """Bits that differ, 0 to 256."""
    return (int.from_bytes(first) ^ int.from_bytes(second)).bit_count()


def _square(gray: Array) -> Array:
    small = cv2.resize(gray, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8))


def _hash_square(square: Array) -> bytes:
    waves = cv2.dct(np.ascontiguousarray(square))[1:17, 1:17].ravel()
    return np.packbits(waves > np.median(waves)).tobytes()
