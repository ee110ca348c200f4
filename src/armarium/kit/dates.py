"""Years as title pages, auction lots and dealers write them.

`parse_years("c. 1867")` answers which years are meant, how surely, and remembers nothing else.
Called by kinds (validation, eras), catalogue importers and valuation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

MIN_YEAR = -5000
MAX_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Years:
    """An inclusive span of years; both ends are None when the thing is known to be undated."""

    first: int | None
    last: int | None
    circa: bool = False
    """True when the source itself says that it is not sure (c., ?, "about", a decade)."""
    inferred: bool = False
    """True when given in brackets: not printed on the thing, supplied by a cataloguer."""

    @property
    def undated(self) -> bool:
        """Whether the source says "no date"."""
        return self.first is None

    def __str__(self) -> str:
        """The shortest form that `parse_years` reads back to the same value."""
        if self.first is None or self.last is None:
            core = "n.d."
        elif self.first == self.last:
            core = _year_text(self.first)
        else:
            core = f"between {_year_text(self.first)} and {_year_text(self.last)}"
        if self.circa and not self.undated:
            core = f"c. {core}"
        return f"[{core}]" if self.inferred else core


UNDATED = Years(None, None)


def _year_text(year: int) -> str:
    if year <= 0:
        return f"{1 - year} BC"
    return str(year) if year >= 1000 else f"{year} AD"  # noqa: PLR2004 - three digits need an era


ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
ROMAN_YEARS = range(1400, 2101)
"""Printed dates: earlier or later "numerals" are words (MIX, DIM, CIVIC)."""


def parse_roman(text: str) -> int | None:
    """A Roman numeral in strict or old additive spelling (MDCCCCX), dots and spaces allowed."""
    letters = re.sub(r"[.\s·]", "", text.upper()).replace("J", "I").replace("U", "V")
    letters = letters.replace("CIƆ", "M").replace("IƆ", "D")
    if not letters or any(char not in ROMAN for char in letters):
        return None
    if not re.fullmatch(r"M{0,4}(CM|CD|D?C{0,4})(XC|XL|L?X{0,4})(IX|IV|V?I{0,4})", letters):
        return None
    total = 0
    values = [ROMAN[char] for char in letters]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total or None


UNDATED_FORM = re.compile(
    r"(n\.?\s?d\.?|s\.?\s?d\.?|s\.?\s?a\.?|no date|no year|undated|not dated|date not known"
    r"|date unknown|unknown|ohne jahr|o\.?\s?j\.?|sense data|sin fecha|sans date)",
    re.IGNORECASE,
)
CIRCA = re.compile(
    r"(?<![a-z])(?:circa|approximately|approx\.?|about|around|probably|possibly|perhaps|vers|um"
    r"|ca\.?|c\.?)\s*(?=\d|between|the|early|mid|late|before|after)",
    re.IGNORECASE,
)
NOISE = re.compile(
    r"(©|\bcop(?:yright|\.)?|℗|\bdated\b|\bpublished\b|\bpubl?\.|\bprinted\b|\bexhibited\b"
    r"|\bfirst\b|\bmade\b|\bexecuted\b|\banno\b|\bin\b|\bA\.?D\.?(?!\w)|\bC\.?E\.?(?!\w))",
    re.IGNORECASE,
)
CORRECTED = re.compile(r"\bi\.?\s?e\.?\s*", re.IGNORECASE)
DASH = r"\s*(?:-|\N{EN DASH}|\N{EM DASH}|\bto\b|\buntil\b)\s*"
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)


@dataclass(frozen=True, slots=True)
class _Form:
    """One written form: the whole text must match; `read` turns the match into a span."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], tuple[int, int, bool] | None]


def _full_end(first: int, tail: str) -> int:
    """The end of `1867-80`: the missing leading digits come from the start."""
    head = str(first)
    return int(head[: -len(tail)] + tail) if len(tail) < len(head) else int(tail)


def _span(match: re.Match[str]) -> tuple[int, int, bool] | None:
    """None when it runs backwards, so that `1867-05` can still be read as a month."""
    first = int(match["a"])
    last = _full_end(first, match["b"])
    return (first, last, False) if first <= last else None


def _decade(match: re.Match[str]) -> tuple[int, int, bool]:
    start = int(match["a"]) * 10
    low, high = _part_of(match["part"], 10)
    return start + low, start + high, True


def _century(match: re.Match[str]) -> tuple[int, int, bool]:
    start = (int(match["a"]) - 1) * 100 + 1
    low, high = _part_of(match["part"], 100)
    return start + low, start + high, True


def _part_of(part: str | None, length: int) -> tuple[int, int]:
    """Offsets of early, mid or late within a period of `length` years."""
    third = length // 3
    match (part or "").lower().rstrip("-"):
        case "early":
            return 0, third
        case "mid" | "middle":
            return third, length - 1 - third
        case "late":
            return length - 1 - third, length - 1
        case _:
            return 0, length - 1


def _before_christ(match: re.Match[str]) -> tuple[int, int, bool]:
    first = 1 - int(match["a"])
    last = 1 - int(match["b"]) if match["b"] else first
    return first, last, False


def _between(match: re.Match[str]) -> tuple[int, int, bool] | None:
    first, last = _one(match["a"]), _one(match["b"])
    if first is None or last is None:
        return None
    return first, last, False


def _one(text: str) -> int | None:
    """A single plain year with an optional era suffix."""
    found = re.fullmatch(
        r"(\d{1,4})\s*(b\.?c\.?(?:e\.?)?|a\.?d\.?|c\.?e\.?)?", text.strip(), re.IGNORECASE
    )
    if found is None:
        return None
    year = int(found[1])
    return 1 - year if (found[2] or "").lower().startswith("b") else year


def _form(pattern: str, read: Callable[[re.Match[str]], tuple[int, int, bool] | None]) -> _Form:
    return _Form(re.compile(pattern, re.IGNORECASE), read)


def _exact(match: re.Match[str]) -> tuple[int, int, bool]:
    return int(match["a"]), int(match["a"]), False


def _one_sided(match: re.Match[str]) -> tuple[int, int, bool]:
    year = int(match["a"])
    return year, year, True


PART = r"(?:(?P<part>early|mid|middle|late)[\s-]*)?(?:the\s+)?"
FORMS = (
    _form(r"(?P<a>\d{4})", _exact),
    _form(rf"(?P<a>\d{{4}}){DASH}(?P<b>\d{{4}})", _span),
    _form(r"(?P<a>\d{4})\s*[-\N{EN DASH}/]\s*(?P<b>\d{1,2})", _span),
    _form(r"(?P<a>\d{4})\s*(?:/|,|&|\bor\b|\band\b)\s*(?P<b>\d{4})", _span),
    _form(r"between\s+(?P<a>.+?)\s+and\s+(?P<b>.+)", _between),
    _form(rf"from\s+(?P<a>\d{{4}}){DASH}(?P<b>\d{{4}})", _span),
    _form(r"(?P<a>\d{4})[-/.](?:0?[1-9]|1[0-2])(?:[-/.]\d{1,2})?", _exact),
    _form(r"\d{1,2}[./-]\d{1,2}[./-](?P<a>\d{4})", _exact),
    _form(rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{MONTHS})\.?,?\s+(?P<a>\d{{4}})", _exact),
    _form(rf"(?:{MONTHS})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?P<a>\d{{4}})", _exact),
    _form(r"(?:spring|summer|autumn|fall|winter|easter|christmas),?\s+(?P<a>\d{4})", _exact),
    _form(PART + r"(?P<a>\d{3})0'?s", _decade),
    _form(r"(?P<part>)(?P<a>\d{3})[-_?u]", _decade),
    _form(PART + r"(?P<a>\d{1,2})(?:st|nd|rd|th)\s+(?:century|cent\.?|c\.?)", _century),
    _form(
        r"(?P<part>)(?P<h>\d{2})(?:--|__|uu|\?\?|-)",
        lambda m: (int(m["h"]) * 100, int(m["h"]) * 100 + 99, True),
    ),
    _form(r"(?P<a>\d{1,4})\s*(?:-\s*(?P<b>\d{1,4})\s*)?b\.?\s?c\.?(?:\s?e\.?)?", _before_christ),
    _form(r"(?P<a>\d{1,3})\s*(?:a\.?d\.?|c\.?e\.?)", _exact),
    _form(r"(?:before|by|ante|not after|after|post|not before|since)\s+(?P<a>\d{4})", _one_sided),
)


@lru_cache(maxsize=10_000)
def parse_years(text: str) -> Years | None:
    """The years meant by `text`, or None when it is no date; `n.d.` is the undated span.

    Source of the forms: title pages and dealers' catalogues, MARC 260/264, museum date texts.
    """
    cleaned = " ".join(text.split()).strip(" .;,:")
    if not cleaned:
        return None
    inferred = cleaned.startswith("[") and cleaned.endswith("]")
    corrected = re.search(r"\[([^\]]+)\]", cleaned)
    if corrected and not inferred:
        # `MDCCCLI [1851]` or `1867 [i.e. 1868]`: the cataloguer's reading stands.
        inner = CORRECTED.sub("", corrected[1])
        if (better := parse_years(inner)) is not None:
            return Years(better.first, better.last, circa=better.circa, inferred=True)
    core = cleaned.strip("[]() ").strip(" .;,:") if inferred else cleaned
    if UNDATED_FORM.fullmatch(core) or UNDATED_FORM.fullmatch(cleaned):
        return Years(None, None, inferred=inferred)
    roman = parse_roman(core)
    if roman is not None and roman in ROMAN_YEARS:
        return Years(roman, roman, inferred=inferred)
    whole = _plain(core, inferred=inferred)
    if whole is not None:
        return whole
    # `1825, reprinted 1874`: the first clause dates the work, what follows dates a later state.
    clause = re.match(r"(.*\d.*?)[,;]\s+\S", core)
    return _plain(clause[1], inferred=inferred) if clause else None


def _plain(core: str, *, inferred: bool) -> Years | None:
    circa = "?" in core and not re.fullmatch(r"\d{2,3}\?+", core)
    plain = core.replace("?", " ").strip() if circa else core
    without_circa = CIRCA.sub("", plain)
    circa = circa or without_circa != plain
    for candidate in (without_circa, NOISE.sub(" ", without_circa)):
        reading = _read(" ".join(candidate.split()).strip(" .;,:()"))
        if reading is not None:
            first, last, vague = reading
            if MIN_YEAR <= first <= last <= MAX_YEAR:
                return Years(first, last, circa=circa or vague, inferred=inferred)
            return None
    return None


def _read(core: str) -> tuple[int, int, bool] | None:
    for form in FORMS:
        match = form.pattern.fullmatch(core)
        if match is not None and (reading := form.read(match)) is not None:
            return reading
    return None
