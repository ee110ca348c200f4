"""The cascade's last stage: how probable it is that a crop shows a reference's picture.

The shortlist (hash and embedding) is the caller's, in SQL; here each pair is verified by geometry
and by laying the pictures over each other, and the evidence becomes one calibrated probability.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import keypoints, phash
from armarium.kit.visual import ROTATIONS, ImageFeatures, Rotation, VisualMatch
from armarium.ports.vision import Reference

Array = NDArray[Any]

_WEIGHTS = {
    "bias": -15.16,
    "inliers": 2.53,
    "coverage": 0.0,
    "agreement": 11.12,
    "hash": 3.69,
    "similarity": 2.11,
}
"""Logistic regression over the evidence, fitted by models/visual/calibrate.py."""

_ENOUGH_PAIRS = 6
"""Inliers from which the homography is trusted to lay the crop over the reference."""


def match_visual(crop: ImageFeatures, references: Sequence[Reference]) -> list[VisualMatch]:
    """Every reference compared with the crop, most probable first."""
    local = keypoints.unpack(crop.local)
    turned = [np.rot90(local.thumb, -quarter) for quarter in range(4)]
    matches = [_match(crop, local, turned, reference) for reference in references]
    return sorted(matches, key=lambda match: (-match.score, -match.agreement))


def _match(
    crop: ImageFeatures, local: keypoints.Local, turned: list[Array], reference: Reference
) -> VisualMatch:
    known = keypoints.unpack(reference.local)
    laid = [keypoints.correlation(each, known.thumb) for each in turned]
    quarter = int(np.argmax(laid))
    geometry = keypoints.compare(local, known)
    agreement, rotation = laid[quarter], ROTATIONS[quarter]
    if geometry.inliers >= _ENOUGH_PAIRS and geometry.correlation > agreement:
        agreement, rotation = geometry.correlation, _nearest_quarter(geometry.turn)
    distance = min(phash.distance(each, reference.phash) for each in crop.phashes)
    similarity = float(np.dot(crop.embedding, reference.embedding))
    match = VisualMatch(
        id=reference.id,
        score=0.0,
        hash_distance=distance,
        similarity=round(similarity, 4),
        inliers=geometry.inliers,
        coverage=round(geometry.coverage, 4),
        agreement=round(agreement, 4),
        rotation=rotation,
    )
    return replace(match, score=round(probability(match), 4))


def signals(match: VisualMatch) -> dict[str, float]:
    """The evidence as the regression sees it: bounded, larger is better."""
    return {
        "inliers": log1p(min(match.inliers, 60)),
        "coverage": min(match.coverage, 0.6),
        "agreement": max(match.agreement, 0.0),
        "hash": 1 - min(match.hash_distance, 128) / 128,
        "similarity": match.similarity,
    }


def probability(match: VisualMatch) -> float:
    """Calibrated on composed photos; see benchmarks for the reliability on held-out ones."""
    total = _WEIGHTS["bias"]
    total += sum(_WEIGHTS[name] * value for name, value in signals(match).items())
    return 1 / (1 + exp(-max(-40.0, min(40.0, total))))


def _nearest_quarter(turn: float) -> Rotation:
    return ROTATIONS[round(turn / 90) % 4]
