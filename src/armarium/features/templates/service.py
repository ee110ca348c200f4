"""Definitions of a space's own fields: made, changed, archived; never deleted with their values."""

import re
from dataclasses import replace
from uuid import UUID

from armarium.features.spaces import demand_editor
from armarium.features.templates.errors import (
    FieldNameTaken,
    FieldNotFound,
    InvalidField,
    TooManyFields,
)
from armarium.features.templates.models import (
    FIELD_TYPES,
    MAX_CHOICES,
    MAX_LABEL,
    MAX_OWN_FIELDS,
    FieldChange,
    FieldDraft,
    OwnField,
)
from armarium.features.templates.store import FieldStore
from armarium.kinds import FieldType, Term, Vocabulary, registry
from armarium.kit.instants import now
from armarium.kit.text import clean_line, fold
from armarium.platform.database import Database, Session
from armarium.platform.http import Principal, check_version

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


class Templates:
    """Owns `own_fields`; the collection room asks it what an item may hold."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def fields_for(self, session: Session, space_id: UUID, kind: str) -> list[OwnField]:
        """The live fields of a kind, joining the caller's transaction."""
        return [
            each
            for each in await FieldStore(session).of_space(space_id)
            if each.archived_at is None and each.kind in {None, kind}
        ]

    async def list(
        self, caller: Principal, *, kind: str | None = None, archived: bool = False
    ) -> list[OwnField]:
        """The fields of the caller's space, in the order of forms."""
        async with self._database.transaction(caller.scope) as session:
            found = await FieldStore(session).of_space(caller.space_id)
        return [
            each
            for each in found
            if (archived or each.archived_at is None)
            and (kind is None or each.kind in {None, kind})
        ]

    async def add(self, caller: Principal, draft: FieldDraft) -> OwnField:
        """Define a field; its name is unique in the space and not one of the kind's own."""
        demand_editor(caller)
        draft = _checked(draft)
        name = draft.name or ""
        async with self._database.transaction(caller.scope) as session:
            store = FieldStore(session)
            existing = await store.of_space(caller.space_id)
            if any(each.name == name for each in existing):
                raise FieldNameTaken(pointer="/name")
            if len(existing) >= MAX_OWN_FIELDS:
                raise TooManyFields
            after = max((each.position for each in existing), default=0) + 1
            added = await store.add(
                caller.space_id, draft, after if draft.position is None else draft.position
            )
            if added is None:
                raise FieldNameTaken(pointer="/name")
            return added

    async def change(
        self,
        caller: Principal,
        field_id: UUID,
        change: FieldChange,
        *,
        expected: int | None = None,
    ) -> OwnField:
        """Change label, choices, order, whether it is required; archive or restore."""
        demand_editor(caller)
        async with self._database.transaction(caller.scope) as session:
            store = FieldStore(session)
            row = await store.locked(caller.space_id, field_id)
            if row is None:
                raise FieldNotFound
            check_version(expected, row.version)
            if change.label is not None:
                row.label = _label(change.label)
            if change.choices is not None:
                row.choices = list(_choices(row.type, change.choices))
            if change.required is not None:
                row.required = change.required
            if change.position is not None:
                row.position = change.position
            if change.archived is not None:
                row.archived_at = (row.archived_at or now()) if change.archived else None
            row.version += 1
            row.updated_at = now()
            return await store.flush(row)


def _checked(draft: FieldDraft) -> FieldDraft:
    label = _label(draft.label)
    if draft.type not in FIELD_TYPES:
        raise InvalidField(f"Choose one of: {', '.join(FIELD_TYPES)}.", pointer="/type")
    kind = None if draft.kind is None else registry().get(draft.kind)
    if draft.kind is not None and kind is None:
        raise InvalidField("There is no such kind.", pointer="/kind")
    name = draft.name or _name_from(label)
    if NAME.fullmatch(name) is None:
        raise InvalidField(
            "A name is lower-case letters, digits and underscores, and begins with a letter.",
            pointer="/name",
        )
    if any(each.field(name) for each in registry() if kind is None or each is kind):
        raise InvalidField("The kind has a field of that name itself.", pointer="/name")
    return replace(
        draft,
        label=label,
        name=name,
        kind=None if kind is None else kind.name,
        choices=_choices(draft.type, draft.choices),
    )


def _label(text: str) -> str:
    label = clean_line(text)
    if not 0 < len(label) <= MAX_LABEL:
        raise InvalidField(f"A label has 1 to {MAX_LABEL} characters.", pointer="/label")
    return label


def _name_from(label: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:60]
    return name if name[:1].isalpha() else f"field_{name}".rstrip("_")


def _choices(kind: str, raw: tuple[str, ...]) -> tuple[str, ...]:
    if kind != FieldType.CHOICE:
        if raw:
            raise InvalidField("Only a choice has choices.", pointer="/choices")
        return ()
    choices = tuple(filter(None, (clean_line(each)[:MAX_LABEL] for each in raw)))
    if not 0 < len(choices) <= MAX_CHOICES:
        raise InvalidField(f"A choice needs 1 to {MAX_CHOICES} choices.", pointer="/choices")
    try:
        Vocabulary("choices", tuple(Term(each, each) for each in choices))
    except ValueError as same:
        raise InvalidField("Two choices read the same.", pointer="/choices") from same
    return choices
