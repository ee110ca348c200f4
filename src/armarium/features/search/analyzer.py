"""Text to terms, for documents and queries alike, with the place of each term in the text.

Pure. A term is a folded word (case, accents and width gone); a run of Han or kana becomes
overlapping pairs; `4/102` and a valid ISBN stay whole and are also findable by their parts or
digits; `spider-man` gives its parts and `spiderman`. No stemming: it differs by language, and
collections mix languages.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from armarium.kit.codes import ISBN_TEXT, isbn13
from armarium.kit.text import UNSPACED, fold

TERM_LENGTH = 64
"""Characters of a term that count; longer runs are noise of OCR."""


def _marks() -> str:
    """The combining marks as a character class, so that a word of an Indic script stays whole."""
    ranges: list[str] = []
    start = -1
    for code in range(sys.maxunicode + 2):
        is_mark = code <= sys.maxunicode and unicodedata.category(chr(code))[0] == "M"
        if is_mark and start < 0:
            start = code
        elif not is_mark and start >= 0:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
            start = -1
    return "".join(ranges)


PIECE = rf"[^\W_](?:[^\W_]|[{_marks()}])*"
APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
JOINERS = "[" + APOSTROPHES + r".\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}&_]"
SIGNS = "♀♂☆★"
WORD = re.compile(
    rf"(?P<number>{PIECE}(?: ?/ ?{PIECE})+)|(?P<word>{PIECE}(?:{JOINERS}{PIECE})*)|[{SIGNS}]"
)
COMPOUND = re.compile(rf"{PIECE}(?:{JOINERS}{PIECE})*")
PARTS = re.compile(PIECE)
ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
COLLECTOR_NUMBER = re.compile(r"[A-Za-z]{0,4}\d{1,5}[A-Za-z]? ?/ ?[A-Za-z]{0,4}\d{1,5}")
ISBN_13 = re.compile(r"97[89]\d{10}")
DECIMAL = re.compile(r"\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class Token:
    """A term at `text[start:end]`."""

    term: str
    start: int
    end: int
    primary: bool = True
    """In the running text; the others are further spellings of the same place."""


def clean(text: str, limit: int) -> str:
    """What is stored: composed, without NUL or lone surrogates, at most `limit` characters."""
    plain = text[:limit].replace("\0", " ")
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", plain.encode("utf-8", "replace").decode())


def tokens(text: str) -> Iterator[Token]:
    """Every term of `text`, in order of place."""
    at = 0
    for match in ISBN_TEXT.finditer(text):
        code = isbn13(match[0])
        if code is None:
            continue
        yield from _words(text, at, match.start())
        at = match.end()
        yield Token(code, match.start(), at)
        written = re.sub(r"\W", "", match[0]).lower()
        if written != code:
            yield Token(written, match.start(), at, primary=False)
    yield from _words(text, at, len(text))


def query_tokens(text: str) -> list[Token]:
    """The terms that a query asks for: a whole number such as `4/102`, not also its parts."""
    whole: list[tuple[int, int]] = []
    kept: list[Token] = []
    for token in tokens(text):
        if token.primary and ("/" in token.term or ISBN_13.fullmatch(token.term)):
            whole.append((token.start, token.end))
        inside = any(start <= token.start and token.end <= end for start, end in whole)
        if token.primary or not inside:
            kept.append(token)
    return kept


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    for match in WORD.finditer(text, start, end):
        found = match[0]
        if found.isascii() and found.isalpha():
            yield Token(found.lower()[:TERM_LENGTH], match.start(), match.end())
        elif match.lastgroup == "number" and COLLECTOR_NUMBER.fullmatch(found):
            yield from _collector_number(match)
        elif match.lastgroup is None:
            yield from _terms(found, match.start(), match.end())
        else:
            for inner in COMPOUND.finditer(found):
                yield from _compound(inner[0], match.start() + inner.start())


def _collector_number(match: re.Match[str]) -> Iterator[Token]:
    whole = ZEROS.sub("", fold(re.sub(" ", "", match[0])))
    yield Token(whole[:TERM_LENGTH], match.start(), match.end())
    for part in PARTS.finditer(match[0]):
        at = match.start() + part.start()
        for token in _terms(part[0], at, at + len(part[0])):
            yield Token(token.term, token.start, token.end, primary=False)


def _compound(text: str, at: int) -> Iterator[Token]:
    """A word with hyphens, apostrophes or dots inside: its parts, and all of it joined."""
    parts = list(PARTS.finditer(text))
    if len(parts) == 1:
        yield from _terms(text, at, at + len(text))
        return
    if DECIMAL.fullmatch(text):
        yield Token(text[:TERM_LENGTH], at, at + len(text))
        return
    if text[-2] in APOSTROPHES and text[-1] in "sS":
        parts.pop()
        text = text[:-2]
    for part in parts:
        yield from _terms(part[0], at + part.start(), at + part.end())
    if len(parts) > 1:
        joined = fold("".join(part[0] for part in parts))
        if not UNSPACED.search(joined):
            yield Token(joined[:TERM_LENGTH], at, at + len(text), primary=False)


def _terms(word: str, start: int, end: int) -> Iterator[Token]:
    folded = fold(word)
    if folded.isascii() or not UNSPACED.search(folded):
        for piece in folded.split():
            plain = (ZEROS.sub("", piece) if piece.isdigit() else piece)[:TERM_LENGTH]
            if plain:
                yield Token(plain, start, end)
        short = ZEROS.sub("", folded)[:TERM_LENGTH]
        if short != folded[:TERM_LENGTH] and not folded.isdigit():
            yield Token(short, start, end, primary=False)
        return
    # Places hold while folding keeps the length, as it does for Han and kana in common use.
    for at in range(max(1, len(folded) - 1)):
        stop = min(start + at + 2, end)
        yield Token(folded[at : at + 2], min(start + at, end), stop)


def trigrams(term: str) -> list[str]:
    """The pieces by which a misspelled word finds this one; none for numbers and short words."""
    if not 4 <= len(term) <= 32 or not term.isalpha():  # noqa: PLR2004  # shorter ones match anything
        return []
    marked = f"^{term}"
    return sorted({marked[at : at + 3] for at in range(len(marked) - 2)})
