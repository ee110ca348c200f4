"""What every room's request bodies have in common."""

from collections.abc import Iterator
from difflib import get_close_matches
from math import isfinite
from typing import Any, ClassVar, LiteralString, cast

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

SHOWN = 60
"""Characters of a stranger's field name that are compared with the known ones."""


class Body(BaseModel):
    """A request body: a field it does not know is refused by name instead of being lost.

    Open maps (a space's own fields, preferences) are fields of their own and stay free. Text must
    be Unicode, and numbers finite: JSON can write half of a surrogate pair and 1e400, which no
    database can store. Answers are plain models: they may grow.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_strangers(cls, value: Any) -> Any:
        """Name each unknown field, with the known one that it resembles."""
        if not isinstance(value, dict):
            return value
        wrong = [_refusal(code, said, place) for code, said, place in _unstorable(value)]
        if not wrong:
            known = [field.alias or name for name, field in cls.model_fields.items()]
            strangers = [str(name) for name in value if name not in known]
            wrong = [_refusal("extra_forbidden", _said(name, known), (name,)) for name in strangers]
        if wrong:
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        return value


_HALF = "The text has half of a character that is written in two halves."
_ENDLESS = "The number is too large to be kept."


def _refusal(code: LiteralString, said: str, place: tuple[str | int, ...]) -> InitErrorDetails:
    error = PydanticCustomError(code, "{said}", {"said": said})
    return InitErrorDetails(type=error, loc=place, input=None)


def _said(name: str, known: list[str]) -> str:
    near = get_close_matches(name[:SHOWN], known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no field of this name.{hint}"


def _unstorable(value: Any) -> Iterator[tuple[LiteralString, str, tuple[str | int, ...]]]:
    """What no database can keep, and where; parsing has bounded the depth before."""
    match value:
        case str() if not _is_unicode(value):
            yield "string_unicode", _HALF, ()
        case float() if not isfinite(value):
            yield "finite_number", _ENDLESS, ()
        case dict() | list():
            yield from _unstorable_within(cast("dict[str, Any] | list[Any]", value))
        case _:
            pass


def _unstorable_within(
    values: dict[str, Any] | list[Any],
) -> Iterator[tuple[LiteralString, str, tuple[str | int, ...]]]:
    for name, each in values.items() if isinstance(values, dict) else enumerate(values):
        if isinstance(name, str) and not _is_unicode(name):
            yield "string_unicode", _HALF, ()
            continue
        for code, said, place in _unstorable(each):
            yield code, said, (name, *place)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
