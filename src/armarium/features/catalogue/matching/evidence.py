"""What speaks for a candidate, signal by signal, as numbers that a linear model can weigh."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from armarium.features.catalogue.matching.candidates import Reading
from armarium.features.catalogue.matching.index import CONTEXT, CREATOR, NAME, REST, Index
from armarium.features.catalogue.matching.query import Query

SIGNALS = (
    "name_share", "name_mass", "name_whole", "name_missing", "name_letters", "name_order",
    "rest_share", "rest_mass", "creator_share", "creator_mass", "creator_absent", "context_mass",
    "told", "mass", "key_mass", "key_exact", "key_conflict", "short_name", "mark_missing",
    "missing_most", "untold_most",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one candidate; shares are 0 to 1, masses are in units of what names one entry exactly."""

    document: int
    values: NDArray[np.float64]
    keys: Sequence[str]
    """Identifiers in the text that name this entry."""

    def __getitem__(self, name: str) -> float:
        """One signal by name."""
        return float(self.values[SIGNALS.index(name)])


@dataclass(frozen=True, slots=True)
class _Segment:
    share: float
    mass: float
    missing: float
    whole: float
    order: float
    tokens: frozenset[int]


class Examiner:
    """Weighs candidates of one query in one index."""

    def __init__(self, index: Index, query: Query, found: Sequence[Reading]) -> None:
        self._index = index
        self._query = query
        self._unit = float(np.log(index.size + 1.0)) or 1.0
        self._seen: dict[int, list[tuple[Reading, float, float]]] = {}
        best_told: dict[int, float] = {}
        for reading in found:
            for each in reading.expansions:
                self._seen.setdefault(each.term, []).append((reading, each.seen, each.told))
            best = reading.expansions[0]
            weight = float(index.idf[best.term]) * best.told
            for at in range(reading.token.at, reading.token.at + reading.token.span):
                best_told[at] = max(best_told.get(at, 0.0), weight)
        self._token_weight = self._weights(best_told)
        self._keys = _keys(index, query)
        self._numbered = {
            document
            for document, (keys, _mass) in self._keys.items()
            if any(key.startswith(EXACT) for key in keys)
        }

    def _weights(self, known: Mapping[int, float]) -> list[float]:
        """How much each written word ought to be explained: garbage little, known words by idf."""
        weights: list[float] = []
        for token in self._query.written:
            length = len(token.text)
            unknown = TINY if length < LEGIBLE else UNKNOWN * self._unit * min(1.0, length / LONG)
            weights.append(max(known.get(token.at, 0.0), unknown))
        return weights

    def examine(self, document: int) -> Evidence:
        """All signals of one candidate."""
        told: dict[int, float] = {}
        best: dict[int, tuple[_Segment, list[int]]] = {}
        context = 0.0
        for role, terms in self._index.segments_of(document):
            segment = self._segment(terms, told)
            if role == CONTEXT:
                context += segment.mass
            current = best.get(role)
            if current is None or _worth(segment, role) > _worth(current[0], role):
                best[role] = (segment, terms)
        name, name_terms = best.get(NAME, (NOTHING, []))
        rest, rest_terms = best.get(REST, (NOTHING, []))
        rest_mass = rest.mass
        creator = best[CREATOR][0] if CREATOR in best else NOTHING
        wanted = sum(self._token_weight) or 1.0
        explained = sum(weight * told.get(at, 0.0) for at, weight in enumerate(self._token_weight))
        keys, key_mass = self._keys.get(document, ([], 0.0))
        mass = name.mass + rest_mass + creator.mass + 0.5 * context
        values = (
            name.share,
            min(name.mass, 2.5),
            name.whole,
            min(name.missing, 3.0),
            self._letters(name_terms),
            name.order,
            rest.share,
            min(rest_mass, 2.0),
            creator.share,
            min(creator.mass, 2.0),
            0.0 if CREATOR in best else 1.0,
            min(context, 1.5),
            explained / wanted,
            min(mass, 4.0),
            min(key_mass, 3.0),
            float(any(key.startswith(EXACT) for key in keys)),
            float(bool(self._numbered) and document not in self._numbered),
            1.0 / (1.0 + len(name_terms)),
            float(any(self._is_mark(term) for term in (*name_terms, *rest_terms))),
            min(self._missing_most(name_terms), 1.0),
            min(self._untold_most(told), 1.0),
        )
        return Evidence(document, np.array(values), keys)

    def _segment(self, terms: Sequence[int], told: dict[int, float]) -> _Segment:
        """How much of a segment was read; marks in `told` what that explains of the text."""
        idf = self._index.idf
        total = matched = missing = 0.0
        whole = 0
        positions: list[int] = []
        tokens: set[int] = set()
        for term in terms:
            weight = float(idf[term]) / self._unit
            total += weight
            options = self._seen.get(term)
            if not options:
                missing += weight
                continue
            reading, seen, _told = max(options, key=lambda option: option[1])
            matched += weight * seen
            missing += weight * (1 - seen)
            whole += seen >= WHOLE
            positions.append(reading.token.at)
            for each, _seen_share, explains in options:
                for at in range(each.token.at, each.token.at + each.token.span):
                    told[at] = max(told.get(at, 0.0), explains)
                    tokens.add(at)
        if not total:
            return NOTHING
        return _Segment(
            matched / total, matched, missing, whole / len(terms), _order(positions, len(terms)),
            frozenset(tokens),
        )  # fmt: skip

    def _is_mark(self, term: int) -> bool:
        """Whether a volume, plate or state number of the entry is not in the text."""
        return term not in self._seen and bool(MARK.fullmatch(self._index.vocabulary[term]))

    def _missing_most(self, terms: Sequence[int]) -> float:
        """Weight of the weightiest word of the name that the text lacks."""
        idf, seen = self._index.idf, self._seen
        return max(
            (
                float(idf[term])
                / self._unit
                * (1 - max((o[1] for o in seen.get(term, ())), default=0))
                for term in terms
            ),
            default=0.0,
        )

    def _untold_most(self, told: Mapping[int, float]) -> float:
        """Weight of the weightiest legible word of the text that the entry does not explain."""
        weights = (
            self._token_weight[token.at] * (1 - told.get(token.at, 0.0))
            for token in self._query.written
            if len(token.text) > LEGIBLE and not token.text.isdigit()
        )
        return max(weights, default=0.0) / self._unit

    def _letters(self, terms: Sequence[int]) -> float:
        """How well the letters of the name lie in the letters of the text, spaces aside."""
        name = "".join(self._index.vocabulary[term] for term in terms)
        if len(name) < LEGIBLE or not self._query.squeezed:
            return 0.0
        if len(name) > len(self._query.squeezed):
            share = len(self._query.squeezed) / len(name)
            return share * fuzz.partial_ratio(self._query.squeezed, name) / 100
        return fuzz.partial_ratio(name, self._query.squeezed) / 100


LEGIBLE = 3
"""Letters from which on a word says something."""
TINY, UNKNOWN, LONG = 0.1, 0.35, 6
"""Weight of a stray mark; share of full weight of an unknown word of LONG letters."""
WHOLE = 0.99
NEAR = 2

EXACT = ("no:", "isbn:", "code:")
"""Schemes that name one printing or work; the others only narrow down."""

MARK = re.compile(r"\d{1,3}|(?=[ivx]{2,})x{0,3}(?:ix|iv|v?i{0,3})")
"""What tells one volume, plate or state from the next."""

NOTHING = _Segment(0.0, 0.0, 0.0, 0.0, 0.0, frozenset())


def _worth(segment: _Segment, role: int) -> float:
    return segment.mass * segment.share if role in {NAME, CREATOR} else segment.mass


def _order(positions: Sequence[int], length: int) -> float:
    """Share of neighboring words of the name that stand in that order, close together."""
    if length == 1:
        return 0.5
    good = sum(0 < after - before <= NEAR for before, after in pairwise(positions))
    return good / (length - 1)


def _keys(index: Index, query: Query) -> dict[int, tuple[list[str], float]]:
    """Identifiers of the text by the documents that carry them, with their information."""
    found: dict[int, tuple[list[str], float]] = {}
    unit = float(np.log(index.size + 1.0)) or 1.0
    for key in query.keys:
        documents = index.documents_by_key(key)
        if not len(documents):
            continue
        mass = float(np.log((index.size + 1.0) / len(documents))) / unit
        for document in documents.tolist():
            keys, before = found.setdefault(document, ([], 0.0))
            keys.append(key)
            found[document] = (keys, before + mass)
    return found
