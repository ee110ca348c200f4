"""Rows of own fields. Never commits, never decides."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from armarium.features.templates.models import (
    MAX_CHOICES,
    MAX_LABEL,
    MAX_OWN_FIELDS,
    MAX_POSITION,
    FieldDraft,
    OwnField,
)
from armarium.features.templates.tables import OwnFieldRow
from armarium.platform.archive import WORD, BadRow, Row, Rule
from armarium.platform.database import Session
from armarium.platform.owned import OwnedTables


def _check_choices(row: Row) -> None:
    choices = row.get("choices") or []
    if len(choices) > MAX_CHOICES or not all(
        isinstance(each, str) and len(each) <= MAX_LABEL for each in choices
    ):
        raise BadRow("choices are not what they should be")


RULES = {
    "own_fields": Rule(
        texts={"label": MAX_LABEL, "name": 60, "kind": WORD},
        structures={"choices": 100},
        numbers={"position": (0, MAX_POSITION)},
        most=MAX_OWN_FIELDS,
        in_space=MAX_OWN_FIELDS,
        check=_check_choices,
    )
}
OWNED = OwnedTables("templates", OwnFieldRow, rules=RULES)


class FieldStore:
    """One transaction's view of a space's definitions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of_space(self, space_id: UUID) -> list[OwnField]:
        """All of them, archived ones too, as forms order them."""
        rows = await self._session.scalars(
            select(OwnFieldRow)
            .where(OwnFieldRow.space_id == space_id)
            .order_by(OwnFieldRow.position, OwnFieldRow.created_at, OwnFieldRow.id)
        )
        return [own_field(row) for row in rows]

    async def locked(self, space_id: UUID, field_id: UUID) -> OwnFieldRow | None:
        """The row, held until the transaction ends."""
        return await self._session.scalar(
            select(OwnFieldRow)
            .where(OwnFieldRow.space_id == space_id, OwnFieldRow.id == field_id)
            .with_for_update()
        )

    async def add(self, space_id: UUID, draft: FieldDraft, position: int) -> OwnField | None:
        """Insert; None when another call took the name in this moment."""
        added = await self._session.scalars(
            insert(OwnFieldRow)
            .values(
                space_id=space_id,
                kind=draft.kind,
                name=draft.name,
                label=draft.label,
                type=draft.type,
                choices=list(draft.choices),
                required=draft.required,
                position=position,
            )
            .on_conflict_do_nothing()
            .returning(OwnFieldRow)
        )
        row = added.first()
        return None if row is None else own_field(row)

    async def flush(self, row: OwnFieldRow) -> OwnField:
        """Write what changed."""
        await self._session.flush()
        return own_field(row)


def own_field(row: OwnFieldRow) -> OwnField:
    """The row as other rooms see it."""
    return OwnField(
        space_id=row.space_id,
        id=row.id,
        kind=row.kind,
        name=row.name,
        label=row.label,
        type=row.type,
        choices=tuple(row.choices),
        required=row.required,
        position=row.position,
        archived_at=row.archived_at,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
