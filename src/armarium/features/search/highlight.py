"""Shows where a document matches: escaped HTML with `<mark>`, one stretch a field. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from html import escape

from armarium.features.search.analyzer import tokens
from armarium.features.search.models import Highlight
from armarium.kit.text import fold

STRETCH = 240
"""Characters shown of a long field."""
SCANNED = 4_000
"""Characters of a long field that are looked through, about its first match."""

DIGIT = re.compile(r"\d")
NOT_WORD = re.compile(r"[\W_]+")

SHOWN = ("title", "identifiers", "creators", "series", "body", "notes")


def highlights(texts: Mapping[str, str], terms: Collection[str]) -> tuple[Highlight, ...]:
    """One highlight for each field that holds a term, in the order of the fields."""
    made: list[Highlight] = []
    for name in SHOWN:
        if not may_match(texts[name], terms):
            continue
        text = around_match(texts[name], terms)
        spans = merge([(one.start, one.end) for one in tokens(text) if one.term in terms])
        if spans:
            made.append(Highlight(name, mark(text, spans)))
    return tuple(made)


def may_match(text: str, terms: Collection[str]) -> bool:
    """Whether a closer look can find anything; cheap, and never wrong when it says no."""
    if not text:
        return False
    plain = fold(text)
    joined = NOT_WORD.sub("", plain)
    has_digits = DIGIT.search(plain) is not None
    return any(term in plain or term in joined if term.isalpha() else has_digits for term in terms)


def around_match(text: str, terms: Collection[str]) -> str:
    """The part of a long text worth looking through: text read from a page may be a whole book."""
    if len(text) <= SCANNED:
        return text
    plain = text.lower()
    places = [at for term in terms if (at := plain.find(term)) >= 0]
    start = max(0, min(places, default=0) - STRETCH)
    return text[start : start + SCANNED]


def merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping stretches as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def mark(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The stretch of `text` with the most matches, escaped, matches in `<mark>`."""
    low, high = stretch(len(text), spans)
    parts: list[str] = ["…" if low else ""]
    at = low
    for start, end in spans:
        if start < low or end > high:
            continue
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    parts += [escape(text[at:high]), "…" if high < len(text) else ""]
    return "".join(parts)


def stretch(length: int, spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where to cut a long text: the window that begins shortly before a match and holds most."""
    if length <= STRETCH:
        return 0, length
    best, most = spans[0][0], 0
    for start, _ in spans:
        held = sum(1 for low, high in spans if start <= low and high <= start + STRETCH - 40)
        if held > most:
            best, most = start, held
    low = max(0, best - 40)
    return low, min(length, max(low + STRETCH, spans[0][1]))
