"""Names that look like settings and are none: nothing else tells about a slip of the pen."""

import inspect
import os
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from armarium.entry.settings import Settings, config_file
from armarium.entry.settings_sources import FILE, MANAGER, PREFIX

OTHERS = frozenset(
    {
        MANAGER,
        "ARMARIUM_ALLOW_FAULTS",
        "ARMARIUM_CONFIG",
        "ARMARIUM_FAULT",
        "ARMARIUM_FAULT_MARK",
        "ARMARIUM_LOGIN_FILE",
        "ARMARIUM_PASSWORD",
        "ARMARIUM_TOKEN",
        "ARMARIUM_URL",
    }
)
"""Variables of the command line and of tests, which are no settings of the server."""
OF_TESTS = "ARMARIUM_TEST_"


def unknown_settings(environment: Mapping[str, str] | None = None) -> list[str]:
    """A line for each variable and each key of the settings file that nothing reads."""
    found = [
        _line(name, name)
        for name in sorted(os.environ if environment is None else environment)
        if name.upper().startswith(PREFIX) and not _is_variable(name.upper())
    ]
    file = config_file()
    stored = tomllib.loads(file.read_text()) if file.is_file() else {}
    for path in _paths(stored):
        if not _is_setting(Settings, path):
            name = f"{PREFIX}{'__'.join(path).upper()}"
            found.append(_line(f"{'.'.join(path)} in {file}", name, in_file=True))
    return found


def _line(shown: str, name: str, *, in_file: bool = False) -> str:
    others = () if in_file else sorted(each.removeprefix(PREFIX) for each in OTHERS)
    # Without what all of them begin with, which would make anything resemble anything.
    near = get_close_matches(name.upper().removeprefix(PREFIX), [*_names(Settings), *others], n=1)
    if not near:
        return f"{shown} is no setting and does nothing."
    meant = near[0].lower().replace("__", ".") if in_file else f"{PREFIX}{near[0]}"
    return f"{shown} is no setting and does nothing. Did you mean {meant}?"


def _is_variable(name: str) -> bool:
    if name in OTHERS or name.startswith(OF_TESTS):
        return True
    return any(
        _is_setting(Settings, each.removeprefix(PREFIX).lower().split("__"))
        for each in {name, name.removesuffix(FILE)}
    )


def _is_setting(model: type[BaseModel], path: list[str]) -> bool:
    """Whether the path leads to a field, through groups and through names that people give."""
    field = model.model_fields.get(path[0])
    if field is None or len(path) == 1:
        return field is not None
    inner = _model(field.annotation)
    if get_origin(field.annotation) is dict:
        return inner is None or len(path) == 2 or _is_setting(inner, path[2:])  # noqa: PLR2004  # group, name
    return inner is not None and _is_setting(inner, path[1:])


def _model(kind: Any) -> type[BaseModel] | None:
    """The group that a field holds, by itself or under names."""
    inner = get_args(kind)[1] if get_origin(kind) is dict else kind
    return inner if inspect.isclass(inner) and issubclass(inner, BaseModel) else None


def _names(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """What may be meant, without `ARMARIUM_`; not what stands under names that people give."""
    for name, field in model.model_fields.items():
        inner = _model(field.annotation)
        if inner is None or get_origin(field.annotation) is dict:
            yield f"{prefix}{name.upper()}"
        else:
            yield from _names(inner, f"{prefix}{name.upper()}__")


def _paths(stored: Mapping[str, Any], before: tuple[str, ...] = ()) -> Iterator[list[str]]:
    for key, value in stored.items():
        if isinstance(value, dict) and value:
            yield from _paths(value, (*before, key))
        else:
            yield [*before, key]
