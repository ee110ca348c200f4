"""How real a quad's four sides are, and where exactly they run.

A side of a real thing is a step in color that goes along its whole length at one place; texture
averages out along the line, so wood grain and weave lose against a printed edge.
"""

from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry

Array = NDArray[Any]

CHUNKS = 14
"""Stretches a side is cut into; each must show the step by itself."""
_SAMPLES = 5
_PART = 96
_ALONG = np.linspace(0.06, 0.94, CHUNKS * _SAMPLES)
_BEYOND = np.concatenate([np.linspace(-0.2, -0.06, _SAMPLES), np.linspace(1.06, 1.2, _SAMPLES)])
_REACH = 9
_OFFSETS = np.arange(-_REACH, _REACH + 1)
_SHIFTS = np.arange(-5, 6)
_COLOR_GAIN = np.array([1.0, 1.6, 1.6], np.float32)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a quad; colors are CIELAB, 8 bits a channel, distances pixels.

    `support`: share of each side's stretches with a step, (n, 4), 0 to 1; `ends`: the same for
    the two stretches at the corners, (n, 4). `step`: median step of each side. `overshoot`: how
    much of the step goes on beyond the corners, as the seams of planks do, (n, 4), 0 to 1.
    `spread`: how much the color just outside varies around the quad. `texture`: what varies
    outside without any edge. `away`: how far the rim outside is from the photo's background,
    0 to 255. `shift`: where the step is along the outward normal, (n, 4, CHUNKS), with
    `strength` the step there.
    """

    support: Array
    ends: Array
    step: Array
    overshoot: Array
    spread: Array
    texture: Array
    away: Array
    shift: Array
    strength: Array


def measure(layers: Array, quads: Array) -> Evidence:
    """Sample bands across all sides of (n, 4, 2) quads; `layers` is CIELAB and `away`, 8 bits.

    In parts, since each quad takes 5,320 samples and some photos have a thousand quads.
    """
    parts = [_measure(layers, quads[at : at + _PART]) for at in range(0, len(quads), _PART)]
    columns = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts])
        for each in fields(Evidence)
    }
    return Evidence(**columns)


def _measure(layers: Array, quads: Array) -> Evidence:
    profiles = _profiles(layers, quads, _ALONG)
    steps = _steps(profiles)
    side_best = np.minimum(steps, 40).mean(axis=2).argmax(axis=-1)
    near = np.abs(_SHIFTS[None, None, :] - _SHIFTS[side_best][..., None]) <= 2
    local = np.where(near[:, :, None, :], steps, 0)
    peak = local.argmax(axis=-1)
    strength = np.take_along_axis(steps, peak[..., None], axis=-1)[..., 0]
    texture = _texture(profiles)
    threshold = np.clip(1.6 * texture, 6.0, 16.0)[:, :, None]
    seen = strength > threshold
    outside = profiles[:, :, :, -3:].mean(axis=3)
    flat = outside[..., :3].reshape(len(quads), -1, 3)
    middle = np.median(flat, axis=1, keepdims=True)
    beyond = _steps(_profiles(layers, quads, _BEYOND))
    same = np.where(near[:, :, None, :], beyond, 0).max(axis=-1)
    median = np.median(strength, axis=2)
    return Evidence(
        support=seen.mean(axis=2),
        ends=seen[:, :, [0, -1]].mean(axis=2),
        step=median,
        overshoot=np.clip(same / np.maximum(median, 6.0)[:, :, None], 0, 1).mean(axis=2),
        spread=np.median(np.abs(flat - middle).sum(axis=-1), axis=1),
        texture=texture,
        away=outside[..., 3].mean(axis=(1, 2)),
        shift=_SHIFTS[peak].astype(np.float64),
        strength=strength,
    )


def _steps(profiles: Array) -> Array:
    """Color difference across each shift, (n, 4, stretches, shifts)."""
    colors = profiles[..., :3]
    before = sum(colors[:, :, :, _at(-k)] for k in (1, 2, 3)) / 3
    after = sum(colors[:, :, :, _at(k)] for k in (1, 2, 3)) / 3
    return np.sqrt((((after - before) * _COLOR_GAIN) ** 2).sum(axis=-1))


def _at(offset: int) -> slice:
    start = _REACH + int(_SHIFTS[0]) + offset
    return slice(start, start + len(_SHIFTS))


def _texture(profiles: Array) -> Array:
    """Median step in the band just outside each side: what texture alone gives. Shape (n, 4)."""
    outer = profiles[:, :, :, _REACH + 3 :, :3]
    change = np.sqrt((((outer[:, :, :, 3:] - outer[:, :, :, :-3]) * _COLOR_GAIN) ** 2).sum(axis=-1))
    return np.median(change.reshape(*change.shape[:2], -1), axis=-1)


def _profiles(layers: Array, quads: Array, places: Array) -> Array:
    """Means (n, 4, stretches, offsets, layers) across every side, from inside to outside."""
    along = np.roll(quads, -1, axis=1) - quads
    lengths = np.linalg.norm(along, axis=-1, keepdims=True)
    unit = along / np.maximum(lengths, 1e-6)
    outward = np.stack([unit[..., 1], -unit[..., 0]], axis=-1)
    base = quads[:, :, None, :] + along[:, :, None, :] * places[None, None, :, None]
    points = base[:, :, :, None, :] + outward[:, :, None, None, :] * _OFFSETS[:, None]
    sampled = sample(layers, points)
    shape = (len(quads), 4, len(places) // _SAMPLES, _SAMPLES, len(_OFFSETS), layers.shape[2])
    return sampled.reshape(shape).astype(np.float32).mean(axis=3)


def sample(layers: Array, points: Array) -> Array:
    """Values at (n, ..., 2) points, bilinear, the photo's rim repeated: (n, k, layers)."""
    grid = points.reshape(len(points), -1, 2).astype(np.float32)
    found = cv2.remap(
        layers,
        grid[..., 0],
        grid[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(found)


def refine(quads: Array, evidence: Evidence) -> Array:
    """Refit every side to where its stretches show the step; (n, 4, 2), perhaps not sane."""
    places = _ALONG.reshape(CHUNKS, _SAMPLES).mean(axis=1)
    near, far = _robust_offsets(places, evidence.shift, evidence.strength)
    starts, ends = quads, np.roll(quads, -1, axis=1)
    along = ends - starts
    lengths = np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-6)
    outward = np.stack([along[..., 1], -along[..., 0]], axis=-1) / lengths
    first, last = starts + outward * near[..., None], ends + outward * far[..., None]
    tilt = (last - first) / lengths
    across = np.stack([tilt[..., 1], -tilt[..., 0]], axis=-1)
    lines = np.concatenate([across, (across * first).sum(axis=-1, keepdims=True)], axis=-1)
    return geometry.meet(np.roll(lines, 1, axis=1), lines)


def _robust_offsets(places: Array, shifts: Array, strength: Array) -> tuple[Array, Array]:
    """Offsets at both ends of all sides, by weighted least squares without the outliers."""
    weights = np.minimum(strength, 40.0) + 0.1
    middle = np.median(shifts, axis=-1, keepdims=True)
    keep = np.abs(shifts - middle) <= 2.5
    slope, base = np.zeros(middle.shape), middle
    for _ in range(3):
        w = weights * keep
        total = np.maximum(w.sum(axis=-1, keepdims=True), 1e-9)
        mx = (w * places).sum(axis=-1, keepdims=True) / total
        my = (w * shifts).sum(axis=-1, keepdims=True) / total
        spread = (w * (places - mx) ** 2).sum(axis=-1, keepdims=True)
        lean = (w * (places - mx) * (shifts - my)).sum(axis=-1, keepdims=True)
        enough = keep.sum(axis=-1, keepdims=True) >= 3
        slope = np.where(enough & (spread > 1e-9), lean / np.maximum(spread, 1e-9), 0.0)
        base = np.where(enough, my - slope * mx, middle)
        keep = np.abs(shifts - (base + slope * places)) <= 1.6
    return base[..., 0], (base + slope)[..., 0]
