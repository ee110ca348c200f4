"""What a picture looks like, how far two agree, and when that is enough to say which it is.

Types of the vision port and the one place where the visual thresholds live; pure.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

Rotation = Literal[0, 90, 180, 270]
"""Degrees clockwise that make a crop upright."""

ROTATIONS: tuple[Rotation, Rotation, Rotation, Rotation] = (0, 90, 180, 270)

EMBEDDING_DIMENSIONS = 256
"""Length of `ImageFeatures.embedding`."""


@dataclass(frozen=True, slots=True)
class ImageFeatures:
    """What identity needs to know about a picture, computed once.

    `phashes`: 256-bit perceptual hashes (32 bytes each, most significant bit first) of the
    picture turned by 0, 90, 180 and 270 degrees; a stored reference keeps only the first.
    `embedding`: unit length, comparable by inner product within one `model` only.
    `local`: keypoints and descriptors, opaque and versioned, for geometric verification.
    """

    model: str
    phashes: tuple[bytes, bytes, bytes, bytes]
    embedding: tuple[float, ...]
    local: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VisualMatch:
    """How well a crop shows the same print as a reference, with the evidence by signal.

    `score` is the calibrated probability that the crop shows this reference's picture. The
    evidence: `hash_distance` 0 to 256 bits at the best rotation, `similarity` -1 to 1 of the
    embeddings, `inliers` keypoint pairs that agree with one perspective map, `coverage` the
    share of the reference's area that they span, `agreement` -1 to 1 how far the two pictures
    correlate once laid over each other. `rotation` turns the crop upright.
    """

    id: str
    score: float
    hash_distance: int
    similarity: float
    inliers: int
    coverage: float
    agreement: float
    rotation: Rotation


Decision = Literal["accepted", "review", "unknown"]

ACCEPT_AT = 0.9
"""Calibrated probability from which a picture alone identifies."""

REVIEW_AT = 0.25
"""Probability under which a picture says nothing about an entry."""

RIVAL_AT = 0.5
"""A second entry as probable as this leaves the choice to a person or to the text."""


@dataclass(frozen=True, slots=True)
class VisualDecision:
    """`best` is None when nothing was compared; `margin` is its lead over the next entry."""

    decision: Decision
    best: VisualMatch | None
    margin: float


def decide_visual(
    matches: Sequence[VisualMatch], *, entry_of: Callable[[str], Hashable]
) -> VisualDecision:
    """Accept, ask a person, or say that it is not in the catalogue.

    `entry_of` gives the catalogue entry of a reference, so that several pictures of one entry
    don't count as rivals.
    """
    ranked = sorted(matches, key=lambda match: -match.score)
    if not ranked:
        return VisualDecision("unknown", None, 0.0)
    best = ranked[0]
    entry = entry_of(best.id)
    rival = next((match.score for match in ranked if entry_of(match.id) != entry), 0.0)
    margin = best.score - rival
    if best.score >= ACCEPT_AT and rival < RIVAL_AT:
        return VisualDecision("accepted", best, margin)
    if best.score >= REVIEW_AT:
        return VisualDecision("review", best, margin)
    return VisualDecision("unknown", best, margin)
