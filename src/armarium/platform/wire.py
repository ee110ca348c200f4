"""What every room's request bodies have in common."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, ClassVar, LiteralString

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

SHOWN = 60
"""Characters of a stranger's field name that are compared with the known ones."""


class Body(BaseModel):
    """A request body: a field it does not know is refused by name instead of being lost.

    Open maps (a space's own fields, preferences) are fields of their own and stay free. Text must
    be Unicode: JSON can write half of a surrogate pair, which no database can store. Answers are
    plain models: they may grow.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def refuse_strangers(cls, value: Any) -> Any:
        """Name each unknown field, with the known one that it resembles."""
        if not isinstance(value, dict):
            return value
        wrong = [_refusal("string_unicode", _HALF, place) for place in _half_characters(value)]
        if not wrong:
            known = [field.alias or name for name, field in cls.model_fields.items()]
            strangers = [str(name) for name in value if name not in known]
            wrong = [_refusal("extra_forbidden", _said(name, known), (name,)) for name in strangers]
        if wrong:
            raise ValidationError.from_exception_data(cls.__name__, wrong)
        return value


_HALF = "The text has half of a character that is written in two halves."


def _refusal(code: LiteralString, said: str, place: tuple[str | int, ...]) -> InitErrorDetails:
    error = PydanticCustomError(code, "{said}", {"said": said})
    return InitErrorDetails(type=error, loc=place, input=None)


def _said(name: str, known: list[str]) -> str:
    near = get_close_matches(name[:SHOWN], known, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"There is no field of this name.{hint}"


def _half_characters(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Where a string, or a name, is not Unicode; parsing has bounded the depth before."""
    if isinstance(value, str):
        if not _is_unicode(value):
            yield ()
    elif isinstance(value, dict):
        for name, each in value.items():
            if not _is_unicode(str(name)):
                yield ()
                continue
            for place in _half_characters(each):
                yield (name, *place)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            for place in _half_characters(each):
                yield (index, *place)


def _is_unicode(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
