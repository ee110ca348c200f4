"""What a person typed, as terms to rank by. Pure.

`"a phrase"` must stand so; `-word` and `-"a phrase"` exclude; everything else is optional and
ranks. Whatever the input, the answer is a query: odd signs are ignored, quotes may stay open.
"""

import re
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from armarium.features.search.analyzer import Token, clean, query_tokens
from armarium.features.search.errors import QueryTooLong
from armarium.features.search.models import QueryTerms, Widening

LONGEST = 2_000
MOST_TERMS = 48
FEW = 3
"""A term in fewer documents than this finds next to nothing, and may be widened."""
COMPLETED, NEIGHBOUR = 0.6, 0.4
"""How much a stand-in counts beside the term that was typed."""
MOST_STAND_INS = 16

OPEN, CLOSE = '"\N{LEFT DOUBLE QUOTATION MARK}', '"\N{RIGHT DOUBLE QUOTATION MARK}'
CHUNK = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:[{OPEN}](?P<phrase>[^{CLOSE}]*)(?:[{CLOSE}]|$)|(?P<plain>[^\s{OPEN}]+))"
)


@dataclass(slots=True)
class ParsedQuery:
    """A query in parts, before the vocabulary of a space is asked."""

    optional: list[str] = field(default_factory=list[str])
    required: list[str] = field(default_factory=list[str])
    excluded: list[str] = field(default_factory=list[str])
    phrases: list[str] = field(default_factory=list[str])
    barred: list[str] = field(default_factory=list[str])
    unfinished: str | None = None
    """The last word, while nothing after it says that it is complete."""
    plain_text: str = ""
    """What the query means, without operators and exclusions: for the embedder."""

    def terms(self) -> list[str]:
        """Every term that ranks, once, in the order of the query."""
        return list(dict.fromkeys([*self.optional, *self.required]))[:MOST_TERMS]

    def exact(self) -> QueryTerms:
        """The query as typed."""
        terms = self.terms()
        return QueryTerms(
            terms=terms,
            parts=list(range(len(terms))),
            boosts=[1.0] * len(terms),
            required=[term for term in dict.fromkeys(self.required) if term in terms],
            excluded=list(dict.fromkeys(self.excluded)),
            phrases=list(dict.fromkeys(self.phrases)),
            barred=list(dict.fromkeys(self.barred)),
        )


def parse(text: str) -> ParsedQuery:
    """Read a query."""
    if len(text) > LONGEST:
        raise QueryTooLong(pointer="query:q")
    plain = clean(text, LONGEST)
    parsed = ParsedQuery()
    meant: list[str] = []
    for start, end, minus, phrase in _chunks(plain):
        found = query_tokens(plain[start:end])
        terms = [token.term for token in found]
        if minus:
            barred = _phrase(found) if phrase else []
            parsed.barred += barred
            parsed.excluded += [] if barred else [one.term for one in found if one.primary]
            continue
        meant.append(plain[start:end])
        if phrase:
            parsed.required += [token.term for token in found if token.primary]
            parsed.phrases += _phrase(found)
        else:
            parsed.optional += terms
            if end == len(plain) and found:
                parsed.unfinished = found[-1].term
    parsed.plain_text = " ".join(meant)
    return parsed


def _chunks(text: str) -> list[tuple[int, int, bool, bool]]:
    """(start, end, excluded?, phrase?) of each part; plain words side by side are one part."""
    chunks: list[tuple[int, int, bool, bool]] = []
    for match in CHUNK.finditer(text):
        minus, phrase = match["minus"] is not None, match["phrase"] is not None
        start, end = match.span("phrase" if phrase else "plain")
        if chunks and not (minus or phrase) and not any(chunks[-1][2:]):
            chunks[-1] = (chunks[-1][0], end, False, False)
        else:
            chunks.append((start, end, minus, phrase))
    return chunks


def _phrase(found: list[Token]) -> list[str]:
    words = [token.term for token in found if token.primary]
    return [f" {' '.join(words)} "] if len(words) > 1 else []


def nearest_words(term: str, candidates: dict[str, int]) -> list[str]:
    """The candidates that a slip of the finger turns into `term`, nearest and commonest first."""
    allowed = 1 if len(term) < 8 else 2  # noqa: PLR2004  # longer words, more slips
    near = [
        (distance, -documents, word)
        for word, documents in candidates.items()
        if (distance := OSA.distance(term, word, score_cutoff=allowed)) <= allowed
    ]
    return [word for _, _, word in sorted(near)[:MOST_STAND_INS]]


def widen(query: QueryTerms, term: str, reason: str, stand_ins: list[str]) -> None:
    """Let `stand_ins` count for `term`, less than it would."""
    fresh = [word for word in stand_ins if word not in query.terms][:MOST_STAND_INS]
    if not fresh:
        return
    part = query.parts[query.terms.index(term)]
    boost = COMPLETED if reason == "prefix" else NEIGHBOUR
    for word in fresh:
        query.terms.append(word)
        query.parts.append(part)
        query.boosts.append(boost)
    query.widenings.append(Widening(term, reason, tuple(fresh)))
