"""From evidence to a ranking, a probability and a decision that can abstain.

Two linear models by kind, fitted by models/text_identification/train.py: one ranks candidates,
one says how likely the best is the thing itself, given what also speaks for the runner-up.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from armarium.features.catalogue.matching.evidence import SIGNALS, Evidence

Decision = Literal["accepted", "review", "unknown"]

ACCEPT_SIGNALS = (
    "one", "rank", "lead", "name_share", "name_mass", "name_missing", "name_letters",
    "creator_share", "creator_mass", "told", "mass", "key_mass", "key_exact", "key_conflict",
    "mark_missing", "missing_most", "untold_most", "rest_share",
)  # fmt: skip

_PACKAGE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class TextModel:
    """Coefficients for one kind of catalogue."""

    rank: NDArray[np.float64]
    accept: NDArray[np.float64]
    accept_at: float
    review_at: float

    def rank_score(self, evidence: Evidence) -> float:
        """Higher is likelier; comparable within one query."""
        return float(evidence.values @ self.rank)

    def probability(self, best: Evidence, score: float, runner_up: float) -> float:
        """How likely the best candidate is right, from 0 to 1."""
        values = accept_values(best, score, runner_up)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, float(values @ self.accept)))))


def accept_values(best: Evidence, score: float, runner_up: float | None) -> NDArray[np.float64]:
    """What the acceptance model weighs; the lead over the runner-up is capped."""
    lead = MAX_LEAD if runner_up is None else min(MAX_LEAD, score - runner_up)
    named = [best[name] for name in ACCEPT_SIGNALS[3:]]
    return np.array([1.0, score, lead, *named])


MAX_LEAD = 4.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its place and its probability."""

    evidence: Evidence
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision on one text, candidates best first."""

    decision: Decision
    candidates: Sequence[Ranked]


def decide(
    model: TextModel, found: Sequence[Evidence], same: Callable[[int, int], bool]
) -> Outcome:
    """Rank `found` and decide; `same(a, b)` tells documents that are one thing to a collector.

    A runner-up that is as good and is another thing (a reprint with the same name) halves the
    probability, so that it goes to review and is never accepted by chance.
    """
    if not found:
        return Outcome("unknown", ())
    scored = sorted(
        ((model.rank_score(each) + CASCADE * named(each), each) for each in found),
        key=lambda pair: -pair[0],
    )
    best_score, best = scored[0]
    rival = next(
        (score for score, each in scored[1:] if not same(best.document, each.document)), None
    )
    lead = CASCADE if rival is None else best_score - rival
    own = model.rank_score(best)
    sure = model.probability(best, own, own - lead)
    if named(best) and lead >= CASCADE / 2:
        sure = max(sure, SURE_BY_NAME)
    rest = _shares(scored, sure)
    ranked = [Ranked(each, score, share) for (score, each), share in zip(scored, rest, strict=True)]
    tied = lead < TIE
    if sure >= min(model.accept_at, SURE_BY_NAME) and not tied:
        return Outcome("accepted", ranked)
    enough = model.review_at / 2 if tied else model.review_at
    return Outcome("review" if sure >= enough else "unknown", ranked)


def named(evidence: Evidence) -> bool:
    """Whether an identifier in the text names this entry, and its name does not speak against it.

    A valid ISBN stands alone, since a misread one fails its check digit; a collector number or a
    code is short enough to be a misreading, so that the name must be there as well.
    """
    if any(key.startswith("isbn:") for key in evidence.keys):
        return True
    agrees = evidence["name_share"] >= NAMED_SHARE and evidence["name_letters"] >= NAMED_LETTERS
    return bool(evidence["key_exact"]) and agrees


CASCADE = 12.0
"""Identifiers first: any entry that is named exactly stands before all that are not."""
SURE_BY_NAME = 0.97
"""Held-out share of right answers among entries that an identifier and the name agree on."""
NAMED_SHARE, NAMED_LETTERS = 0.6, 0.8
TIE = 0.15
"""Rank scores closer than this do not tell two things apart."""


def _shares(scored: Sequence[tuple[float, Evidence]], sure: float) -> list[float]:
    """The best keeps its probability; what is left falls to the others by their scores."""
    top = scored[0][0]
    weights = [math.exp(max(-30.0, score - top)) for score, _each in scored]
    others = sum(weights[1:]) + math.exp(-2.0)
    return [sure, *(min(sure, (1 - sure) * weight / others) for weight in weights[1:])]


def parse(data: Mapping[str, Any]) -> dict[str, TextModel]:
    """Models by kind from the JSON that the training script writes."""
    found: dict[str, TextModel] = {}
    for kind, told in data["models"].items():
        rank = np.array([told["rank"][name] for name in SIGNALS])
        accept = np.array([told["accept"][name] for name in ACCEPT_SIGNALS])
        found[kind] = TextModel(rank, accept, told["accept_at"], told["review_at"])
    return found


@cache
def models() -> Mapping[str, TextModel]:
    """The models that ship with the product."""
    for folder in (_PACKAGE / "_models", _PACKAGE.parent.parent / "models"):
        path = folder / "text_identification" / "coefficients.json"
        if path.is_file():
            return parse(json.loads(path.read_text()))
    raise FileNotFoundError("models/text_identification/coefficients.json")


def model_for(kind: str) -> TextModel:
    """The model of a kind; kinds without one of their own read like books."""
    return models().get(kind) or models()["book"]
