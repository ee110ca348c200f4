"""Finds the flat things in a photo: propose, measure, thin out.

Called by the inference process with an upright BGR photo; gives quads in its pixels.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import edges, geometry, proposals

Array = NDArray[Any]

WORKING_SIDE = 1200
"""Long side of the working image, pixels: sides are found to about half a pixel of it."""

MIN_SCORE = 0.62
"""Score under which a quad is taken for background; chosen on composed sheets."""


@dataclass(frozen=True, slots=True)
class Found:
    """A quad in the photo's pixels and how much it looks like a separate thing, 0 to 1."""

    quad: Array
    score: float


def find_quads(photo: Array, *, limit: int = 60) -> list[Found]:
    """Rectangular things, best first; empty when nothing convinces."""
    scale = min(1.0, WORKING_SIDE / max(photo.shape[:2]))
    small = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB))
    guesses = proposals.propose(lab)
    if not guesses:
        return []
    quads = _distinct(guesses)
    quads, evidence = _settle(lab, quads)
    if len(quads) == 0:
        return []
    scores = _scores(lab, quads, evidence)
    chosen = _choose(quads, scores)
    return [Found(quads[index] / scale, float(scores[index])) for index in chosen[:limit]]


def _distinct(guesses: list[Array]) -> Array:
    """Drop guesses whose corners all lie within 2 pixels of another's."""
    stack = np.stack(guesses)
    keys = np.round(stack.reshape(len(stack), 8) / 3.0).astype(np.int32)
    _, first = np.unique(keys, axis=0, return_index=True)
    return stack[np.sort(first)]


def _settle(lab: Array, quads: Array) -> tuple[Array, edges.Evidence]:
    """Move the sides onto the steps they are nearest to, twice, then measure."""
    limit = 0.03 * max(lab.shape[:2])
    smooth = cv2.GaussianBlur(lab, (0, 0), 0.8)
    evidence = edges.measure(smooth, quads)
    quads = quads[(evidence.support.min(axis=1) > 0.15) & (evidence.support.mean(axis=1) > 0.45)]
    for _ in range(2):
        if len(quads) == 0:
            return quads, evidence
        evidence = edges.measure(smooth, quads)
        moved = edges.refine(quads, evidence)
        kept = [q for q in moved if q is not None and geometry.is_sane(q, min_side=limit)]
        if not kept:
            return quads[:0], evidence
        quads = _distinct(kept)
    return quads, edges.measure(smooth, quads)


def _scores(lab: Array, quads: Array, evidence: edges.Evidence) -> Array:
    """0 to 1: every side must be there, the weakest counts most."""
    support = np.sort(evidence.support, axis=1)
    whole = 0.45 * support[:, 0] + 0.2 * support[:, 1] + 0.35 * support.mean(axis=1)
    contrast = np.clip(np.sort(evidence.step, axis=1)[:, 0] / 18.0, 0.5, 1.0)
    return whole * (0.75 + 0.25 * contrast)


def _choose(quads: Array, scores: Array) -> list[int]:
    """Outermost convincing quads without overlaps, best first."""
    alive = [int(i) for i in np.argsort(-scores) if scores[i] >= MIN_SCORE]
    areas = np.array([geometry.area(q) for q in quads])
    groups = _same_thing(quads, scores, areas, alive)
    best = sorted(groups, key=lambda i: -scores[i] * areas[i] ** 0.25)
    chosen: list[int] = []
    for index in best:
        clash = False
        for other in chosen:
            common = geometry.overlap(quads[index], quads[other])
            if common > 0.25 * min(areas[index], areas[other]):
                clash = True
                break
        if not clash:
            chosen.append(index)
    return sorted(chosen, key=lambda i: -scores[i])


def _same_thing(quads: Array, scores: Array, areas: Array, alive: list[int]) -> list[int]:
    """One quad a thing: of an outline and its inner frames, the outermost that is nearly as good."""
    left = list(alive)
    kept: list[int] = []
    while left:
        seed = left[0]
        group = [i for i in left if geometry.iou(quads[seed], quads[i]) > 0.6]
        good = [i for i in group if scores[i] >= scores[seed] - 0.08]
        kept.append(max(good, key=lambda i: areas[i]))
        left = [i for i in left if i not in set(group)]
    return kept
