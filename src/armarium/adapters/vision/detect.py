"""Finds the flat things in a photo: propose, measure, thin out.

Called by the inference process with an upright BGR photo; gives quads in its pixels.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import edges, geometry, judge, proposals

Array = NDArray[Any]

WORKING_SIDE = 1200
"""Long side of the working image, pixels: sides are found to about half a pixel of it."""

LEAST_WORKING_SIDE = 48
"""Short side of the working image, pixels, under which there is no room for a thing on a table."""

MIN_SCORE = 0.5
"""Score under which a quad is taken for background or for a part of a print."""

_CORNERED = 0.4
"""Share of the corner stretches with a step under which a box surrounds something round."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quad in the photo's pixels and how much it looks like a separate thing, 0 to 1."""

    quad: Array
    score: float


def find_quads(photo: Array, *, limit: int = 60) -> list[Found]:
    """Rectangular things, best first; empty when nothing convinces."""
    scale = min(1.0, WORKING_SIDE / max(photo.shape[:2]))
    if min(photo.shape[:2]) * scale < LEAST_WORKING_SIDE:
        return []
    layers, quads, evidence = measured(photo, scale)
    if evidence is None:
        return []
    rough = judge.first_score(evidence)
    scores = judge.score(judge.measurements(layers, quads, evidence, rough))
    scores = scores * np.clip(evidence.ends.mean(axis=1) / _CORNERED, 0, 1)
    chosen = _choose(quads, scores)
    return [Found(quads[index] / scale, float(scores[index])) for index in chosen[:limit]]


def measured(photo: Array, scale: float) -> tuple[Array, Array, edges.Evidence | None]:
    """The working layers, all settled quads in them, and their evidence if there are any."""
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB))
    smooth = np.asarray(cv2.medianBlur(lab, 5))
    away = proposals.background_distance(smooth)
    colors = cv2.split(cv2.GaussianBlur(lab, (0, 0), 0.8))
    layers = np.asarray(cv2.merge([*colors, cv2.GaussianBlur(away, (0, 0), 1.5)]))
    guesses = _distinct(proposals.propose(lab, smooth, away))
    return (layers, *_settle(layers, guesses[~_is_frame(guesses, lab)]))


def _distinct(quads: Array) -> Array:
    """Drop quads whose corners all lie within about 2 pixels of another's."""
    keys = np.round(quads.reshape(len(quads), 8) / 3.0).astype(np.int32)
    _, first = np.unique(keys, axis=0, return_index=True)
    return quads[np.sort(first)]


def _is_frame(quads: Array, lab: Array) -> Array:
    """Whether three sides or more run along the photo's own rim."""
    height, width = lab.shape[:2]
    slack = 0.02 * max(height, width)
    x, y = quads[..., 0], quads[..., 1]
    along = np.stack([x < slack, y < slack, x > width - slack, y > height - slack], axis=-1)
    sides = (along & np.roll(along, -1, axis=1)).any(axis=-1)
    return sides.sum(axis=1) >= 3


def _settle(layers: Array, quads: Array) -> tuple[Array, edges.Evidence | None]:
    """Move the sides onto the steps they are nearest to, twice, then measure."""
    limit = 0.03 * max(layers.shape[:2])
    if len(quads) == 0:
        return quads, None
    evidence = edges.measure(layers, quads)
    likely = (evidence.support.min(axis=1) > 0.15) & (evidence.support.mean(axis=1) > 0.45)
    quads = quads[likely]
    for _ in range(2):
        if len(quads) == 0:
            return quads, None
        moved = edges.refine(quads, edges.measure(layers, quads))
        quads = _distinct(moved[geometry.are_sane(moved, min_side=limit)])
    return quads, edges.measure(layers, quads) if len(quads) else None


def _choose(quads: Array, scores: Array) -> list[int]:
    """Outermost convincing quads without overlaps, best first; a sheet of equals gives way."""
    alive = [int(i) for i in np.argsort(-scores) if scores[i] >= MIN_SCORE]
    areas = np.array([geometry.area(q) for q in quads])
    things = _same_thing(quads, scores, areas, alive)
    things = [i for i in things if not _holds_equals(i, things, quads, scores)]
    chosen: list[int] = []
    for index in sorted(things, key=lambda i: -scores[i] * areas[i] ** 0.25):
        shared = (geometry.overlap(quads[index], quads[other]) for other in chosen)
        smaller = (min(areas[index], areas[other]) for other in chosen)
        if all(common <= 0.25 * least for common, least in zip(shared, smaller, strict=True)):
            chosen.append(index)
    return sorted(chosen, key=lambda i: -scores[i])


def _holds_equals(outer: int, things: list[int], quads: Array, scores: Array) -> bool:
    """Whether two or more things of one size fill the quad: cards laid close, a binder's page.

    The panels of one print differ in width or height, so that a card does not fall apart. Things
    that are clearly more convincing than what surrounds them need not fill it: a play mat.
    """
    areas = np.array([geometry.area(quad) for quad in quads])
    held = [
        index
        for index in things
        if areas[index] < 0.75 * areas[outer]
        and geometry.overlap(quads[index], quads[outer]) > 0.9 * areas[index]
    ]
    for model in held:
        size = geometry.sides(quads[model])[:2]
        taken: list[int] = []
        for index in held:
            ratio = geometry.sides(quads[index])[:2] / size
            if ratio.min() < 0.78 or ratio.max() > 1.28:
                continue
            if all(geometry.iou(quads[index], quads[other]) < 0.1 for other in taken):
                taken.append(index)
        filled = sum(areas[i] for i in taken) / areas[outer]
        surer = min(scores[i] for i in taken) > scores[outer] + 0.1
        if len(taken) >= 2 and filled > (0.15 if surer else 0.7):
            return True
    return False


def _same_thing(quads: Array, scores: Array, areas: Array, alive: list[int]) -> list[int]:
    """One quad a thing: of an outline and its inner frames, the outermost nearly as good."""
    left = list(alive)
    kept: list[int] = []
    while left:
        seed = left[0]
        group = [i for i in left if geometry.iou(quads[seed], quads[i]) > 0.6]
        good = [i for i in group if scores[i] >= scores[seed] - 0.08]
        kept.append(max(good, key=lambda i: areas[i]))
        left = [i for i in left if i not in set(group)]
    return kept
