"""How real a quad's four sides are, and where exactly they run.

A side of a real thing is a step in color that goes along its whole length at one place; texture
averages out along the line, so wood grain and weave lose against a printed edge.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry

Array = NDArray[Any]

CHUNKS = 14
"""Stretches a side is cut into; each must show the step by itself."""
_SAMPLES = 5
_REACH = 9
_OFFSETS = np.arange(-_REACH, _REACH + 1)
_SHIFTS = np.arange(-5, 6)
_COLOR_GAIN = np.array([1.0, 1.6, 1.6], np.float32)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a quad. `support`: share of each side's stretches with a step, (n, 4), 0 to 1.

    `step`: median step of each side in CIELAB units. `spread`: how much the color just outside
    varies around the quad. `shift`: where along the outward normal the step is, pixels, (n, 4,
    CHUNKS), with `strength` the step there. `outside`, `inside`: mean color around, CIELAB.
    """

    support: Array
    step: Array
    spread: Array
    shift: Array
    strength: Array
    outside: Array


def measure(lab: Array, quads: Array) -> Evidence:
    """Sample bands across all sides of (n, 4, 2) quads at once."""
    profiles = _profiles(lab, quads)
    before = sum(profiles[:, :, :, _at(-k)] for k in (1, 2, 3)) / 3
    after = sum(profiles[:, :, :, _at(k)] for k in (1, 2, 3)) / 3
    steps = np.sqrt((((after - before) * _COLOR_GAIN) ** 2).sum(axis=-1))
    capped = np.minimum(steps, 40)
    side_best = capped.mean(axis=2).argmax(axis=-1)
    near = np.abs(_SHIFTS[None, None, :] - _SHIFTS[side_best][..., None]) <= 2
    local = np.where(near[:, :, None, :], steps, 0)
    peak = local.argmax(axis=-1)
    strength = np.take_along_axis(steps, peak[..., None], axis=-1)[..., 0]
    quiet = _texture(profiles)
    threshold = np.clip(1.6 * quiet, 6.0, 16.0)[:, :, None]
    support = (strength > threshold).mean(axis=2)
    outside = profiles[:, :, :, -3:].mean(axis=3)
    flat = outside.reshape(len(quads), -1, 3)
    middle = np.median(flat, axis=1, keepdims=True)
    spread = np.median(np.abs(flat - middle).sum(axis=-1), axis=1)
    return Evidence(
        support=support,
        step=np.median(strength, axis=2),
        spread=spread,
        shift=_SHIFTS[peak].astype(np.float64),
        strength=strength,
        outside=outside,
    )


def _at(offset: int) -> slice:
    start = _REACH + int(_SHIFTS[0]) + offset
    return slice(start, start + len(_SHIFTS))


def _texture(profiles: Array) -> Array:
    """Median step in the band just outside each side: what texture alone gives. Shape (n, 4)."""
    outer = profiles[:, :, :, _REACH + 3 :]
    change = np.sqrt((((outer[:, :, :, 3:] - outer[:, :, :, :-3]) * _COLOR_GAIN) ** 2).sum(axis=-1))
    return np.median(change.reshape(*change.shape[:2], -1), axis=-1)


def _profiles(lab: Array, quads: Array) -> Array:
    """Mean colors (n, 4, CHUNKS, offsets, 3) across every side, from inside to outside."""
    ends = np.roll(quads, -1, axis=1)
    along = ends - quads
    lengths = np.linalg.norm(along, axis=-1, keepdims=True)
    unit = along / np.maximum(lengths, 1e-6)
    outward = np.stack([unit[..., 1], -unit[..., 0]], axis=-1)
    places = np.linspace(0.06, 0.94, CHUNKS * _SAMPLES)
    base = quads[:, :, None, :] + along[:, :, None, :] * places[None, None, :, None]
    points = base[:, :, :, None, :] + outward[:, :, None, None, :] * _OFFSETS[:, None]
    grid = points.reshape(len(quads), -1, 2).astype(np.float32)
    sampled = cv2.remap(
        lab, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    shape = (len(quads), 4, CHUNKS, _SAMPLES, len(_OFFSETS), 3)
    return sampled.reshape(shape).astype(np.float32).mean(axis=3)


def refine(quads: Array, evidence: Evidence) -> list[Array | None]:
    """Refit every side to where its stretches show the step; None when it falls apart."""
    moved: list[Array | None] = []
    places = np.linspace(0.06, 0.94, CHUNKS * _SAMPLES).reshape(CHUNKS, _SAMPLES).mean(axis=1)
    for index, quad in enumerate(quads):
        lines = np.empty((4, 3))
        for side in range(4):
            start, end = quad[side], quad[(side + 1) % 4]
            along = end - start
            length = max(float(np.linalg.norm(along)), 1e-6)
            normal = np.array([along[1], -along[0]]) / length
            offset = _robust_line(
                places, evidence.shift[index, side], evidence.strength[index, side]
            )
            first, last = start + normal * offset[0], end + normal * offset[1]
            tilt = last - first
            across = np.array([tilt[1], -tilt[0]])
            lines[side] = (*across, float(across @ first))
        corners = geometry.from_lines(lines)
        moved.append(corners)
    return moved


def _robust_line(places: Array, shifts: Array, strength: Array) -> tuple[float, float]:
    """Offsets at both ends of a side, by weighted least squares without the outliers."""
    weights = np.minimum(strength, 40.0) + 0.1
    keep = np.abs(shifts - np.median(shifts)) <= 2.5
    for _ in range(2):
        if keep.sum() < 3:
            middle = float(np.median(shifts))
            return middle, middle
        slope, base = _weighted_fit(places[keep], shifts[keep], weights[keep])
        keep = np.abs(shifts - (base + slope * places)) <= 1.6
    if keep.sum() < 3:
        middle = float(np.median(shifts))
        return middle, middle
    slope, base = _weighted_fit(places[keep], shifts[keep], weights[keep])
    return base, base + slope


def _weighted_fit(x: Array, y: Array, w: Array) -> tuple[float, float]:
    total = w.sum()
    mx, my = (w * x).sum() / total, (w * y).sum() / total
    spread = (w * (x - mx) ** 2).sum()
    slope = float((w * (x - mx) * (y - my)).sum() / spread) if spread > 1e-9 else 0.0
    return slope, float(my - slope * mx)
