"""A kind: what can be collected, declared as data. Built in, or brought by a plug-in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from armarium.kinds.fields import Checked, Field, check_fields, derived
from armarium.kinds.vocabularies import Vocabulary
from armarium.kit.text import squeeze

API_VERSION = 1
"""Raised when a plug-in written for the old shape would break; see docs/how-to/add-a-kind."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A scheme that names a thing exactly, made of one or more fields (set code and number)."""

    scheme: str
    label: str
    parts: tuple[str, ...]
    copy: bool = False
    """True when it names this very copy (a cert number), not the work or printing."""


@dataclass(frozen=True, slots=True)
class GradeScale:
    """How condition is told: a vocabulary of words, or a company's numbers."""

    name: str
    vocabulary: Vocabulary | None = None
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None

    def schema(self) -> dict[str, Any]:
        """As shown by the API."""
        return {
            "name": self.name,
            "vocabulary": None if self.vocabulary is None else self.vocabulary.schema(),
            "minimum": self.minimum,
            "maximum": self.maximum,
            "step": self.step,
        }


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of collectible. Immutable; a space's changes lie over it (templates room)."""

    name: str
    label: str
    collection_path: str
    """Plural path segment of its alias under /api/v1, such as `cards`."""
    fields: tuple[Field, ...]
    title_template: str
    """Fields in braces; a bracketed part vanishes when one of its fields is empty."""
    subtitle_template: str = ""
    identifiers: tuple[Identifier, ...] = ()
    grades: tuple[GradeScale, ...] = ()
    text_fields: tuple[str, ...] = ()
    """Fields whose words identify the thing beside its title, strongest first."""
    version: int = 1
    api_version: int = API_VERSION

    def __post_init__(self) -> None:
        """Refuse a declaration that contradicts itself, at import rather than at first use."""
        names = [each.name for each in self.fields]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a field is declared twice")
        used = {part for each in self.identifiers for part in each.parts}
        used |= set(PLACEHOLDER.findall(self.title_template + self.subtitle_template))
        used |= set(self.text_fields)
        if unknown := used - set(names):
            raise ValueError(f"{self.name}: no such field: {', '.join(sorted(unknown))}")

    def field(self, name: str) -> Field | None:
        """The declared field of that name."""
        return next((each for each in self.fields if each.name == name), None)

    def validate(
        self, values: Mapping[str, Any], *, extra: Sequence[Field] = (), partial: bool = False
    ) -> Checked:
        """Clean values, with a space's `extra` fields; `partial` for a PATCH."""
        return check_fields((*self.fields, *extra), values, partial=partial)

    def derived(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Years and eras that follow from clean values."""
        return derived(self.fields, values)

    def title(self, values: Mapping[str, Any]) -> str:
        """The title that the template gives, empty when nothing is known."""
        return fill(self.title_template, values)

    def subtitle(self, values: Mapping[str, Any]) -> str:
        """The second line under a title."""
        return fill(self.subtitle_template, values)

    def identifiers_of(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """`(scheme, value)` of each identifier whose parts are all present, made comparable."""
        found: list[tuple[str, str]] = []
        for each in self.identifiers:
            parts = [values.get(part) for part in each.parts]
            if all(part not in (None, "") for part in parts):
                plain = ":".join(squeeze(str(part).split("/")[0]) for part in parts)
                if plain.strip(":"):
                    found.append((each.scheme, plain))
        return found

    def schema(self) -> dict[str, Any]:
        """The kind as JSON, for forms and for other programs."""
        return {
            "name": self.name,
            "label": self.label,
            "label_key": f"kinds.{self.name}.label",
            "version": self.version,
            "collection_path": self.collection_path,
            "fields": [each.schema(f"kinds.{self.name}.fields") for each in self.fields],
            "identifiers": [
                {
                    "scheme": each.scheme,
                    "label": each.label,
                    "label_key": f"kinds.{self.name}.identifiers.{each.scheme}",
                    "parts": list(each.parts),
                    "copy": each.copy,
                }
                for each in self.identifiers
            ],
            "grades": [each.schema() for each in self.grades],
            "title_template": self.title_template,
            "subtitle_template": self.subtitle_template,
        }


PLACEHOLDER = re.compile(r"\{(\w+)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with values; a `[part]` whose field is empty vanishes with its words."""

    def shown(name: str) -> str:
        value = values.get(name)
        if isinstance(value, list):
            return ", ".join(str(part) for part in value)
        return "" if value is None else str(value)

    def part(match: re.Match[str]) -> str:
        names = PLACEHOLDER.findall(match[1])
        return match[1] if all(shown(name) for name in names) else ""

    kept = OPTIONAL.sub(part, template)
    return " ".join(PLACEHOLDER.sub(lambda match: shown(match[1]), kept).split()).strip(" ,·")
