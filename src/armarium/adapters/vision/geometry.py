"""Plane geometry of quads, shared by detection and by its benchmark.

A quad is a (4, 2) float array of x, y in pixels, clockwise on the screen.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def area(quad: Array) -> float:
    """Shoelace area; positive for clockwise corners in image coordinates."""
    x, y = quad[:, 0], quad[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def overlap(first: Array, second: Array) -> float:
    """Area in common, in square pixels, of two convex polygons."""
    if (first.max(axis=0) <= second.min(axis=0)).any():
        return 0.0
    if (second.max(axis=0) <= first.min(axis=0)).any():
        return 0.0
    common, _ = cv2.intersectConvexConvex(first.astype(np.float32), second.astype(np.float32))
    return float(common)


def iou(first: Array, second: Array) -> float:
    """Intersection over union, 0 to 1."""
    common = overlap(first, second)
    return common / max(abs(area(first)) + abs(area(second)) - common, 1e-9)


def sides(quad: Array) -> Array:
    """Lengths of the four sides, the top one first."""
    return np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1)


def clockwise(points: Array) -> Array:
    """Four points in clockwise order, starting with the one nearest the top left."""
    center = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - center[1], points[:, 0] - center[0]))]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def is_sane(quad: Array, *, min_side: float, max_skew: float = 0.62) -> bool:
    """`are_sane` for one quad."""
    return bool(are_sane(quad[None], min_side=min_side, max_skew=max_skew)[0])


def are_sane(quads: Array, *, min_side: float, max_skew: float = 0.62) -> Array:
    """For (n, 4, 2): convex, no sliver, opposite sides comparable, corners near right angles.

    `max_skew` bounds the cosine of the corners: .62 allows 52 to 128 degrees, which is more than
    a hand-held photo of a rectangle shows.
    """
    ways = np.roll(quads, -1, axis=1) - quads
    lengths = np.maximum(np.linalg.norm(ways, axis=2), 1e-9)
    units = ways / lengths[..., None]
    before = np.roll(units, 1, axis=1)
    turns = units[..., 1] * before[..., 0] - units[..., 0] * before[..., 1]
    cosines = np.abs((units * before).sum(axis=2))
    longer = np.maximum(lengths[:, :2], lengths[:, 2:])
    opposite = np.minimum(lengths[:, :2], lengths[:, 2:]) / longer
    return (
        (lengths.min(axis=1) >= min_side)
        & (turns > 0).all(axis=1)
        & (cosines.max(axis=1) <= max_skew)
        & (opposite.min(axis=1) >= 0.6)
    )


def meet(first: Array, second: Array) -> Array:
    """Crossing points of (..., 3) lines ax + by = c, far away where they are parallel."""
    cross = first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    cross = np.where(np.abs(cross) < 1e-6, 1e-6, cross)
    x = (first[..., 2] * second[..., 1] - first[..., 1] * second[..., 2]) / cross
    y = (first[..., 0] * second[..., 2] - first[..., 2] * second[..., 0]) / cross
    return np.stack([x, y], axis=-1)


def from_lines(lines: Array) -> Array | None:
    """Corners where four consecutive lines (a, b, c with ax + by = c) meet; None if parallel."""
    before = lines[[3, 0, 1, 2]]
    cross = before[:, 0] * lines[:, 1] - before[:, 1] * lines[:, 0]
    return None if (np.abs(cross) < 1e-6).any() else meet(before, lines)
