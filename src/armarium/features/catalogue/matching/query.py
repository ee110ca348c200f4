"""A read text as the matcher takes it: words, broken words joined again, and identifiers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from armarium.kit import codes
from armarium.kit.text import squeeze, words

MAX_WORDS = 60
MAX_JOINED = 22
MIN_JOINED = 5
CODE_TEXT = re.compile(
    r"(?<!\w)(?:[A-Za-z]{1,5}[\s.-]?\d{1,6}[A-Za-z]?|\d{1,4}[A-Za-z]{1,2})(?!\w)"
)
NUMBER_LIKE = re.compile(
    r"(?<![\w/])([A-Z]{0,4}[\dOQIl|S]{1,4}[a-z]?)\s?[/\\|]\s?([A-Z]{0,4}[\dOQIl|S]{1,4})(?![\w/])"
)
"""`4/102` as an engine misreads it: letters for digits, another slash."""
SET_BEFORE = re.compile(r"(?<!\w)([A-Z][A-Z0-9]{1,4})\W{0,2}(?:[A-Z]{2}\W{0,2})?$")
"""A set's abbreviation, and at times a language, stand before the number on modern cards."""
YEAR_TEXT = re.compile(r"(?<!\d)(1[0-9]\d\d|20\d\d)(?!\d)")
DIGITS = str.maketrans({"O": "0", "Q": "0", "I": "1", "l": "1", "|": "1", "S": "5"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text; `span` counts the written words it stands for, from `at`."""

    text: str
    at: int
    span: int = 1


@dataclass(frozen=True, slots=True)
class Query:
    """What a text offers for matching."""

    tokens: Sequence[Token]
    """Written words first, then neighbors joined."""
    count: int
    """How many written words."""
    squeezed: str
    keys: Sequence[str]
    """Identifiers in the form of the index's keys, surest first."""

    @property
    def written(self) -> Sequence[Token]:
        """The words as written, without those made by joining."""
        return self.tokens[: self.count]


def read(text: str) -> Query:
    """Take a text apart."""
    listed = words(text)[:MAX_WORDS]
    tokens = [Token(word, at) for at, word in enumerate(listed)]
    tokens.extend(_joined(listed))
    return Query(tokens, len(listed), squeeze(text), list(dict.fromkeys(_keys(text))))


def _joined(listed: Sequence[str]) -> list[Token]:
    """Neighbors as one word: engines break words at wide letter spacing and at folds."""
    found: list[Token] = []
    for at in range(len(listed) - 1):
        text = listed[at] + listed[at + 1]
        if MIN_JOINED <= len(text) <= MAX_JOINED and not text.isdigit():
            found.append(Token(text, at, 2))
    run = 0
    for at in range(len(listed) + 1):
        if at < len(listed) and len(listed[at]) == 1 and listed[at].isalpha():
            run += 1
            continue
        if run > 2:  # noqa: PLR2004 - two letters are a pair already
            found.append(Token("".join(listed[at - run : at]), at - run, run))
        run = 0
    return found


def _keys(text: str) -> list[str]:
    keys = [f"isbn:{code}" for code in codes.find_isbns(text)]
    for match in NUMBER_LIKE.finditer(text):
        number, total = (_digits(part) for part in match.groups())
        if any(char.isdigit() for char in number) and any(char.isdigit() for char in total):
            keys.append(f"no:{codes.CollectorNumber(number, total)}")
            keys.append(f"total:{total}")
            before = SET_BEFORE.search(text[: match.start()])
            if before is not None:
                keys.append(f"set:{squeeze(before[1])}")
    keys.extend(f"year:{year}" for year in YEAR_TEXT.findall(text))
    keys.extend(f"code:{squeeze(codes.plain_number(found))}" for found in CODE_TEXT.findall(text))
    return keys


def _digits(part: str) -> str:
    """Letters after the prefix that can only be digits, made digits."""
    match = re.match(r"([A-Z]{0,4}?)([\dOQIl|S]+)([a-z]?)$", part)
    if match is None:
        return codes.plain_number(part)
    prefix, digits, suffix = match.groups()
    return codes.plain_number(prefix + digits.translate(DIGITS) + suffix)
