"""How likely a quad is the outline of a separate thing: measurements to one score.

The measurements say nothing about what is printed, so that covers, postcards and cards of any
border pass alike; a small network (models/detector, trained on composed photos) weighs them.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import edges, geometry
from armarium.adapters.vision.weights import weights

Array = NDArray[Any]

_GRID = np.stack(np.meshgrid(np.linspace(0.1, 0.9, 9), np.linspace(0.1, 0.9, 9)), axis=-1)


def first_score(evidence: edges.Evidence) -> Array:
    """A rough 0 to 1 without context: every side must be there, the weakest counts most."""
    support = np.sort(evidence.support, axis=1)
    whole = 0.45 * support[:, 0] + 0.2 * support[:, 1] + 0.35 * support.mean(axis=1)
    contrast = np.clip(np.sort(evidence.step, axis=1)[:, 0] / 18.0, 0.5, 1.0)
    return whole * (0.75 + 0.25 * contrast)


def measurements(layers: Array, quads: Array, evidence: edges.Evidence, rough: Array) -> Array:
    """One row of bounded numbers a quad."""
    height, width = layers.shape[:2]
    areas = np.array([geometry.area(quad) for quad in quads])
    inside = _inside(layers, quads)
    lengths = np.stack([geometry.sides(quad) for quad in quads])
    directions = (np.roll(quads, -1, axis=1) - quads) / lengths[..., None]
    cosines = np.abs((directions * np.roll(directions, 1, axis=1)).sum(axis=-1))
    opposite = np.minimum(lengths[:, :2], lengths[:, 2:]) / np.maximum(
        lengths[:, :2], lengths[:, 2:]
    )
    means = (lengths[:, :2] + lengths[:, 2:]) / 2
    rim = np.stack(
        [
            quads[..., 0].min(1),
            quads[..., 1].min(1),
            width - quads[..., 0].max(1),
            height - quads[..., 1].max(1),
        ]  # four borders
    ).min(axis=0)
    around, within = _nesting(quads, areas, rough)
    columns = [
        *np.sort(evidence.support, axis=1).T,
        *np.sort(evidence.ends, axis=1).T,
        *(np.log1p(np.sort(evidence.step, axis=1)) / 4).T,
        *np.sort(evidence.overshoot, axis=1).T,
        np.minimum(evidence.spread, 80) / 40,
        np.log1p(evidence.texture.mean(axis=1)) / 3,
        evidence.away / 128,
        inside[:, 0] / 128,
        (inside[:, 0] - evidence.away) / 128,
        inside[:, 1] / 40,
        cosines.max(axis=1),
        opposite.min(axis=1),
        np.minimum(means.min(axis=1) / means.max(axis=1), 0.5) * 2,
        np.log(means.min(axis=1) / means.max(axis=1)) / 2,
        np.log(areas / (width * height)) / 3,
        np.clip(rim / np.sqrt(areas), -0.2, 0.2) * 5,
        around,
        within,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _inside(layers: Array, quads: Array) -> Array:
    """Mean distance from the photo's background, and spread of lightness, inside each quad."""
    u, v = _GRID[..., 0:1], _GRID[..., 1:2]
    corners = quads[:, None, None, :, :]
    points = (
        corners[..., 0, :] * (1 - u) * (1 - v)
        + corners[..., 1, :] * u * (1 - v)
        + corners[..., 2, :] * u * v
        + corners[..., 3, :] * (1 - u) * v
    )
    values = edges.sample(layers, points).reshape(len(quads), -1, layers.shape[2])
    values = values.astype(np.float32)
    return np.stack([values[..., 3].mean(axis=1), values[..., 0].std(axis=1)], axis=1)


def _nesting(quads: Array, areas: Array, rough: Array) -> tuple[Array, Array]:
    """How convincing the best quad around each is, and how many convincing ones lie within."""
    low, high = quads.min(axis=1), quads.max(axis=1)
    middles = quads.mean(axis=1)
    around = np.zeros(len(quads))
    within = np.zeros(len(quads))
    for index, area in enumerate(areas):
        larger = (areas > 1.3 * area) & (areas < 12 * area)
        held = (low <= middles[index]).all(axis=1) & (high >= middles[index]).all(axis=1)
        for other in np.flatnonzero(larger & held):
            if rough[other] <= around[index] and rough[index] < 0.6:
                continue
            if geometry.overlap(quads[index], quads[other]) > 0.95 * area:
                around[index] = max(around[index], rough[other])
                within[other] += rough[index] >= 0.6
    return around, np.log1p(within) / 2


def score(values: Array) -> Array:
    """0 to 1 for each row of measurements."""
    layers = _network()
    x = (values - layers["mean"]) / layers["scale"]
    x = np.maximum(x @ layers["w1"] + layers["b1"], 0)
    x = np.maximum(x @ layers["w2"] + layers["b2"], 0)
    return 1 / (1 + np.exp(-(x @ layers["w3"] + layers["b3"])[:, 0]))


@cache
def _network() -> dict[str, Array]:
    with np.load(weights("detector/judge.npz")) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}
