"""Which entries could be meant: words, misread words and identifiers, to a short list.

Each word of the text is looked up exactly, then by its character pieces: misread (a few letters
differ), cut off (a part of a longer word) or glued (two words without a space).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from armarium.features.catalogue.matching.index import (
    CONTEXT,
    CREATOR,
    NAME,
    PIECE,
    REST,
    Floats,
    Index,
    Ints,
)
from armarium.features.catalogue.matching.query import Query, Token
from armarium.kit.text import ngrams

SHORT_LIST = 64
MIN_FUZZY = 4
MAX_EXPANSIONS = 24
MIN_ALIKE, MIN_INSIDE = 0.3, 0.45
"""Shared pieces over the mean length, and over the shorter, that make a pair worth judging."""
SHORT_WORD, MIN_RATIO_SHORT, MIN_RATIO = 5, 0.74, 0.66
"""Least similarity of a misread word; one wrong letter of four is too much."""
MIN_PARTIAL = 84
"""Least similarity (of 100) of a word cut off or glued with the part that it matches."""
ROLE_WEIGHT = np.zeros(4, dtype=np.float32)
ROLE_WEIGHT[[NAME, REST, CREATOR, CONTEXT]] = (1.0, 0.8, 0.9, 0.5)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term that a word of the text may be.

    `seen`: how much of the term was read, 0 to 1. `told`: how much of the word it explains.
    """

    term: int
    seen: float
    told: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One token with the terms that it may be, likeliest first."""

    token: Token
    expansions: Sequence[Expansion]


def readings(index: Index, query: Query) -> list[Reading]:
    """What each token may be in this catalogue; joined neighbors only when they fit well."""
    found: list[Reading] = []
    cache: dict[str, list[Expansion]] = {}
    for token in query.tokens:
        if token.text not in cache:
            cache[token.text] = expand(index, token.text)
        options = cache[token.text]
        if token.span > 1:
            options = [each for each in options if min(each.seen, each.told) >= JOINED_FIT]
        if options:
            found.append(Reading(token, options))
    return found


JOINED_FIT = 0.85


def expand(index: Index, word: str) -> list[Expansion]:
    """The terms that a written word may be."""
    exact = index.term_of.get(word)
    found = [] if exact is None else [Expansion(exact, 1.0, 1.0)]
    if len(word) < MIN_FUZZY or word.isdigit() or not index.size:
        return found
    for term in _similar(index, word):
        if term != exact:
            judged = _judge(word, index.vocabulary[term])
            if judged is not None:
                found.append(Expansion(term, *judged))
    found.sort(key=lambda each: -each.seen * each.told)
    return found[:MAX_EXPANSIONS]


def _similar(index: Index, word: str) -> list[int]:
    """Terms that share many character pieces with `word`."""
    pieces = index.pieces
    numbers = [pieces.number_of[p] for p in set(ngrams(word, PIECE)) if p in pieces.number_of]
    if not numbers:
        return []
    hits = np.concatenate([pieces.words[pieces.start[n] : pieces.start[n + 1]] for n in numbers])
    terms, shared = np.unique(hits, return_counts=True)
    lengths = pieces.lengths[terms]
    alike = shared / np.sqrt(len(word) * lengths.astype(np.float32))
    inside = shared / np.minimum(len(word), lengths)
    keep = (alike >= MIN_ALIKE) | ((inside >= MIN_INSIDE) & (shared > 1))
    terms, rank = terms[keep], np.maximum(alike, 0.8 * inside)[keep]
    if len(terms) > 4 * MAX_EXPANSIONS:
        best = np.argpartition(-rank, 4 * MAX_EXPANSIONS)[: 4 * MAX_EXPANSIONS]
        terms = terms[best]
    return terms.tolist()


def _judge(word: str, term: str) -> tuple[float, float] | None:
    """`(seen, told)` of a pair that share pieces; None when they are too far apart."""
    ratio = OSA.normalized_similarity(word, term)
    need = MIN_RATIO_SHORT if min(len(word), len(term)) <= SHORT_WORD else MIN_RATIO
    best = (ratio, ratio) if ratio >= need else None
    shorter = min(len(word), len(term))
    if shorter >= MIN_FUZZY and len(word) != len(term):
        inside = fuzz.partial_ratio(word, term, score_cutoff=MIN_PARTIAL) / 100
        if inside:
            share = shorter / max(len(word), len(term))
            cut = (inside * (0.4 + 0.6 * share), inside)
            glued = (inside, inside * share)
            other = cut if len(word) < len(term) else glued
            if best is None or sum(other) > sum(best):
                best = other
    return best


def scores(index: Index, found: Sequence[Reading]) -> Floats:
    """Evidence of each document: the best reading of each token, weighted by information."""
    total = np.zeros(index.size, dtype=np.float32)
    buffer = np.zeros(index.size, dtype=np.float32)
    counted: set[str] = set()
    for reading in found:
        if reading.token.text in counted:
            continue
        counted.add(reading.token.text)
        touched: list[Ints] = []
        for each in reading.expansions:
            start, end = index.posting_start[each.term], index.posting_start[each.term + 1]
            documents = index.postings[start:end]
            weight = np.float32(index.idf[each.term] * (each.seen * each.told) ** 1.5)
            gain = ROLE_WEIGHT[index.posting_role[start:end]] * weight
            buffer[documents] = np.maximum(buffer[documents], gain)
            touched.append(documents)
        for documents in touched:
            total[documents] += buffer[documents]
            buffer[documents] = 0
    return total


def short_list(index: Index, found: Sequence[Reading], query: Query) -> list[int]:
    """The documents worth a closer look."""
    total = scores(index, found)
    for key in query.keys:
        documents = index.documents_by_key(key)
        if len(documents):
            total[documents] += np.float32(np.log(index.size / len(documents) + 1.0))
    chosen = dict.fromkeys(best(total, SHORT_LIST))
    chosen.update(dict.fromkeys(best(total / index.weight, SHORT_LIST // 2)))
    return list(chosen)


def best(values: Floats, size: int) -> list[int]:
    """The documents of the highest values above zero, best first."""
    size = min(size, len(values))
    if not size:
        return []
    top = np.argpartition(-values, size - 1)[:size]
    top = top[values[top] > 0]
    return top[np.argsort(-values[top], kind="stable")].tolist()
