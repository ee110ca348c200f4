"""Quads from straight line segments: for busy backgrounds, where outlines don't close.

Three segments that meet at two corners make a U; the fourth side runs through the end of one of
its arms. Thousands of such quads are made at once and ranked by how much of them lies on edges.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry

Array = NDArray[Any]

_MOST = 160
"""Longest segments that are looked at."""
_ARMS = 4
"""Nearest corners tried at each end of a segment."""
_KEPT = 160
_PLACES = np.linspace(0.04, 0.96, 24)


def propose_from_lines(light: Array) -> Array:
    """The (n, 4, 2) quads of a gray picture that lie best on its edges, n at most 160."""
    segments = _segments(light)
    if len(segments) < 3:
        return np.zeros((0, 4, 2))
    quads = _clockwise(_quads(segments, _triples(segments)))
    quads = quads[_sane(quads, light)]
    if len(quads) == 0:
        return quads
    cover = _cover(quads, light, segments)
    best = np.argsort(-cover)[: 4 * _KEPT]
    keys = np.round(quads[best].reshape(len(best), 8) / 6).astype(np.int32)
    _, first = np.unique(keys, axis=0, return_index=True)
    return quads[best[np.sort(first)[:_KEPT]]]


def _segments(light: Array) -> Array:
    """(n, 2, 2) segments of at least 3 % of the photo's long side, longest first."""
    found: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, 0.8).detect(light)[0]
    if found is None:
        return np.zeros((0, 2, 2))
    segments = np.asarray(found).reshape(-1, 2, 2).astype(np.float64)
    lengths = np.linalg.norm(segments[:, 1] - segments[:, 0], axis=1)
    order = np.argsort(-lengths)[:_MOST]
    return segments[order[lengths[order] > 0.03 * max(light.shape)]]


def _triples(segments: Array) -> Array:
    """(n, 5) rows: a side, and an arm (segment, end) for each of its ends, right corners both."""
    ways = segments[:, 1] - segments[:, 0]
    lengths = np.linalg.norm(ways, axis=1)
    units = ways / lengths[:, None]
    square = np.abs(units @ units.T) < 0.5
    reach = np.maximum(0.18 * np.minimum(lengths[:, None], lengths[None]), 8.0)
    arms: list[list[Array]] = []
    for end in (0, 1):
        gaps = np.linalg.norm(segments[:, end][:, None, None] - segments[None], axis=-1)
        gaps[~square | (gaps.min(axis=-1) > reach)] = np.inf
        flat = gaps.reshape(len(segments), -1)
        nearest = np.argsort(flat, axis=1)[:, :_ARMS]
        arms.append([row[np.isfinite(flat[index, row])] for index, row in enumerate(nearest)])
    rows = [
        (side, first // 2, first % 2, second // 2, second % 2)
        for side in range(len(segments))
        for first in arms[0][side]
        for second in arms[1][side]
        if first // 2 != second // 2
    ]
    return np.array(rows, int).reshape(-1, 5)


def _quads(segments: Array, triples: Array) -> Array:
    """Two quads a triple: the lid runs parallel to the base through either arm's far end."""
    side, left, right = segments[triples[:, 0]], segments[triples[:, 1]], segments[triples[:, 3]]
    rows = np.arange(len(triples))
    far_left = left[rows, 1 - triples[:, 2]]
    far_right = right[rows, 1 - triples[:, 4]]
    inward = (far_left - left[rows, triples[:, 2]]) * (far_right - right[rows, triples[:, 4]])
    agree = inward.sum(axis=1) > 0
    base, arm_left, arm_right = _line(side), _line(left), _line(right)
    made: list[Array] = []
    for lid in (
        _through(far_left, base),
        _through(far_right, base),
        _line(np.stack([far_left, far_right], 1)),
    ):  # three ways to close
        corners = [
            geometry.meet(base, arm_left),
            geometry.meet(base, arm_right),
            geometry.meet(lid, arm_right),
            geometry.meet(lid, arm_left),
        ]
        made.append(np.stack(corners, axis=1)[agree])
    return np.concatenate(made)


def _line(segments: Array) -> Array:
    """(n, 3) rows a, b, c with ax + by = c."""
    ways = segments[:, 1] - segments[:, 0]
    normals = np.stack([ways[:, 1], -ways[:, 0]], axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return np.column_stack([normals, (normals * segments[:, 0]).sum(axis=1)])


def _through(points: Array, lines: Array) -> Array:
    return np.column_stack([lines[:, :2], (lines[:, :2] * points).sum(axis=1)])


def _clockwise(quads: Array) -> Array:
    """Winding clockwise on the screen, first corner nearest the top left."""
    x, y = quads[..., 0], quads[..., 1]
    twice = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)
    turned = np.where((twice < 0)[:, None, None], quads[:, ::-1], quads)
    start = turned.sum(axis=2).argmin(axis=1)
    order = (start[:, None] + np.arange(4)) % 4
    return turned[np.arange(len(turned))[:, None], order]


def _sane(quads: Array, light: Array) -> Array:
    """Inside the photo, large enough, corners not far from right."""
    height, width = light.shape
    slack = 0.02 * max(width, height)
    low, high = quads.min(axis=(1, 2)), quads.max(axis=1)
    inside = (low > -slack) & (high[:, 0] < width + slack) & (high[:, 1] < height + slack)
    ways = np.roll(quads, -1, axis=1) - quads
    lengths = np.maximum(np.linalg.norm(ways, axis=2), 1e-9)
    before = np.roll(ways, 1, axis=1)
    cosines = np.abs((ways * before).sum(axis=2)) / (lengths * np.roll(lengths, 1, axis=1))
    turns = ways[..., 1] * before[..., 0] - ways[..., 0] * before[..., 1]
    small = lengths.min(axis=1) < 0.04 * max(width, height)
    return inside & ~small & (turns > 0).all(axis=1) & (cosines.max(axis=1) < 0.45)


def _cover(quads: Array, light: Array, segments: Array) -> Array:
    """0 to 1: how much of each side lies within 2 pixels of a segment, the worst side twice."""
    drawn = np.full(light.shape, 255, np.uint8)
    for start, end in segments:
        cv2.line(
            drawn, np.round(start).astype(int).tolist(), np.round(end).astype(int).tolist(), 0, 1
        )  # one call
    near = (cv2.distanceTransform(drawn, cv2.DIST_L2, 3) <= 2.5).astype(np.float32)
    ends = np.roll(quads, -1, axis=1)
    points = quads[:, :, None] + (ends - quads)[:, :, None] * _PLACES[:, None]
    x = np.clip(points[..., 0].round().astype(int), 0, light.shape[1] - 1)
    y = np.clip(points[..., 1].round().astype(int), 0, light.shape[0] - 1)
    sides = near[y, x].mean(axis=2)
    return sides.mean(axis=1) + sides.min(axis=1)
