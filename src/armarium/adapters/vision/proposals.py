"""Where flat rectangles may be: many loose guesses, to be scored and thinned out later.

Each source is weak alone; together they cover plain, textured and busy backgrounds. All work on
the small working image in CIELAB, 8 bits a channel.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry
from armarium.adapters.vision.lines import propose_from_lines

Array = NDArray[Any]

MIN_AREA_SHARE = 0.0025
"""A quad smaller than this share of the photo is not proposed (30 x 40 px of 600 x 800)."""


def propose(lab: Array, smooth: Array, away: Array) -> Array:
    """Sane (n, 4, 2) quads from every source, with duplicates.

    `smooth` is `lab` without speckles, `away` its `background_distance`.
    """
    height, width = lab.shape[:2]
    least = MIN_AREA_SHARE * width * height
    outlines = [quad for mask in _masks(smooth, away) for quad in _quads(mask, min_area=least)]
    drawn = propose_from_lines(np.ascontiguousarray(lab[..., 0]))
    quads = np.concatenate([np.array(outlines).reshape(-1, 4, 2), drawn])
    return quads[geometry.are_sane(quads, min_side=0.03 * max(width, height))]


def _masks(smooth: Array, away: Array) -> Iterator[Array]:
    """Binary images whose contours may be outlines of things."""
    yield from _edge_masks(smooth)
    softer = cv2.GaussianBlur(cv2.medianBlur(smooth, 5), (0, 0), 2.0)
    yield from _edge_masks(softer)
    yield from _distance_masks(away)
    yield from _tone_masks(smooth)


def _edge_masks(lab: Array) -> Iterator[Array]:
    """Canny over the strongest channel's gradient at three sensitivities, gaps closed."""
    gx, gy, strongest = _gradient(np.ascontiguousarray(lab[..., 0]))
    for channel in (1, 2):
        dx, dy, power = _gradient(np.ascontiguousarray(lab[..., channel]), gain=2)
        better = cv2.compare(power, strongest, cv2.CMP_GT)
        for part, into in ((dx, gx), (dy, gy), (power, strongest)):
            cv2.copyTo(part, better, into)
    typical = float(np.sqrt(np.median(strongest[::3, ::3])))
    kernel = np.ones((3, 3), np.uint8)
    for low in (18.0, 45.0, 100.0):
        threshold = low + 2.0 * typical
        edges = cv2.Canny(gx, gy, threshold, threshold * 2.2, L2gradient=True)
        yield cv2.dilate(edges, kernel)
    yield cv2.morphologyEx(
        cv2.Canny(gx, gy, 25 + 3 * typical, 60 + 6 * typical, L2gradient=True),
        cv2.MORPH_CLOSE,
        np.ones((7, 7), np.uint8),
    )


def _gradient(plane: Array, *, gain: int = 1) -> tuple[Array, Array, Array]:
    """Sobel in x and y as int16, and their squared length (exact in float32)."""
    dx, dy = cv2.spatialGradient(plane)
    if gain != 1:
        dx, dy = cv2.add(dx, dx), cv2.add(dy, dy)
    x, y = dx.astype(np.float32), dy.astype(np.float32)
    return dx, dy, np.asarray(cv2.multiply(x, x) + cv2.multiply(y, y))


def background_distance(lab: Array) -> Array:
    """How far each pixel's color lies from a smooth background, in its own spread (0 to 255).

    The background is a second-order surface in each channel, fitted to the rim of the photo and
    refitted to whatever agrees with it, so that uneven light does not count as a thing.
    """
    height, width = lab.shape[:2]
    step = max(1, max(height, width) // 160)
    small = cv2.resize(lab, (width // step, height // step), interpolation=cv2.INTER_AREA)
    pixels = small.reshape(-1, 3).astype(np.float32)
    basis = _surface(small.shape[0], small.shape[1])
    ys, xs = np.mgrid[0 : small.shape[0], 0 : small.shape[1]]
    rim = np.minimum.reduce([ys, xs, small.shape[0] - 1 - ys, small.shape[1] - 1 - xs])
    trusted = (rim < 0.06 * min(small.shape[:2])).ravel()
    fit, spread = np.zeros((basis.shape[1], 3)), np.ones(3)
    for _ in range(4):
        fit = _least_squares(basis[trusted], pixels[trusted])
        residual = pixels - basis @ fit
        spread = np.median(np.abs(residual[trusted]), axis=0) * 1.5 + 2.0
        trusted = (np.abs(residual) < 3 * spread).all(axis=1)
        if trusted.mean() < 0.05:
            break
    half = cv2.resize(lab, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    full = (_surface(*half.shape[:2]) @ fit.astype(np.float32)).reshape(half.shape)
    distance = np.abs(half - full) / spread.astype(np.float32)
    power = np.sqrt((distance * distance).sum(axis=2)) * 12
    small_map = np.clip(power, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(small_map, (width, height), interpolation=cv2.INTER_LINEAR))


def _least_squares(known: Array, values: Array) -> Array:
    """By the normal equations: six well scaled columns, and a photo may be all of one color."""
    squares = known.T @ known + 1e-6 * len(known) * np.eye(known.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(squares.astype(np.float64), known.T @ values))


def _surface(height: int, width: int) -> Array:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    x, y = x.ravel(), y.ravel()
    return np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)


def _distance_masks(distance: Array) -> Iterator[Array]:
    for sigma, levels in ((1.0, (30, 45, 70, 110)), (2.5, (36, 60))):
        soft = cv2.GaussianBlur(distance, (0, 0), sigma)
        for level in levels:
            mask = (soft > level).astype(np.uint8) * 255
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
            yield cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))


def _tone_masks(lab: Array) -> Iterator[Array]:
    """Locally lighter or darker than around, and Otsu per channel, both ways."""
    light = np.ascontiguousarray(lab[..., 0])
    block = max(31, (max(light.shape) // 10) | 1)
    adaptive = cv2.adaptiveThreshold(
        light, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, -6
    )
    kernel = np.ones((5, 5), np.uint8)
    yield cv2.morphologyEx(adaptive, cv2.MORPH_OPEN, kernel)
    yield cv2.morphologyEx(cv2.bitwise_not(adaptive), cv2.MORPH_OPEN, kernel)
    for channel in range(3):
        plane = np.ascontiguousarray(lab[..., channel])
        _, mask = cv2.threshold(plane, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        yield cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
        yield cv2.morphologyEx(cv2.bitwise_not(mask), cv2.MORPH_OPEN, kernel)


def _quads(mask: Array, *, min_area: float) -> Iterator[Array]:
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        if len(contour) < 4:
            continue
        _, _, w, h = cv2.boundingRect(contour)
        if w * h < min_area:
            continue
        hull = cv2.convexHull(contour)
        hull_area = cv2.contourArea(hull)
        if hull_area < min_area:
            continue
        fitted = _four_corners(hull)
        if fitted is not None and hull_area / max(geometry.area(fitted), 1) > 0.82:
            yield fitted
        box = geometry.clockwise(np.asarray(cv2.boxPoints(cv2.minAreaRect(hull)), np.float64))
        if hull_area / max(geometry.area(box), 1) > 0.8:
            yield box


def _four_corners(hull: Array) -> Array | None:
    """The hull's four long sides, extended until they meet (rounded corners don't matter)."""
    length = cv2.arcLength(hull, closed=True)
    for share in (0.01, 0.015, 0.02, 0.03, 0.045, 0.06):
        polygon = cv2.approxPolyDP(hull, share * length, closed=True)[:, 0, :].astype(np.float64)
        if len(polygon) < 4:
            return None
        if len(polygon) > 9:
            continue
        edges = np.roll(polygon, -1, axis=0) - polygon
        longest = np.sort(np.argsort(np.linalg.norm(edges, axis=1))[-4:])
        normals = np.stack([edges[longest, 1], -edges[longest, 0]], axis=1)
        offsets = (normals * polygon[longest]).sum(axis=1)
        corners = geometry.from_lines(np.column_stack([normals, offsets]))
        if corners is None:
            continue
        ordered = geometry.clockwise(corners)
        slack = 0.06 * length
        low, high = hull[:, 0].min(axis=0) - slack, hull[:, 0].max(axis=0) + slack
        if (ordered > low).all() and (ordered < high).all():
            return ordered
    return None
