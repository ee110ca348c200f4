"""Where lines of text stand: geometry around the recognizer, no model.

Boxes are (4, 2) float arrays in pixels, the first corner where reading starts.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.kit.visual import Rotation

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One recognized line; `box` in the pixels of the image that was read."""

    text: str
    box: Array
    confidence: float
    from_corner: bool = False


def turn(image: Array, rotation: Rotation) -> Array:
    """The image turned clockwise."""
    return np.ascontiguousarray(np.rot90(image, -(rotation // 90)))


def turn_back(box: Array, rotation: Rotation, width: int, height: int) -> Array:
    """A box of the turned image in the pixels of the original, whose size is given."""
    x, y = box[:, 0], box[:, 1]
    if rotation == 90:
        return np.column_stack([y, height - x])
    if rotation == 180:
        return np.column_stack([width - x, height - y])
    if rotation == 270:
        return np.column_stack([width - y, x])
    return box


def is_tall(box: Array) -> bool:
    """Whether a line's box stands upright on its short side, as sideways text does."""
    across = np.linalg.norm(box[1] - box[0]) + np.linalg.norm(box[2] - box[3])
    down = np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])
    return bool(down > 1.5 * across)


def cut(image: Array, box: Array) -> Array:
    """The box laid flat."""
    across = max(np.linalg.norm(box[1] - box[0]), np.linalg.norm(box[2] - box[3]))
    down = max(np.linalg.norm(box[3] - box[0]), np.linalg.norm(box[2] - box[1]))
    width, height = max(4, round(float(across))), max(4, round(float(down)))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(box.astype(np.float32), target)
    flat = cv2.warpPerspective(
        image, warp, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(flat)


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Top to bottom, then left to right among lines that share half of their height."""
    rest = sorted(lines, key=lambda line: float(line.box[:, 1].mean()))
    rows: list[list[Line]] = []
    for line in rest:
        middle = float(line.box[:, 1].mean())
        if rows:
            head = rows[-1][0].box[:, 1]
            if middle < float(head.mean()) + 0.35 * float(np.ptp(head)):
                rows[-1].append(line)
                continue
        rows.append([line])
    return [
        line for row in rows for line in sorted(row, key=lambda each: float(each.box[:, 0].min()))
    ]


CORNER_WIDE = 0.5
CORNER_TALL = 0.11
"""Shares of the picture's width and height that a corner takes."""


def corner_boxes(image: Array, known: list[Line]) -> list[Array]:
    """Text-like strips in the four corners that no known line covers, at most three a corner.

    Collector numbers are small and alone; the detector, which sees the whole card, misses some.
    """
    height, width = image.shape[:2]
    wide, tall = int(width * CORNER_WIDE), int(height * CORNER_TALL)
    found: list[Array] = []
    for left in (0, width - wide):
        for top in (0, height - tall):
            region = image[top : top + tall, left : left + wide]
            strips = [np.array([left, top, left, top]) + strip for strip in _strips(region, height)]
            fresh = [strip for strip in strips if not _covered(strip, known)]
            found += [_as_box(strip) for strip in fresh[:3]]
    return found


def _strips(region: Array, full_height: int) -> list[Array]:
    """Left, top, right, bottom of runs of small dark or light marks, the widest first."""
    gray = cv2.cvtColor(region, cv2.COLOR_BGR2GRAY)
    reach = max(5, full_height // 60) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    strips: list[Array] = []
    for way in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT):
        marks = cv2.morphologyEx(gray, way, kernel)
        level, _ = cv2.threshold(marks, 0, 255, cv2.THRESH_OTSU)
        mask = (marks > max(level, 18)).astype(np.uint8)
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, reach * 2), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        for left, top, wide, tall, size in stats[1:count]:
            low, high = 0.008 * full_height, 0.035 * full_height
            if low <= tall <= high and 1.2 * tall <= wide and size > 0.25 * wide * tall:
                pad = tall * 0.3
                strips.append(
                    np.array([left - pad, top - pad, left + wide + pad, top + tall + pad])
                )
    return sorted(strips, key=lambda strip: float(strip[0] - strip[2]))


def _covered(strip: Array, known: list[Line]) -> bool:
    middle = np.array([(strip[0] + strip[2]) / 2, (strip[1] + strip[3]) / 2])
    for line in known:
        low, high = line.box.min(axis=0), line.box.max(axis=0)
        if (middle >= low).all() and (middle <= high).all():
            return True
    return False


def _as_box(strip: Array) -> Array:
    left, top, right, bottom = strip
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
