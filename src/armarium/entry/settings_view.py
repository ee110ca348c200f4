"""Settings as an administrator may see them: what is in force, where from, and no secret."""

import os
import tomllib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from armarium.entry.settings import Settings, config_file

PREFIX = "ARMARIUM_"
HIDDEN = "********"


def effective(settings: Settings) -> list[dict[str, Any]]:
    """Each setting by its variable, with its value and where that came from."""
    file = config_file()
    stored = tomllib.loads(file.read_text()) if file.is_file() else {}
    return [
        {
            "name": PREFIX + "__".join(path).upper(),
            "value": shown(value),
            "source": _source(path, stored),
        }
        for path, value in _leaves(settings, ())
    ]


def shown(value: Any) -> Any:
    """Plain JSON; a secret as stars, however deep it lies."""
    match value:
        case SecretStr():
            return HIDDEN
        case BaseModel():
            return {name: shown(getattr(value, name)) for name in type(value).model_fields}
        case dict():
            return {str(key): shown(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [shown(each) for each in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def _leaves(model: BaseModel, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name), value


def _source(path: tuple[str, ...], stored: dict[str, Any]) -> str:
    names = {name.upper() for name in os.environ}
    variables = (PREFIX + "__".join(path[:length]).upper() for length in range(len(path), 0, -1))
    if any(name in names for name in variables):
        return "environment"
    here: Any = stored
    for part in path:
        if not isinstance(here, dict) or part not in here:
            return "default"
        here = here[part]
    return "file"
