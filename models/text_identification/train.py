"""Fit the coefficients of text identification and write coefficients.json beside this file.

Recipe. Books: the tuning half of the shelf queries (by photograph), with each query also asked
against a catalogue from which its book is missing. Cards: cards of the TCGdex catalogue in the
tuning half (by set), read badly by bench/text_queries.py with seed 1, each also asked
against a catalogue without it. Art: labels of works by the tuning half of the Tate's artists, the
same way. Ranking is a listwise logistic model, acceptance a logistic one;
both by L-BFGS with an L2 penalty. Held-out figures come from bench/identify_text.py, never here.

Run: .venv/bin/python models/text_identification/train.py /path/to/data [book|card|art …]
"""

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "bench"))

from armarium.features.catalogue.matching.decide import (  # noqa: E402
    ACCEPT_SIGNALS,
    MAX_LEAD,
    accept_values,
)
from armarium.features.catalogue.matching.evidence import SIGNALS, Evidence  # noqa: E402
from armarium.features.catalogue.matching.identify import examine  # noqa: E402
from armarium.features.catalogue.matching.query import read  # noqa: E402
from catalogues import Loaded, load_catalogue  # noqa: E402 - a benchmark helper, not a package
from text_queries import card_text, in_tuning_half, label_text, spines  # noqa: E402

Array = NDArray[np.float64]
RANK_PENALTY = 1e-4
ACCEPT_PENALTY = 1e-3
CARDS = 3000
LABELS = 2000
TWINS = 0.3
"""Share kept of works that share title and artist with another: no text tells them apart."""
WRONG_ACCEPTS = {"book": 0.006, "card": 0.006, "art": 0.012}
"""Share of all tuning cases (in and outside the catalogue) that may be accepted wrongly. Of
the "wrong" ones of books and art, half and more are right on inspection or differ from the truth in
a volume or a state only: such pairs are what the bound is spent on."""


@dataclass
class Asked:
    """One query with the evidence of its candidates; `right` marks the true ones."""

    found: list[Evidence]
    right: Array
    ranks: bool
    """Whether the text can tell the truth from the rest, so that ranking may learn from it."""


def ask(
    catalogue: Loaded, text: str, is_true: Callable[[int], bool], *, ranks: bool = True
) -> Asked:
    found = examine(catalogue.index, read(text))
    return Asked(found, np.array([is_true(each.document) for each in found], dtype=bool), ranks)


def book_queries(data: Path) -> tuple[list[Asked], Callable[[int, int], bool]]:
    catalogue = load_catalogue(data / "retrieval/shelf/inventory.csv", "csv", {"tag": "-"})
    truths = set(catalogue.identity)
    asked = [
        ask(catalogue, each.text, lambda at, truth=each.truth: catalogue.identity[at] == truth)
        for each in spines(data / "retrieval/shelf")
        if each.half == "tune" and (each.truth is None or each.truth in truths)
    ]
    return asked, lambda one, other: catalogue.identity[one] == catalogue.identity[other]


def card_queries(data: Path) -> tuple[list[Asked], Callable[[int, int], bool]]:
    catalogue = load_catalogue(data / "catalogues/tcgdex_cards.jsonl.gz", "tcgdex", {})
    rng = random.Random(1)
    own = [at for at, row in enumerate(catalogue.rows) if in_tuning_half(row["set_code"] or "")]
    asked: list[Asked] = []
    for at in rng.sample(own, min(CARDS, len(own))):
        row = catalogue.rows[at]
        made = card_text(
            row["names"], row["number"], (row["creators"] or [""])[0],
            row["attributes"].get("hp"), rng, rate=rng.choice([0.0, 0.02, 0.05, 0.1]),
            set_code=row["attributes"].get("set_abbreviation"),
        )  # fmt: skip
        asked.append(
            ask(catalogue, made.text, lambda found, at=at: found == at, ranks=made.numbered)
        )
    return asked, lambda _one, _other: False


def art_queries(data: Path) -> tuple[list[Asked], Callable[[int, int], bool]]:
    catalogue = load_catalogue(data / "catalogues/tate_artworks.jsonl.gz", "tate", {})
    rng = random.Random(1)
    own = [
        at for at, row in enumerate(catalogue.rows) if in_tuning_half((row["creators"] or [""])[0])
    ]
    twins = Counter(catalogue.identity)
    asked: list[Asked] = []
    for at in rng.sample(own, min(LABELS, len(own))):
        single = twins[catalogue.identity[at]] == 1
        if not single and rng.random() > TWINS:
            continue
        text = label_text(catalogue.rows[at], rng, rate=rng.choice([0.0, 0.02, 0.05]))
        asked.append(ask(catalogue, text, lambda found, at=at: found == at, ranks=single))
    return asked, lambda _one, _other: False


def fit_rank(asked: Sequence[Asked]) -> Array:
    lists = [
        (np.array([each.values for each in one.found]), one.right)
        for one in asked
        if one.ranks and one.right.any() and not one.right.all()
    ]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros_like(weights)
        for values, right in lists:
            scores = values @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            won = shares[right].sum() + 1e-12
            total -= np.log(won)
            slope -= values[right].T @ (shares[right] / won) - values.T @ shares
        count = len(lists)
        return total / count + RANK_PENALTY * weights @ weights, (
            slope / count + 2 * RANK_PENALTY * weights
        )

    return minimize(loss, np.zeros(len(SIGNALS)), jac=True, method="L-BFGS-B").x


def cases(
    asked: Sequence[Asked], rank: Array, same: Callable[[int, int], bool]
) -> tuple[Array, Array, Array]:
    """Acceptance cases: each query as asked, and again with its truth taken out."""
    rows: list[Array] = []
    labels: list[float] = []
    weights: list[float] = []

    def add(found: list[Evidence], right: list[bool], weight: float) -> None:
        if not found:
            return
        scores = np.array([each.values @ rank for each in found])
        order = np.argsort(-scores, kind="stable")
        best = found[order[0]]
        rival = next(
            (scores[at] for at in order[1:] if not same(best.document, found[at].document)), None
        )
        rows.append(
            accept_values(best, float(scores[order[0]]), None if rival is None else float(rival))
        )
        labels.append(float(right[order[0]]))
        weights.append(weight)

    for one in asked:
        add(one.found, list(one.right), 1.0)
        if one.right.any():
            kept = [each for each, right in zip(one.found, one.right, strict=True) if not right]
            add(kept, [False] * len(kept), 0.5)
    return np.array(rows), np.array(labels), np.array(weights)


def fit_accept(values: Array, labels: Array, weights: Array) -> Array:
    def loss(coefficients: Array) -> tuple[float, Array]:
        scores = np.clip(values @ coefficients, -30, 30)
        chance = 1 / (1 + np.exp(-scores))
        total = -(weights * np.where(labels > 0, np.log(chance), np.log(1 - chance))).sum()
        slope = values.T @ (weights * (chance - labels))
        count = weights.sum()
        free = coefficients.copy()
        free[0] = 0.0
        return (
            total / count + ACCEPT_PENALTY * free @ free,
            slope / count + 2 * ACCEPT_PENALTY * free,
        )

    return minimize(loss, np.zeros(values.shape[1]), jac=True, method="L-BFGS-B").x


def threshold(values: Array, labels: Array, accept: Array, bound: float) -> float:
    """The lowest probability at which wrong accepts stay within bounds on all cases."""
    chance = 1 / (1 + np.exp(-np.clip(values @ accept, -30, 30)))
    order = np.argsort(-chance)
    wrong = np.cumsum(labels[order] == 0)
    fine = np.flatnonzero(wrong <= bound * len(labels))
    return float(np.clip(chance[order[fine[-1]]], 0.6, 0.97)) if len(fine) else 0.97


def fit(
    asked: Sequence[Asked], same: Callable[[int, int], bool], bound: float
) -> dict[str, object]:
    rank = fit_rank(asked)
    values, labels, weights = cases(asked, rank, same)
    accept = fit_accept(values, labels, weights)
    at = threshold(values, labels, accept, bound)
    chance = 1 / (1 + np.exp(-np.clip(values @ accept, -30, 30)))
    taken = chance >= at
    print(
        f"cases {len(labels)}, accept at {at:.3f}: takes {labels[taken].sum() / labels.sum():.3f} "
        f"of the right, wrong {(labels[taken] == 0).sum() / len(labels):.4f} of all; "
        f"Brier {np.average((chance - labels) ** 2, weights=weights):.4f}"
    )
    return {
        "rank": dict(zip(SIGNALS, rank.round(5).tolist(), strict=True)),
        "accept": dict(zip(ACCEPT_SIGNALS, accept.round(5).tolist(), strict=True)),
        "accept_at": round(at, 4),
        "review_at": 0.12,
    }


def main() -> None:
    data, only = Path(sys.argv[1]), sys.argv[2:]
    path = HERE / "coefficients.json"
    models: dict[str, object] = json.loads(path.read_text())["models"] if only else {}
    for kind, made in (("book", book_queries), ("card", card_queries), ("art", art_queries)):
        if only and kind not in only:
            continue
        asked, same = made(data)
        ranked = [one for one in asked if one.ranks and one.right.any()]
        print(f"{kind}: {len(asked)} queries, truth on the short list of {len(ranked)}")
        models[kind] = fit(asked, same, WRONG_ACCEPTS[kind])
    told = {
        "about": "Coefficients of text identification; see train.py. Lead is capped at "
        f"{MAX_LEAD}. Do not edit by hand.",
        "seed": 1,
        "models": models,
    }
    path.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
