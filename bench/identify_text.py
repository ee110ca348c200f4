"""Text identification, measured: spines of a real library, badly read cards and picture labels.

Prints JSON. Spines: `held` is the half that no coefficient has seen, `tune` the other; a plain
BM25 over the same words runs beside it. Open set: the same queries with their truth taken out of
the catalogue, where any acceptance is wrong. Run: .venv/bin/python bench/identify_text.py DATA
"""

import argparse
import json
import math
import platform
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from armarium.features.catalogue.matching.identify import identify
from armarium.features.catalogue.matching.query import read
from armarium.kit.text import words
from catalogues import Loaded, load_catalogue
from text_queries import ATTACKS, card_text, in_tuning_half, label_text, misread, spines

SEED = 20261


@dataclass
class Score:
    """Counts over queries that have an answer and over those that have none."""

    asked: int = 0
    first: int = 0
    five: int = 0
    accepted: int = 0
    right: int = 0
    review: int = 0
    outside: int = 0
    outside_accepted: int = 0
    outside_unknown: int = 0
    times: list[float] = field(default_factory=list)
    chances: list[tuple[float, bool]] = field(default_factory=list)

    def inside(self, decision: str, ranks: Sequence[bool], chance: float) -> None:
        """Count a query whose answer is in the catalogue; `ranks` marks the right candidates."""
        self.asked += 1
        self.first += bool(ranks[:1] and ranks[0])
        self.five += any(ranks[:5])
        self.accepted += decision == "accepted"
        self.right += decision == "accepted" and ranks[0]
        self.review += decision == "review"
        self.chances.append((chance, bool(ranks and ranks[0])))

    def without(self, decision: str) -> None:
        """Count a query that has no answer."""
        self.outside += 1
        self.outside_accepted += decision == "accepted"
        self.outside_unknown += decision == "unknown"

    def told(self) -> dict[str, Any]:
        """The figures as JSON."""
        shown: dict[str, Any] = {"queries": self.asked}
        if self.asked:
            shown |= {
                "recall_at_1": round(self.first / self.asked, 4),
                "recall_at_5": round(self.five / self.asked, 4),
                "accepted": round(self.accepted / self.asked, 4),
                "accepted_right": round(self.right / self.asked, 4),
                "wrong_accepts": round((self.accepted - self.right) / self.asked, 4),
                "review": round(self.review / self.asked, 4),
                "calibration_error": round(calibration_error(self.chances), 4),
            }
        if self.outside:
            shown["outside"] = {
                "queries": self.outside,
                "wrong_accepts": round(self.outside_accepted / self.outside, 4),
                "rejected": round(1 - self.outside_accepted / self.outside, 4),
                "unknown": round(self.outside_unknown / self.outside, 4),
            }
        if self.times:
            ordered = sorted(self.times)
            shown["ms"] = {
                "p50": round(1000 * statistics.median(ordered), 2),
                "p95": round(1000 * ordered[int(0.95 * len(ordered))], 2),
            }
        return shown


def calibration_error(chances: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over ten bins of the probability of the first candidate."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, right in chances:
        bins.setdefault(min(9, int(chance * 10)), []).append((chance, right))
    return sum(
        len(each) / len(chances)
        * abs(statistics.fmean(c for c, _ in each) - statistics.fmean(r for _, r in each))
        for each in bins.values()
    )  # fmt: skip


def ask(
    catalogue: Loaded, kind: str, text: str, is_true: Callable[[int], bool] | None, score: Score,
    *, outside: Score | None = None,
) -> None:  # fmt: skip
    """One query; `outside` also gets it with its truth hidden."""
    index = catalogue.index
    started = time.perf_counter()
    outcome = identify(index, kind, read(text))
    score.times.append(time.perf_counter() - started)
    if is_true is None:
        score.without(outcome.decision)
        return
    ranks = [is_true(each.evidence.document) for each in outcome.candidates]
    chance = outcome.candidates[0].probability if outcome.candidates else 0.0
    score.inside(outcome.decision, ranks, chance)
    if outside is not None:
        truths = {
            index.id_of(each.evidence.document)
            for each in outcome.candidates
            if is_true(each.evidence.document)
        }
        outside.without(identify(index, kind, read(text), truths).decision)


def spine_scores(data: Path) -> dict[str, Any]:
    catalogue = load_catalogue(data / "retrieval/shelf/inventory.csv", "csv", {"tag": "-"})
    known = set(catalogue.identity)
    baseline = Bm25([row["title"] + " " + " ".join(row["creators"]) for row in catalogue.rows])
    shown: dict[str, Any] = {"entries": catalogue.index.size, "not_matched_to_inventory": 0}
    halves = {"held": Score(), "tune": Score()}
    plain = {"held": Score(), "tune": Score()}
    open_set = {"held": Score(), "tune": Score()}
    for each in spines(data / "retrieval/shelf"):
        if each.truth is None:
            ask(catalogue, "book", each.text, None, halves[each.half])
            continue
        if each.truth not in known:
            shown["not_matched_to_inventory"] += 1
            continue
        truth = each.truth

        def is_true(at: int, truth: tuple[str, str] = truth) -> bool:
            return catalogue.identity[at] == truth

        ask(catalogue, "book", each.text, is_true, halves[each.half], outside=open_set[each.half])
        found = baseline.best(each.text, 5)
        plain[each.half].inside("unknown", [is_true(at) for at in found], 0.0)
    for half, score in halves.items():
        shown[half] = score.told() | {
            "truth_removed": open_set[half].told()["outside"],
            "plain_bm25": {
                name: plain[half].told()[name] for name in ("recall_at_1", "recall_at_5")
            },
        }
    return shown


class Bm25:
    """The baseline: Okapi BM25 (k1 1.2, b 0.75) over folded words."""

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [Counter(words(text)) for text in texts]
        lengths = np.array([sum(each.values()) for each in counted], dtype=float)
        self._norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for at, each in enumerate(counted):
            for word, count in each.items():
                self._postings.setdefault(word, []).append((at, count))
        self._size = len(texts)

    def best(self, text: str, limit: int) -> list[int]:
        """Rows by their score."""
        total = np.zeros(self._size)
        for word, times in Counter(words(text)).items():
            postings = self._postings.get(word)
            if postings:
                at = np.array([each for each, _ in postings])
                count = np.array([each for _, each in postings], dtype=float)
                idf = math.log(1 + (self._size - len(at) + 0.5) / (len(at) + 0.5))
                total[at] += times * idf * count * 2.2 / (count + self._norm[at])
        found = np.argsort(-total, kind="stable")[:limit]
        return [int(each) for each in found if total[each] > 0]


def card_scores(data: Path, count: int) -> dict[str, Any]:
    """Cards of sets that training never saw, by noise, and by whether the number was read."""
    catalogue = load_catalogue(data / "catalogues/tcgdex_cards.jsonl.gz", "tcgdex", {})
    held = [
        at for at, row in enumerate(catalogue.rows) if not in_tuning_half(row["set_code"] or "")
    ]
    rng = random.Random(SEED)
    shown: dict[str, Any] = {"entries": catalogue.index.size}
    for name, rate, numbered in (
        ("clean_numbered", 0.0, True), ("noise_03_numbered", 0.03, True),
        ("noise_08_numbered", 0.08, True), ("noise_03_no_number", 0.03, False),
    ):  # fmt: skip
        score, outside = Score(), Score()
        languages: Counter[str] = Counter()
        for at in rng.sample(held, count):
            row = catalogue.rows[at]
            made = card_text(
                row["names"], row["number"], (row["creators"] or [""])[0],
                row["attributes"].get("hp"), rng, rate=rate, with_number=numbered,
                set_code=row["attributes"].get("set_abbreviation"),
            )  # fmt: skip
            languages[made.language] += 1
            ask(
                catalogue,
                "card",
                made.text,
                lambda found, at=at: found == at,
                score,
                outside=outside,
            )
        shown[name] = score.told() | {
            "truth_removed": outside.told()["outside"], "languages": dict(languages),
        }  # fmt: skip
    nothing = Score()
    for _ in range(count):
        text = " ".join(rng.choice(ATTACKS[rng.choice(sorted(ATTACKS))]) for _ in range(8))
        ask(catalogue, "card", misread(text, rng, 0.03), None, nothing)
    shown["attack_words_alone"] = nothing.told()
    return shown


def art_scores(data: Path, count: int) -> dict[str, Any]:
    """Picture labels by artists whom training never saw, badly read."""
    catalogue = load_catalogue(data / "catalogues/tate_artworks.jsonl.gz", "tate", {})
    rng = random.Random(SEED)
    twins = Counter(catalogue.identity)
    shown: dict[str, Any] = {"entries": catalogue.index.size}
    score, outside, twin = Score(), Score(), Score()
    held = [at for at, row in enumerate(catalogue.rows) if not in_tuning_half(*row["creators"][:1])]
    for at in rng.sample(held, count):
        text = label_text(catalogue.rows[at], rng, rate=0.03)
        if twins[catalogue.identity[at]] > 1:
            ask(catalogue, "art", text, lambda found, at=at: found == at, twin)
        else:
            ask(catalogue, "art", text, lambda found, at=at: found == at, score, outside=outside)
    shown["one_of_its_name"] = score.told() | {"truth_removed": outside.told()["outside"]}
    shown["several_of_its_name"] = twin.told()
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", choices=["spines", "cards", "art"])
    parser.add_argument("--count", type=int, default=1000, help="synthetic queries a class")
    options = parser.parse_args()
    shown: dict[str, Any] = {
        "benchmark": "identify_text",
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "seed": SEED,
    }
    if options.only in {None, "spines"}:
        shown["spines"] = spine_scores(options.data)
    if options.only in {None, "cards"}:
        shown["cards"] = card_scores(options.data, options.count)
    if options.only in {None, "art"}:
        shown["art"] = art_scores(options.data, options.count)
    print(json.dumps(shown, indent=1))


if __name__ == "__main__":
    main()
