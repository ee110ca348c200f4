"""How reading and seeing are weighed: a cascade that may abstain, never an average.

Pure functions, called by the identification service with what the catalogue and the vision port
answered. Scores are calibrated probabilities; averaging them was measured to fall below the better
one alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from armarium.features.recognition.models import Decision

REVIEW_AT = 0.2
"""Below this, a candidate is not worth a person's look."""

SEEN_AT = 0.5
"""A visual match above this narrows the printings that text may choose among."""

REFUTED_BELOW = 0.05
"""A reference picture that matches less than this speaks against its entry."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one way of looking says of one entry."""

    entry_id: UUID
    score: float
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision and every entry worth showing, best first."""

    decision: Decision
    ranked: Sequence[Signal]


def best(signals: Sequence[Signal]) -> dict[UUID, Signal]:
    """The strongest signal of each entry (an entry may have several pictures)."""
    found: dict[UUID, Signal] = {}
    for signal in signals:
        if signal.entry_id not in found or signal.score > found[signal.entry_id].score:
            found[signal.entry_id] = signal
    return found


def weigh(
    *,
    text: Sequence[Signal],
    text_decision: Decision,
    visual: Sequence[Signal],
    visual_decision: Decision,
    pictured_matters: bool,
) -> Verdict:
    """Combine the two.

    `pictured_matters` says that two copies of one entry look the same (cards, prints), so that a
    picture that does not match speaks against the text; books of one title have many covers.
    """
    read, seen = best(text), best(visual)
    leader = max(seen.values(), key=lambda s: s.score, default=None)
    named = max(read.values(), key=lambda s: s.score, default=None)
    merged = merge(read, seen, refute=pictured_matters)
    if visual_decision == "accepted" and leader is not None:
        disputed = (
            text_decision == "accepted"
            and named is not None
            and named.entry_id != leader.entry_id
            and not same_print(named, seen)
        )
        if not disputed:
            chosen = leader.entry_id
            if text_decision == "accepted" and named is not None and same_print(named, seen):
                chosen = named.entry_id  # one picture, several printings: the number decides
            return Verdict("accepted", first(chosen, merged))
        return Verdict("review", merged)
    if text_decision == "accepted" and named is not None:
        picture = seen.get(named.entry_id)
        refuted = pictured_matters and picture is not None and picture.score < REFUTED_BELOW
        return Verdict("review" if refuted else "accepted", first(named.entry_id, merged))
    if merged and merged[0].score >= REVIEW_AT:
        return Verdict("review", merged)
    return Verdict("unknown", merged)


def same_print(named: Signal, seen: Mapping[UUID, Signal]) -> bool:
    """Whether the entry that was read also looks right."""
    picture = seen.get(named.entry_id)
    return picture is not None and picture.score >= SEEN_AT


def merge(
    read: Mapping[UUID, Signal], seen: Mapping[UUID, Signal], *, refute: bool
) -> list[Signal]:
    """Every entry once, with the evidence of both, by its strongest signal."""
    merged: list[Signal] = []
    for entry_id in {**read, **seen}:
        texts, pictures = read.get(entry_id), seen.get(entry_id)
        scores = [signal.score for signal in (texts, pictures) if signal is not None]
        score = max(scores)
        if refute and texts and pictures and pictures.score < REFUTED_BELOW:
            score = min(score, SEEN_AT)
        evidence = {**(texts.evidence if texts else {}), **(pictures.evidence if pictures else {})}
        merged.append(Signal(entry_id, score, evidence))
    return sorted(merged, key=lambda signal: -signal.score)


def first(entry_id: UUID, ranked: Sequence[Signal]) -> list[Signal]:
    """The ranking with the chosen entry at its head."""
    return sorted(ranked, key=lambda signal: signal.entry_id != entry_id)


def place_id(photo_id: UUID, position: int) -> UUID:
    """The id of what was found in a place of a photo: the same however often it is looked for."""
    return uuid5(photo_id, f"detection {position}")
