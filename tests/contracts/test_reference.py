"""Every setting, command, error and operation is documented, by pages made from the code."""

import inspect
from collections import Counter

import pytest

from armarium.entry import reference
from armarium.entry.settings import Settings
from armarium.platform.errors import Problem


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_page_is_the_one_of_the_code(name: str) -> None:
    """Run `python -m armarium.entry.reference`."""
    assert (reference.FOLDER / name).read_text() == reference.PAGES[name]()


def test_every_setting_says_what_it_does() -> None:
    for variable, field in reference.settings_of(Settings, "ARMARIUM_"):
        assert field.description, variable
        assert field.description.endswith("."), variable


def test_every_error_has_a_code_of_its_own_and_a_message() -> None:
    reference.offline_document()
    classes: list[type[Problem]] = []
    waiting = [Problem]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith("armarium.") and "code" in vars(kind):
            classes.append(kind)
        waiting.extend(kind.__subclasses__())
    codes = Counter(kind.code for kind in classes)
    assert {code: count for code, count in codes.items() if count > 1} == {}
    for kind in classes:
        assert "__doc__" in vars(kind), kind
        assert (inspect.getdoc(kind) or "").strip(), kind
        assert 400 <= kind.status < 600
