"""Local features of a picture, packed small, and the geometry that two pictures share.

SIFT keypoints as RootSIFT, half a byte a dimension, with a 40 x 40 color thumbnail, compressed:
what `ImageFeatures.local` holds. Coordinates are shares of the picture's width and height.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

VERSION = 1
"""Of what is computed; `PACKING` only says how it is stored."""
PACKING = 2
_SIDE = 480
_THUMB = 40
_HEAD = struct.Struct("<BHHH")

_LEVELS = 15
_LOUDEST = 200
"""Descriptor value of the highest level; levels lie closer where values are small and common."""
_OF_LEVEL = np.round((np.arange(_LEVELS + 1) / _LEVELS) ** 2 * _LOUDEST).astype(np.uint8)
_TO_LEVEL = np.clip(np.round(np.sqrt(np.arange(256) / _LOUDEST) * _LEVELS), 0, _LEVELS).astype(
    np.uint8
)  # one call

_MANY_PAIRS = 20
_IN_PLACE = 0.15
"""Share of the side by which a keypoint of a well cut crop may be off its place."""
_WITNESSES = 3


@dataclass(frozen=True, slots=True)
class Local:
    """`points` (n, 2) in 0..1, `descriptors` (n, 128) uint8, `thumb` (40, 40, 3) CIELAB uint8."""

    points: Array
    descriptors: Array
    thumb: Array
    width: int
    height: int

    def pack(self) -> bytes:
        """Versioned bytes, about 65 a keypoint and 3,500 for the thumbnail: 21 KB a print."""
        places = np.clip(self.points * 65535, 0, 65535).astype("<u2")
        levels = _TO_LEVEL[self.descriptors]
        halves = levels[:, ::2] << 4 | levels[:, 1::2]
        head = _HEAD.pack(PACKING, len(self.points), self.width, self.height)
        body = b"".join([places.tobytes(), halves.tobytes(), self.thumb.tobytes()])
        return head + zlib.compress(body)


def unpack(data: bytes) -> Local:
    """The inverse of `Local.pack`, but for rounding; ValueError for anything else.

    Also takes the first packing, a byte a dimension and not compressed.
    """
    if len(data) < _HEAD.size:
        raise ValueError("local features are empty")
    packing, count, width, height = _HEAD.unpack_from(data)
    wide = 64 if packing == PACKING else 128
    length = count * (4 + wide) + _THUMB * _THUMB * 3
    body = data[_HEAD.size :]
    if packing == PACKING:
        body = _inflate(body, length)
    if packing not in {1, PACKING} or len(body) != length:
        raise ValueError("local features are of another version")
    points = np.frombuffer(body, "<u2", count * 2).reshape(-1, 2).astype(np.float32) / 65535
    stored = np.frombuffer(body, np.uint8, count * wide, count * 4).reshape(-1, wide)
    descriptors = stored
    if packing == PACKING:
        levels = np.stack([stored >> 4, stored & 15], axis=2).reshape(-1, 128)
        descriptors = _OF_LEVEL[levels]
    thumb = np.frombuffer(body, np.uint8, _THUMB * _THUMB * 3, count * (4 + wide))
    return Local(points, descriptors, thumb.reshape(_THUMB, _THUMB, 3), width, height)


def _inflate(body: bytes, length: int) -> bytes:
    """At most `length` bytes and one, however many the data claim."""
    try:
        return zlib.decompressobj().decompress(body, length + 1)
    except zlib.error as error:
        raise ValueError("local features are damaged") from error


def extract(picture: Array, *, count: int = 320) -> Local:
    """Keypoints of a BGR picture, the strongest spread over a 4 x 4 grid."""
    scale = _SIDE / max(picture.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    sized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)
    gray = cv2.cvtColor(sized, cv2.COLOR_BGR2GRAY)
    detector = cv2.SIFT.create(nfeatures=count * 3, contrastThreshold=0.02, edgeThreshold=12)
    found, raw = detector.detectAndCompute(gray, None)
    height, width = gray.shape
    thumb = cv2.resize(
        cv2.cvtColor(sized, cv2.COLOR_BGR2LAB), (_THUMB, _THUMB), interpolation=cv2.INTER_AREA
    )  # one call
    if len(found) == 0:
        empty = np.zeros((0, 2), np.float32)
        return Local(empty, np.zeros((0, 128), np.uint8), thumb, width, height)
    points = np.array([k.pt for k in found], np.float32) / (width, height)
    strength = np.array([k.response * k.size for k in found])
    keep = _spread(points, strength, count)
    root = np.sqrt(raw[keep] / np.maximum(raw[keep].sum(axis=1, keepdims=True), 1e-6))
    packed = np.clip(np.round(root * 512), 0, 255).astype(np.uint8)
    return Local(points[keep], packed, thumb, width, height)


def _spread(points: Array, strength: Array, count: int) -> Array:
    """Indices of the strongest points, at most an eighth of them in one of 16 cells."""
    cells = (np.clip(points, 0, 0.999) * 4).astype(int) @ np.array([1, 4])
    order = np.argsort(-strength)
    taken: list[int] = []
    used = np.zeros(16, int)
    for index in order:
        if used[cells[index]] < count // 8:
            used[cells[index]] += 1
            taken.append(int(index))
            if len(taken) == count:
                break
    return np.array(taken)


@dataclass(frozen=True, slots=True)
class Agreement:
    """`inliers` pairs under one map; `coverage` of the reference; `turn` clockwise degrees.

    `correlation` of the thumbnails once the crop is laid on the reference, -1 to 1.
    """

    inliers: int
    coverage: float
    turn: float
    correlation: float


NOTHING = Agreement(0, 0.0, 0.0, 0.0)


def compare(crop: Local, reference: Local) -> Agreement:
    """Geometric verification: ratio test, then one homography that is a plausible view."""
    pairs = _pairs(crop.descriptors, reference.descriptors)
    if len(pairs) < 5 or _hopeless(crop.points[pairs[:, 0]], reference.points[pairs[:, 1]]):
        return NOTHING
    seen = crop.points[pairs[:, 0]] * (crop.width, crop.height)
    known = reference.points[pairs[:, 1]] * (reference.width, reference.height)
    cv2.setRNGSeed(7)
    solved: tuple[Any, Any] = cv2.findHomography(
        seen.astype(np.float32), known.astype(np.float32), cv2.RANSAC, 6.0, maxIters=1500
    )
    warp, mask = solved
    if warp is None or not _plausible(warp, crop, reference):
        return NOTHING
    good = mask.ravel().astype(bool)
    inliers = _distinct_count(known[good])
    hull = cv2.convexHull(known[good].astype(np.float32))
    coverage = float(cv2.contourArea(hull)) / (reference.width * reference.height)
    turn = _turn(warp, crop)
    return Agreement(inliers, min(coverage, 1.0), turn, _overlaid(warp, crop, reference))


def _pairs(crop: Array, reference: Array) -> Array:
    """Mutual nearest neighbours that beat the second nearest by a margin, (n, 2) indices."""
    if len(crop) < 2 or len(reference) < 2:
        return np.zeros((0, 2), int)
    a, b = crop.astype(np.float32), reference.astype(np.float32)
    far = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None] - 2 * (a @ b.T)
    nearest = far.argmin(axis=1)
    rows = np.arange(len(a))
    first = far[rows, nearest]
    second = np.partition(far, 1, axis=1)[:, 1]
    good = (first < 0.72 * second) & (far.argmin(axis=0)[nearest] == rows)
    return np.column_stack([rows[good], nearest[good]])


def _hopeless(seen: Array, known: Array) -> bool:
    """Whether a search for one map can't succeed: few pairs, hardly any in the same place.

    The search takes four fifths of the time of a comparison, all of it for pictures that differ.
    On composed photos outside the benchmark this skips 78 % of them; a true pair had at least 6
    witnesses in place, and no skipped pair would have scored above .01.
    """
    if len(seen) >= _MANY_PAIRS:
        return False
    x, y = seen[:, 0], seen[:, 1]
    turned = np.stack(
        [seen, np.column_stack([1 - y, x]), 1 - seen, np.column_stack([y, 1 - x])]  # quarters
    )
    far = np.linalg.norm(turned - known, axis=2)
    return int((far < _IN_PLACE).sum(axis=1).max()) < _WITNESSES


def _plausible(warp: Array, crop: Local, reference: Local) -> bool:
    """The crop's outline, mapped, stays convex and of a sensible size and shape."""
    corners = np.array(
        [[[0, 0], [crop.width, 0], [crop.width, crop.height], [0, crop.height]]], np.float32
    )
    mapped = cv2.perspectiveTransform(corners, warp)[0]
    if not np.isfinite(mapped).all() or not cv2.isContourConvex(mapped.astype(np.float32)):
        return False
    share = abs(cv2.contourArea(mapped)) / (reference.width * reference.height)
    mirrored = cv2.contourArea(mapped, oriented=True) * cv2.contourArea(corners[0], oriented=True)
    return 0.3 < share < 30 and mirrored > 0


def _distinct_count(points: Array) -> int:
    """Inliers that lie at least 4 pixels apart: repeats at one spot are one witness."""
    return len(np.unique(np.round(points / 4).astype(int), axis=0))


def _turn(warp: Array, crop: Local) -> float:
    """How far the map turns the crop clockwise, degrees 0 to 360."""
    middle = np.array(
        [[[crop.width / 2, crop.height / 2]], [[crop.width / 2 + 20, crop.height / 2]]]
    )
    start, end = cv2.perspectiveTransform(middle.astype(np.float64), warp)[:, 0]
    return float(np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0])) % 360)


def _overlaid(warp: Array, crop: Local, reference: Local) -> float:
    """Mean correlation of light and color over where the two overlap."""
    grow = np.diag([crop.width / _THUMB, crop.height / _THUMB, 1.0])
    shrink = np.diag([_THUMB / reference.width, _THUMB / reference.height, 1.0])
    small = shrink @ warp @ grow
    laid = cv2.warpPerspective(crop.thumb, small, (_THUMB, _THUMB), flags=cv2.INTER_LINEAR)
    ones = np.full((_THUMB, _THUMB), 255, np.uint8)
    inside = cv2.warpPerspective(ones, small, (_THUMB, _THUMB)) > 200
    if inside.sum() < 0.25 * _THUMB * _THUMB:
        return 0.0
    return correlation(laid[inside], reference.thumb[inside])


def correlation(first: Array, second: Array) -> float:
    """Correlation of two CIELAB arrays of one shape, light counting for three fifths."""
    values = [_pearson(first[..., band], second[..., band]) for band in range(3)]
    return 0.6 * values[0] + 0.2 * values[1] + 0.2 * values[2]


def _pearson(first: Array, second: Array) -> float:
    a = first.astype(np.float32) - first.mean(dtype=np.float32)
    b = second.astype(np.float32) - second.mean(dtype=np.float32)
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 1e-6 else 0.0
