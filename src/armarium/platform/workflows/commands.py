"""Commands as JSON and back: a command is a frozen dataclass of ids and small facts."""

import dataclasses
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

C = TypeVar("C")


def require_command(command: type[Any]) -> None:
    """Refuse at registration what could not be replayed: anything but a frozen dataclass."""
    params = getattr(command, "__dataclass_params__", None)
    if not dataclasses.is_dataclass(command) or params is None or not params.frozen:
        raise TypeError(f"{command.__qualname__} must be a frozen dataclass to be a command")


def to_json(command: Any) -> dict[str, Any]:
    """The command's fields as plain JSON."""
    return to_jsonable_python(command)


def from_json(command: type[C], fields: dict[str, Any]) -> C:
    """Rebuild a command; fields that it no longer has are ignored, so that old jobs still run."""
    known = {field.name for field in dataclasses.fields(command)}  # type: ignore[arg-type]  # require_command checked
    kept = {name: value for name, value in fields.items() if name in known}
    return TypeAdapter(command).validate_python(kept)


def space_of(command: Any) -> UUID | None:
    """Whose job it is; None when it is the instance's."""
    return getattr(command, "space_id", None)


def answer_of(value: Any) -> Any:
    """A step's answer as the plain JSON that a replay would read back."""
    return to_jsonable_python(value, inf_nan_mode="null")
