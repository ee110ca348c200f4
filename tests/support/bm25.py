"""BM25 in plain Python over documents held in memory: what the SQL must equal."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

K1, B = 1.2, 0.75


class Reference:
    """Documents in the order of their arrival, each as term weights (a bag of words).

    score(q, d) = sum over terms of idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * |d| / avg)),
    idf = ln(1 + (N - df + 0.5) / (df + 0.5)); ties go to the older document.
    """

    def __init__(self, documents: Mapping[object, Mapping[str, int]]) -> None:
        self.documents = dict(documents)
        self.lengths = {key: sum(bag.values()) for key, bag in self.documents.items()}
        self.frequency: Counter[str] = Counter()
        self.containing: dict[str, list[object]] = {}
        for key, bag in self.documents.items():
            for term in bag:
                self.frequency[term] += 1
                self.containing.setdefault(term, []).append(key)
        self.average = sum(self.lengths.values()) / max(1, len(self.documents))
        self.arrival = {key: at for at, key in enumerate(self.documents)}

    def idf(self, term: str) -> float:
        df = self.frequency[term]
        return math.log(1 + (len(self.documents) - df + 0.5) / (df + 0.5))

    def score(self, terms: Sequence[str], key: object) -> float:
        bag, length = self.documents[key], self.lengths[key]
        k = K1 * (1 - B + B * length / self.average)
        return sum(
            self.idf(term) * bag[term] * (K1 + 1) / (bag[term] + k) for term in terms if term in bag
        )

    def rank(
        self, terms: Iterable[str], limit: int, *, allowed: set[object] | None = None
    ) -> list[tuple[object, float]]:
        asked = [term for term in dict.fromkeys(terms) if self.frequency[term]]
        asked.sort(key=lambda term: (-self.idf(term), term))
        found = {key for term in asked for key in self.containing[term]}
        if allowed is not None:
            found &= allowed
        scored = [(self.score(asked, key), key) for key in found]
        scored.sort(key=lambda pair: (-math.floor(pair[0] * 1e9 + 0.5), self.arrival[pair[1]]))
        return [(key, score) for score, key in scored[:limit]]
