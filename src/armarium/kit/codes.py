"""Identifiers that things carry, made comparable: ISBN with check digits, collector numbers.

Called by kinds (validation), catalogue importers and text identification. Every function answers
None rather than guess when the text is not such an identifier.
"""

import re
from dataclasses import dataclass

ISBN_TEXT = re.compile(r"(?<![\dX])(?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dX](?![\dX])", re.IGNORECASE)


def isbn13(text: str) -> str | None:
    """The 13 digits of a valid ISBN-10 or ISBN-13 (ISO 2108), hyphens and spaces ignored."""
    plain = re.sub(r"[\s\-\N{EN DASH}]", "", text).upper().removeprefix("ISBN").lstrip(":")
    if re.fullmatch(r"\d{9}[\dX]", plain):
        total = sum((10 - at) * (10 if char == "X" else int(char)) for at, char in enumerate(plain))
        if total % 11:
            return None
        body = "978" + plain[:9]
        return body + _ean_digit(body)
    if re.fullmatch(r"97[89]\d{10}", plain) and _ean_digit(plain[:12]) == plain[12]:
        return plain
    return None


def _ean_digit(body: str) -> str:
    total = sum(int(char) * (3 if at % 2 else 1) for at, char in enumerate(body))
    return str(-total % 10)


def find_isbns(text: str) -> list[str]:
    """Every valid ISBN written in `text`, as 13 digits, in order, once each."""
    found = (isbn13(match[0]) for match in ISBN_TEXT.finditer(text))
    return list(dict.fromkeys(code for code in found if code))


def issn(text: str) -> str | None:
    """A valid ISSN (ISO 3297) as `1234-567X`."""
    plain = re.sub(r"[\s-]", "", text).upper().removeprefix("ISSN").lstrip(":")
    if not re.fullmatch(r"\d{7}[\dX]", plain):
        return None
    total = sum((8 - at) * (10 if char == "X" else int(char)) for at, char in enumerate(plain))
    return None if total % 11 else f"{plain[:4]}-{plain[4:]}"


@dataclass(frozen=True, slots=True)
class CollectorNumber:
    """A printed collector number such as `4/102`, `SWSH045`, `TG12/TG30` or `136a`."""

    number: str
    """Upper case, leading zeros gone from each run of digits: `045` and `45` are the same."""
    total: str | None = None
    """The printed size of the set, when given."""

    def __str__(self) -> str:
        """As printed on a card, zeros aside."""
        return self.number if self.total is None else f"{self.number}/{self.total}"


def plain_number(text: str) -> str:
    """A collector number in comparable form: upper case, no spaces or marks, no leading zeros."""
    compact = re.sub(r"[\s#№.\-_]", "", text.upper())
    return re.sub(r"(?<!\d)0+(?=\d)", "", compact)


NUMBER_TEXT = re.compile(
    r"(?<![\w/.])([A-Z]{0,4}\s?-?\d{1,4}[A-Z]?)\s?/\s?([A-Z]{0,4}-?\d{1,4})(?![\w/])", re.IGNORECASE
)


def collector_number(text: str) -> CollectorNumber | None:
    """The collector number that is the whole of `text`."""
    match = NUMBER_TEXT.fullmatch(text.strip())
    if match:
        return CollectorNumber(plain_number(match[1]), plain_number(match[2]))
    if re.fullmatch(r"#?\s?[A-Za-z]{0,5}[\s-]?\d{1,5}[A-Za-z]{0,2}|[A-Za-z?!]{1,4}", text.strip()):
        return CollectorNumber(plain_number(text))
    return None


def find_collector_numbers(text: str) -> list[CollectorNumber]:
    """Every `number/total` written in `text`, in order, once each."""
    found = (
        CollectorNumber(plain_number(match[1]), plain_number(match[2]))
        for match in NUMBER_TEXT.finditer(text)
    )
    return list(dict.fromkeys(found))
