"""Typed fields: what a kind declares, what a space may add, and how a value becomes clean.

The same `Field` describes built-in fields, plug-ins' fields and people's own. Cleaning is pure and
answers errors by JSON pointer; the room that called turns them into one problem document.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from armarium.kinds.vocabularies import Vocabulary, era_of
from armarium.kit import codes
from armarium.kit.dates import parse_years
from armarium.kit.text import clean_line

MAX_LINE = 500
MAX_TEXT = 20_000
MAX_LIST = 200

Json: TypeAlias = str | int | float | bool | list[str]
"""A clean value, ready for a jsonb column; an absent value is left out, never null."""


class FieldType(StrEnum):
    """What a field holds; forms, filters and typed rows follow from it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    YEAR = "year"
    """A year as printed (`c. 1867`, `MDCCCLI`); the text is kept, the years are derived."""
    DATE = "date"
    CHOICE = "choice"
    LIST = "list"
    URL = "url"

    @property
    def storage(self) -> str:
        """Which typed column filters use: text, bigint, float8 or timestamptz."""
        return STORAGE.get(self, "text")


STORAGE = {
    FieldType.INTEGER: "bigint",
    FieldType.YEAR: "bigint",
    FieldType.BOOLEAN: "bigint",
    FieldType.DECIMAL: "float8",
    FieldType.DATE: "timestamptz",
}
"""Types that filter by something other than their text."""


@dataclass(frozen=True, slots=True)
class Format:
    """A named shape of text: `clean` answers the normal form, or None when it does not fit."""

    clean: Callable[[str], str | None]
    detail: str


def _collector_number(text: str) -> str | None:
    number = codes.collector_number(text)
    return None if number is None else str(number)


def _set_code(text: str) -> str | None:
    plain = text.strip()
    return plain if plain and len(plain) <= 40 and " " not in plain else None  # noqa: PLR2004


def _serial(text: str) -> str | None:
    plain = "".join(text.split()).upper()
    return plain if plain.isascii() and 0 < len(plain) <= 40 else None  # noqa: PLR2004


FORMATS: Mapping[str, Format] = {
    "isbn": Format(codes.isbn13, "This is not an ISBN: its check digit does not fit."),
    "issn": Format(codes.issn, "This is not an ISSN: its check digit does not fit."),
    "collector_number": Format(
        _collector_number, "Write the number as on the card, such as 4/102 or SWSH045."
    ),
    "set_code": Format(_set_code, "A set code is one short word, such as base1 or MH2."),
    "serial": Format(_serial, "Use letters, digits and marks, at most 40."),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One typed field. `name` is the key in `fields`; limits apply to numbers and to lengths."""

    name: str
    type: FieldType
    label: str
    group: str = "main"
    """Forms put fields of one group together."""
    required: bool = False
    vocabulary: Vocabulary | None = None
    """For CHOICE (and LIST of closed terms): what may be chosen."""
    format: str | None = None
    """A key of FORMATS."""
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str | None = None
    filterable: bool = False
    """Whether lists can be filtered and sorted by it."""

    def schema(self, prefix: str) -> dict[str, Any]:
        """What a form needs; `prefix` leads the message key."""
        shown: dict[str, Any] = {
            "name": self.name,
            "type": self.type.value,
            "label": self.label,
            "label_key": f"{prefix}.{self.name}",
            "group": self.group,
            "required": self.required,
            "filterable": self.filterable,
            "storage": self.type.storage,
        }
        for key in ("format", "minimum", "maximum", "step", "unit"):
            shown[key] = getattr(self, key)
        shown["vocabulary"] = None if self.vocabulary is None else self.vocabulary.schema()
        return shown


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refused value: `pointer` is a JSON pointer below `fields`, such as `/year`."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: clean values of what was right, errors for what was not."""

    values: dict[str, Json]
    errors: tuple[FieldError, ...]

    @property
    def ok(self) -> bool:
        """Whether everything was right."""
        return not self.errors


class _Refused(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def check_fields(
    fields: Sequence[Field], values: Mapping[str, Any], *, partial: bool = False
) -> Checked:
    """Clean `values` by `fields`; unknown names and bad values are errors, blanks are left out.

    `partial` is a PATCH: a required field may be missing, but not be blanked.
    """
    known = {each.name: each for each in fields}
    clean: dict[str, Json] = {}
    errors: list[FieldError] = []
    for name, raw in values.items():
        declared = known.get(name)
        pointer = "/" + name.replace("~", "~0").replace("/", "~1")
        if declared is None:
            errors.append(FieldError(pointer, "unknown_field", "This kind has no such field."))
            continue
        try:
            value = clean_value(declared, raw)
        except _Refused as refused:
            errors.append(FieldError(pointer, refused.code, refused.detail))
            continue
        if value is not None:
            clean[name] = value
    for declared in fields:
        missing = declared.name not in values if not partial else False
        blank = declared.name in values and declared.name not in clean
        refused = any(error.pointer == f"/{declared.name}" for error in errors)
        if declared.required and (missing or blank) and not refused:
            errors.append(FieldError(f"/{declared.name}", "required", "This field is required."))
    return Checked(clean, tuple(errors))


def clean_value(declared: Field, raw: Any) -> Json | None:
    """The clean form of one value, None when it is blank; raises when it cannot be accepted."""
    if raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []:
        return None
    cleaned = CLEANERS[declared.type](declared, raw)
    return None if cleaned in ("", []) else cleaned  # nothing was left of control characters


def _line(raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise _Refused("not_text", "Write text here.")
    text = clean_line(str(raw))
    if len(text) > MAX_LINE:
        raise _Refused("too_long", f"At most {MAX_LINE} characters.")
    return text


def _text(declared: Field, raw: Any) -> str:
    text = _line(raw)
    if declared.format is None:
        return text
    expected = FORMATS[declared.format]
    formatted = expected.clean(text)
    if formatted is None:
        raise _Refused(f"not_{declared.format}", expected.detail)
    return formatted


def _long_text(_declared: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _Refused("not_text", "Write text here.")
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(text) > MAX_TEXT:
        raise _Refused("too_long", f"At most {MAX_TEXT} characters.")
    return text


def _number(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise _Refused("not_a_number", "Write a number.")
    try:
        number = float(raw.strip().replace(",", ".") if isinstance(raw, str) else raw)
    except (ValueError, OverflowError):
        raise _Refused("not_a_number", "Write a number.") from None
    if not math.isfinite(number):
        raise _Refused("not_a_number", "Write a number.")
    return number


def _within(declared: Field, number: float) -> None:
    low, high = declared.minimum, declared.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        if low is not None and high is not None:
            detail = f"From {low:g} to {high:g}."
        else:
            detail = f"At least {low:g}." if low is not None else f"At most {high:g}."
        raise _Refused("out_of_range", detail)
    if declared.step and abs(number / declared.step - round(number / declared.step)) > 1e-9:  # noqa: PLR2004 - float rounding
        raise _Refused("off_step", f"In steps of {declared.step:g}.")


def _integer(declared: Field, raw: Any) -> int:
    number = _number(raw)
    if not number.is_integer() or abs(number) > 2**53:
        raise _Refused("not_whole", "Write a whole number.")
    _within(declared, number)
    return int(number)


def _decimal(declared: Field, raw: Any) -> float:
    number = _number(raw)
    _within(declared, number)
    return number


TRUE_WORDS = frozenset({"true", "yes", "y", "1", "x"})
FALSE_WORDS = frozenset({"false", "no", "n", "0"})


def _boolean(_declared: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower() if isinstance(raw, str | int) else ""
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise _Refused("not_yes_or_no", "Write yes or no.")


def _year(_declared: Field, raw: Any) -> str:
    text = _line(raw)
    if parse_years(text) is None:
        detail = "Write a year, such as 1867, c. 1867, [1867], 1867-80, MDCCCLI or n.d."
        raise _Refused("not_a_year", detail)
    return text


def _date(_declared: Field, raw: Any) -> str:
    try:
        return date.fromisoformat(str(raw).strip()[:10]).isoformat()
    except ValueError:
        raise _Refused("not_a_date", "Write a day as 1999-12-31.") from None


def _choice(declared: Field, raw: Any) -> str:
    text = _line(raw)
    if declared.vocabulary is None:
        return text
    term = declared.vocabulary.find(text)
    if term is None:
        offered = ", ".join(declared.vocabulary.values)
        raise _Refused("not_a_choice", f"Choose one of: {offered}.")
    return term.value


def _list(declared: Field, raw: Any) -> list[str]:
    parts = raw.split(";") if isinstance(raw, str) else raw
    if not isinstance(parts, list | tuple):
        raise _Refused("not_a_list", "Write a list.")
    if len(parts) > MAX_LIST:
        raise _Refused("too_many", f"At most {MAX_LIST} entries.")
    clean = [
        _choice(declared, part) if declared.vocabulary else _line(part)
        for part in parts
        if not (isinstance(part, str) and not part.strip())
    ]
    return list(dict.fromkeys(clean))


def _url(_declared: Field, raw: Any) -> str:
    text = _line(raw)
    try:
        parts = urlsplit(text)
        hostname = parts.hostname
    except ValueError:
        hostname = None
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not hostname:
        raise _Refused("not_a_url", "Write a web address that starts with https://.")
    return text


CLEANERS: Mapping[FieldType, Callable[[Field, Any], Json]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _long_text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.YEAR: _year,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.LIST: _list,
    FieldType.URL: _url,
}


def derived(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from the values and is never typed in: years and era of each year field."""
    found: dict[str, Any] = {}
    for declared in fields:
        text = values.get(declared.name)
        if declared.type is not FieldType.YEAR or not isinstance(text, str):
            continue
        years = parse_years(text)
        if years is not None:
            found[declared.name] = {
                "first": years.first,
                "last": years.last,
                "circa": years.circa,
                "era": era_of(years),
            }
    return found
