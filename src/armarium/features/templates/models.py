"""A space's own fields, as other rooms see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from armarium.kinds import Field, FieldType, Term, Vocabulary

FIELD_TYPES: Final = ("text", "integer", "decimal", "date", "boolean", "choice")
OWN_GROUP = "own"
"""Forms show a space's own fields together."""

MAX_OWN_FIELDS = 200
MAX_LABEL, MAX_CHOICES, MAX_POSITION = 100, 200, 100_000


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that a space added to a kind (or to every kind, when `kind` is None).

    `name` is the key in an item's `own_fields`; it never changes, the label may.
    """

    space_id: UUID
    id: UUID
    kind: str | None
    name: str
    label: str
    type: str
    choices: tuple[str, ...]
    required: bool
    position: int
    archived_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime

    def as_field(self) -> Field:
        """The same field in the terms of `kinds`, for validation and forms."""
        vocabulary = None
        if self.type == FieldType.CHOICE:
            vocabulary = Vocabulary(self.name, tuple(Term(each, each) for each in self.choices))
        return Field(
            self.name,
            FieldType(self.type),
            self.label,
            OWN_GROUP,
            required=self.required,
            vocabulary=vocabulary,
            filterable=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """What a person writes when they add a field; `name` is made from the label when left out."""

    label: str
    type: str
    kind: str | None = None
    name: str | None = None
    choices: tuple[str, ...] = ()
    required: bool = False
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What may change later: not the name, not the type, not the kind. None leaves as it is."""

    label: str | None = None
    choices: tuple[str, ...] | None = None
    required: bool | None = None
    position: int | None = None
    archived: bool | None = None
