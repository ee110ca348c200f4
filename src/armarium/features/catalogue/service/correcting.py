"""What a space lays over the shared catalogues: corrections of entries, and entries of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from armarium.features.catalogue import store
from armarium.features.catalogue.errors import NoSuchEntry, NoSuchKind
from armarium.features.catalogue.models import Entry, EntryChange
from armarium.features.catalogue.tables import OwnEntryRow
from armarium.kinds import Kind, registry
from armarium.kit.instants import now
from armarium.platform.database import Database
from armarium.platform.errors import Invalid
from armarium.platform.http.preconditions import check_version
from armarium.platform.http.principal import Principal


class CatalogueCorrections:
    """Writes a space's own rows; shared entries stay as they are."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def put(
        self, principal: Principal, entry_id: UUID, change: EntryChange, expected: int | None
    ) -> Entry:
        """Correct a shared entry for this space, or change one of its own."""
        async with self._database.transaction(principal.scope) as session:
            entry = (await store.get_entries(session, [entry_id], principal.space_id)).get(entry_id)
            if entry is None:
                raise NoSuchEntry
            fields = _clean(entry.kind, change.fields)
            if entry.catalogue is None:
                own = await store.get_own(session, entry_id, principal.space_id, lock=True)
                if own is None:
                    raise NoSuchEntry
                check_version(expected, own.version)
                own.title, own.fields = change.title or own.title, fields
                own.version, own.updated_at = own.version + 1, now()
            else:
                row = await store.hold_override(session, entry_id, principal.space_id)
                check_version(expected, row.version)
                row.title, row.fields, row.note = change.title, fields, change.note
                row.version, row.updated_at = row.version + 1, now()
            await session.flush()
            return (await store.get_entries(session, [entry_id], principal.space_id))[entry_id]

    async def get(self, principal: Principal, entry_id: UUID) -> EntryChange:
        """What the space says differently of an entry, or all that it says of one of its own."""
        async with self._database.transaction(principal.scope) as session:
            row = await store.get_override(session, entry_id, principal.space_id)
            if row is not None:
                return EntryChange(title=row.title, fields=row.fields, note=row.note)
            own = await store.get_own(session, entry_id, principal.space_id)
            if own is None:
                raise NoSuchEntry
            return EntryChange(title=own.title, fields=own.fields)

    async def overlay(self, principal: Principal, kind: str | None) -> list[Entry]:
        """The space's own entries and those that it corrected, by title."""
        async with self._database.transaction(principal.scope) as session:
            found = await store.overlay(session, principal.space_id, kind)
        return sorted(found, key=lambda entry: (entry.title.casefold(), entry.id))

    async def remove(self, principal: Principal, entry_id: UUID, expected: int | None) -> None:
        """Take a correction back, or delete an entry of the space's own."""
        async with self._database.transaction(principal.scope) as session:
            space_id = principal.space_id
            own = await store.get_own(session, entry_id, space_id, lock=True)
            row = own or await store.get_override(session, entry_id, space_id, lock=True)
            if row is None:
                raise NoSuchEntry
            check_version(expected, row.version)
            await store.remove(session, row)

    async def create(self, principal: Principal, kind: str, change: EntryChange) -> Entry:
        """Add an entry that only this space knows."""
        found = registry().get(kind)
        if found is None:
            raise NoSuchKind(pointer="/kind")
        fields = _clean(found.name, change.fields)
        title = change.title or found.title(fields)
        if not title:
            raise Invalid("An entry needs a title.", pointer="/title")
        row = OwnEntryRow(
            space_id=principal.space_id, kind=found.name, title=title, fields=fields, version=1
        )
        async with self._database.transaction(principal.scope) as session:
            await store.add(session, row)
            return (await store.get_entries(session, [row.id], principal.space_id))[row.id]


def _clean(kind_name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    kind: Kind | None = registry().get(kind_name)
    if kind is None:
        raise NoSuchKind
    checked = kind.validate(fields)
    if not checked.ok:
        raise Invalid(
            "Some fields are not acceptable.",
            pointer=f"/fields{checked.errors[0].pointer}",
            errors=[
                {"pointer": f"/fields{each.pointer}", "code": each.code, "detail": each.detail}
                for each in checked.errors
            ],
        )
    return dict(checked.values)
