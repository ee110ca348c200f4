"""Rows of entries: in by COPY, out with what the space says itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.models import Entry
from armarium.features.catalogue.rows import creators_of, identifiers_of
from armarium.features.catalogue.tables import (
    CatalogueRow,
    EntryRow,
    ImageRow,
    OverrideRow,
    OwnEntryRow,
)
from armarium.kinds import registry
from armarium.platform.paging import Page, PageParams, keyset_page

ENTRY_COLUMNS = (
    "id", "catalogue_id", "key", "kind", "title", "subtitle", "sort_key", "names", "creators",
    "number", "set_code", "set_name", "series", "year_first", "year_last", "identifiers",
    "external_ids", "fields", "variants", "attributes", "digest", "updated_at",
)  # fmt: skip
COLUMN_TYPES = {
    "id": "uuid", "catalogue_id": "uuid", "names": "jsonb", "creators": "text[]",
    "year_first": "int2", "year_last": "int2", "identifiers": "text[]", "external_ids": "jsonb",
    "fields": "jsonb", "variants": "jsonb", "attributes": "jsonb", "digest": "bytea",
    "updated_at": "timestamptz",
}  # fmt: skip
JSON_COLUMNS = frozenset({"names", "external_ids", "fields", "variants", "attributes"})
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
STAGE = text(
    "create temporary table if not exists catalogue_stage"
    " (like catalogue_entries) on commit delete rows"
)
MERGE = text(
    f"""
    insert into catalogue_entries as e ({", ".join(ENTRY_COLUMNS)})
    select {", ".join(ENTRY_COLUMNS)} from catalogue_stage
    on conflict (catalogue_id, key) do update set
      {", ".join(f"{name} = excluded.{name}" for name in ENTRY_COLUMNS[3:])}
    where e.digest <> excluded.digest
    returning (xmax = 0) as added
    """  # noqa: S608 - names are ours
)


async def copy_entries(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Bring `rows` in by COPY; `(added, changed)`; rows whose digest is the same stay untouched."""
    await session.execute(STAGE)
    connection = await (await session.connection()).get_raw_connection()
    driver: Any = connection.driver_connection
    columns = ", ".join(ENTRY_COLUMNS)
    async with (
        driver.cursor() as cursor,
        cursor.copy(f"copy catalogue_stage ({columns}) from stdin") as copy,
    ):
        for row in rows:
            await copy.write_row([_cell(name, row[name]) for name in ENTRY_COLUMNS])
    outcomes = list(await session.scalars(MERGE))
    added = sum(outcomes)
    return added, len(outcomes) - added


def _cell(name: str, value: Any) -> Any:
    if name in JSON_COLUMNS:
        return COMPACT.encode(value)
    return value


async def ids_by_key(
    session: AsyncSession, catalogue_id: UUID, keys: Sequence[str]
) -> dict[str, UUID]:
    """Entry ids by their key."""
    rows = await session.execute(
        select(EntryRow.key, EntryRow.id).where(
            EntryRow.catalogue_id == catalogue_id, EntryRow.key.in_(keys)
        )
    )
    return {row.key: row.id for row in rows}


def _entry(row: EntryRow, slug: str, override: OverrideRow | None, image_id: UUID | None) -> Entry:
    fields = {**row.fields, **override.fields} if override else row.fields
    return Entry(
        id=row.id,
        catalogue=slug,
        kind=row.kind,
        title=(override.title if override and override.title else row.title),
        subtitle=row.subtitle,
        names=row.names,
        creators=(creators_of(override.fields) or row.creators) if override else row.creators,
        number=fields.get("number", row.number) if override else row.number,
        set_code=row.set_code,
        set_name=row.set_name,
        series=row.series,
        identifiers=identifiers_of(row.kind, fields) if override else row.identifiers,
        external_ids=row.external_ids,
        fields=fields,
        variants=row.variants,
        attributes=row.attributes,
        overridden=override is not None,
        version=override.version if override else None,
        image_id=image_id,
    )


def _own(row: OwnEntryRow) -> Entry:
    kind = registry().get(row.kind)
    return Entry(
        id=row.id,
        catalogue=None,
        kind=row.kind,
        title=row.title,
        subtitle=kind.subtitle(row.fields) if kind else "",
        names={},
        creators=creators_of(row.fields),
        number=row.fields.get("number"),
        set_code=row.fields.get("set_code"),
        set_name=row.fields.get("set_name"),
        series=row.fields.get("series"),
        identifiers=identifiers_of(row.kind, row.fields),
        external_ids={},
        fields=row.fields,
        variants=[],
        attributes={},
        version=row.version,
    )


def _first_image() -> Any:
    return (
        select(ImageRow.id)
        .where(ImageRow.entry_id == EntryRow.id)
        .order_by(ImageRow.id)
        .limit(1)
        .scalar_subquery()
    )


def _entries(space_id: UUID | None) -> Any:
    """Entries with slug, the space's correction and the first picture."""
    return (
        select(EntryRow, CatalogueRow.slug, OverrideRow, _first_image())
        .join(CatalogueRow, CatalogueRow.id == EntryRow.catalogue_id)
        .outerjoin(
            OverrideRow,
            (OverrideRow.entry_id == EntryRow.id) & (OverrideRow.space_id == space_id),
        )
    )


async def get_entries(
    session: AsyncSession, ids: Sequence[UUID], space_id: UUID | None
) -> dict[UUID, Entry]:
    """Entries by id, shared and the space's own."""
    rows: Any = await session.execute(_entries(space_id).where(EntryRow.id.in_(ids)))
    found = {row.id: _entry(row, slug, over, image) for row, slug, over, image in rows}
    missing = [each for each in ids if each not in found]
    if missing and space_id is not None:
        own = await session.scalars(
            select(OwnEntryRow).where(OwnEntryRow.space_id == space_id, OwnEntryRow.id.in_(missing))
        )
        found.update({row.id: _own(row) for row in own})
    return found


async def list_entries(
    session: AsyncSession,
    catalogue_id: UUID,
    params: PageParams,
    *,
    space_id: UUID,
    set_code: str | None = None,
) -> Page[Entry]:
    """Entries of a catalogue in their order, one set or all."""
    statement = _entries(space_id).where(EntryRow.catalogue_id == catalogue_id)
    if set_code is not None:
        statement = statement.where(EntryRow.set_code == set_code)
    page = await keyset_page(session, statement.order_by(EntryRow.sort_key, EntryRow.id), params)
    return page.map(lambda row: _entry(row[0], row[1], row[2], row[3]))


async def in_set(session: AsyncSession, ids: Sequence[UUID], set_code: str) -> set[UUID]:
    """Which of these entries belong to a set."""
    return set(
        await session.scalars(
            select(EntryRow.id).where(EntryRow.id.in_(ids), EntryRow.set_code == set_code)
        )
    )


async def overlay(session: AsyncSession, space_id: UUID, kind: str | None) -> list[Entry]:
    """The space's own entries and those that it corrected."""
    corrected = _entries(space_id).where(OverrideRow.id.is_not(None))
    own = select(OwnEntryRow).where(OwnEntryRow.space_id == space_id)
    if kind is not None:
        corrected = corrected.where(EntryRow.kind == kind)
        own = own.where(OwnEntryRow.kind == kind)
    rows: Any = await session.execute(corrected)
    found = [_entry(row, slug, over, image) for row, slug, over, image in rows]
    return [*found, *(_own(row) for row in await session.scalars(own))]
