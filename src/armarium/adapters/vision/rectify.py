"""Cuts a quad out of a photo and lays it flat, and says how usable the cut is."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry
from armarium.adapters.vision.image import shrink
from armarium.ports.vision import Quality

Array = NDArray[Any]

CROP_SIDE = 1400
"""Long side of a crop at most: a collector number on a 63 x 88 mm card is then 25 px tall."""

BLURRED = 0.62
"""`Quality.blur` from which small print is seldom read (measured with OCR on composed sheets)."""
GLARING = 0.06
SMALL = 220
"""Long side in pixels of the original under which small print can't be read."""


def rectify(photo: Array, quad: Array) -> Array:
    """The quad as an upright rectangle, first corner at the top left, at its own resolution."""
    lengths = geometry.sides(quad)
    wide, tall = (lengths[0] + lengths[2]) / 2, (lengths[1] + lengths[3]) / 2
    scale = min(1.0, CROP_SIDE / max(wide, tall))
    width, height = max(8, round(wide * scale)), max(8, round(tall * scale))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    if scale < 0.6:
        photo = np.asarray(cv2.GaussianBlur(photo, (0, 0), 0.4 / scale))
    flat = cv2.warpPerspective(
        photo, warp, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat)


def quality(crop: Array, *, width: int, height: int) -> Quality:
    """Blur, glare and size; `width` and `height` are those of the object in the original photo."""
    blur, burnt = round(blur_effect(crop), 3), round(glare(crop), 4)
    advice: list[str] = []
    if max(width, height) < SMALL:
        advice.append("too_small")
    if blur >= BLURRED:
        advice.append("blurred")
    if burnt >= GLARING:
        advice.append("glare")
    return Quality(blur=blur, glare=burnt, width=width, height=height, advice=tuple(advice))


def blur_effect(crop: Array) -> float:
    """0 sharp to 1 blurred: how little a further blur changes the picture at 512 px.

    After Crete, Dolmiere, Ladret and Nicolas, "The blur effect", SPIE 6492 (2007).
    """
    gray = cv2.cvtColor(shrink(crop, 512), cv2.COLOR_BGR2GRAY).astype(np.float32)
    worst = 0.0
    for axis in (0, 1):
        kernel = (1, 11) if axis == 0 else (11, 1)
        softer = cv2.blur(gray, kernel)
        sharp_change = np.abs(np.diff(gray, axis=axis))
        soft_change = np.abs(np.diff(softer, axis=axis))
        lost = np.maximum(sharp_change - soft_change, 0).sum()
        total = sharp_change.sum()
        worst = max(worst, float(1 - lost / total) if total > 0 else 1.0)
    return worst


def glare(crop: Array) -> float:
    """Share of the area burnt out to white in blobs that don't touch the rim (as borders do)."""
    small = shrink(crop, 512)
    burnt = (small.min(axis=2) >= 250).astype(np.uint8)
    burnt = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(burnt)
    height, width = burnt.shape
    total = 0
    for left, top, wide, tall, size in stats[1:count]:
        inside = left > 1 and top > 1 and left + wide < width - 1 and top + tall < height - 1
        if inside and size > 0.001 * width * height:
            total += int(size)
    return total / (width * height)
