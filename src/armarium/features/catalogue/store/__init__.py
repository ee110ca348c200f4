"""Rows of catalogues, entries, images, imports and lookups. Never commits, never decides."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.models import Catalogue, CatalogueSet, Entry, PastImport
from armarium.features.catalogue.rows import creators_of, identifiers_of
from armarium.features.catalogue.store.imports import last_imports as last_imports
from armarium.features.catalogue.store.imports import open_import as open_import
from armarium.features.catalogue.store.imports import set_import as set_import
from armarium.features.catalogue.tables import (
    CatalogueRow,
    EntryRow,
    ImageRow,
    LookupRow,
    OverrideRow,
    OwnEntryRow,
    SetRow,
)
from armarium.kinds import registry
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.owned import OwnedTables
from armarium.platform.paging import Page, PageParams, keyset_page

OWNED = OwnedTables("catalogue", OverrideRow, OwnEntryRow)
"""What the room holds of a space; catalogues are everyone's."""

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
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\\u0000", "")
    return value


async def put_catalogue(
    session: AsyncSession, *, slug: str, name: str, kind: str, source: str, licence: str
) -> CatalogueRow:
    """The catalogue of that slug, made when there is none."""
    values = {
        "id": new_id(), "slug": slug, "name": name, "kind": kind, "source": source,
        "licence": licence, "state": "empty", "entry_count": 0, "generation": 0,
        "created_at": now(), "updated_at": now(),
    }  # fmt: skip
    await session.execute(insert(CatalogueRow).values(values).on_conflict_do_nothing())
    found = await session.scalar(select(CatalogueRow).where(CatalogueRow.slug == slug))
    if found is None:
        msg = f"catalogue {slug} vanished while it was made"
        raise RuntimeError(msg)
    return found


async def put_sets(
    session: AsyncSession, catalogue_id: UUID, sets: Iterable[Mapping[str, Any]]
) -> None:
    """Insert or refresh sets by code."""
    rows = [{"id": new_id(), "catalogue_id": catalogue_id, **each} for each in sets]
    if not rows:
        return
    statement = insert(SetRow).values(rows)
    fresh = {
        name: statement.excluded[name]
        for name in ("name", "names", "series", "official_count", "released", "external_ids")
    }
    await session.execute(
        statement.on_conflict_do_update(index_elements=["catalogue_id", "code"], set_=fresh)
    )


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


async def known_images(
    session: AsyncSession, entry_ids: Sequence[UUID]
) -> dict[tuple[UUID, str], str]:
    """Blob key by entry and source name."""
    rows = await session.execute(
        select(ImageRow.entry_id, ImageRow.source, ImageRow.blob_key).where(
            ImageRow.entry_id.in_(entry_ids)
        )
    )
    return {(row.entry_id, row.source): row.blob_key for row in rows}


async def put_image(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Insert a reference image, or renew it (and make its features pending) when bytes changed."""
    statement = insert(ImageRow).values({"id": new_id(), "state": "pending", **values})
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["entry_id", "source"],
            set_={
                "blob_key": statement.excluded.blob_key,
                "content_type": statement.excluded.content_type,
                "state": "pending",
            },
            where=ImageRow.blob_key != statement.excluded.blob_key,
        )
    )


async def set_catalogue(session: AsyncSession, catalogue_id: UUID, **values: Any) -> None:
    """Write facts of a catalogue."""
    await session.execute(
        update(CatalogueRow)
        .where(CatalogueRow.id == catalogue_id)
        .values(updated_at=now(), **values)
    )


async def count_entries(session: AsyncSession, catalogue_id: UUID) -> int:
    """How many entries a catalogue has."""
    found = await session.scalar(
        select(func.count()).select_from(EntryRow).where(EntryRow.catalogue_id == catalogue_id)
    )
    return found or 0


LOOKUP_COLUMNS = (
    EntryRow.id, EntryRow.title, EntryRow.names, EntryRow.creators, EntryRow.number,
    EntryRow.set_code, EntryRow.set_name, EntryRow.series, EntryRow.identifiers,
    EntryRow.external_ids, EntryRow.fields, EntryRow.attributes,
)  # fmt: skip


async def stream_for_lookup(session: AsyncSession, catalogue_id: UUID) -> AsyncIterator[Any]:
    """What the lookup index is made of, entry by entry, in a stable order."""
    result = await session.stream(
        select(*LOOKUP_COLUMNS)
        .where(EntryRow.catalogue_id == catalogue_id)
        .order_by(EntryRow.id)
        .execution_options(yield_per=2000)
    )
    async for row in result:
        yield row


async def raise_generation(session: AsyncSession, catalogue_id: UUID) -> int:
    """A new generation of the lookup index; caches that hold an older one let go of it."""
    found = await session.scalar(
        update(CatalogueRow)
        .where(CatalogueRow.id == catalogue_id)
        .values(generation=CatalogueRow.generation + 1)
        .returning(CatalogueRow.generation)
    )
    return found or 0


async def put_lookup(
    session: AsyncSession, catalogue_id: UUID, parts: Mapping[str, bytes], generation: int
) -> None:
    """Replace the lookup index of a catalogue."""
    await session.execute(delete(LookupRow).where(LookupRow.catalogue_id == catalogue_id))
    for part, data in parts.items():
        await session.execute(
            insert(LookupRow).values(
                catalogue_id=catalogue_id, part=part, generation=generation, data=data
            )
        )


async def get_lookup(session: AsyncSession, catalogue_id: UUID) -> dict[str, bytes]:
    """The parts of a catalogue's lookup index."""
    rows = await session.execute(
        select(LookupRow.part, LookupRow.data).where(LookupRow.catalogue_id == catalogue_id)
    )
    return {row.part: row.data for row in rows}


async def list_catalogues(session: AsyncSession) -> list[Catalogue]:
    """Every catalogue by name, with counts of its images."""
    states = await session.execute(
        select(ImageRow.catalogue_id, ImageRow.state, func.count()).group_by(
            ImageRow.catalogue_id, ImageRow.state
        )
    )
    images: dict[UUID, dict[str, int]] = {}
    for catalogue_id, state, count in states:
        images.setdefault(catalogue_id, {})[state] = count
    rows = await session.scalars(select(CatalogueRow).order_by(CatalogueRow.name, CatalogueRow.id))
    imports = await last_imports(session)
    return [_catalogue(row, images.get(row.id, {}), imports.get(row.id)) for row in rows]


def _catalogue(
    row: CatalogueRow, images: Mapping[str, int], last_import: PastImport | None
) -> Catalogue:
    counts = {state: images.get(state, 0) for state in ("pending", "ready", "failed")}
    return Catalogue(
        id=row.id,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        source=row.source,
        licence=row.licence,
        state=row.state,
        entry_count=row.entry_count,
        image_counts=counts,
        updated_at=row.updated_at,
        last_import=last_import,
    )


async def get_catalogue(session: AsyncSession, slug: str) -> CatalogueRow | None:
    """A catalogue by slug."""
    return await session.scalar(select(CatalogueRow).where(CatalogueRow.slug == slug))


async def generations(
    session: AsyncSession, *, kind: str | None, slug: str | None
) -> list[tuple[UUID, str, str, int]]:
    """`(id, slug, kind, generation)` of the catalogues that a search may look into."""
    statement = select(
        CatalogueRow.id, CatalogueRow.slug, CatalogueRow.kind, CatalogueRow.generation
    ).where(CatalogueRow.generation > 0)
    if kind is not None:
        statement = statement.where(CatalogueRow.kind == kind)
    if slug is not None:
        statement = statement.where(CatalogueRow.slug == slug)
    rows = await session.execute(statement.order_by(CatalogueRow.slug))
    return [(found, name, its_kind, generation) for found, name, its_kind, generation in rows]


async def delete_catalogue(session: AsyncSession, catalogue_id: UUID) -> list[str]:
    """Remove a catalogue with all that hangs on it; the blob keys that are now free."""
    keys = await session.scalars(
        select(ImageRow.blob_key).where(ImageRow.catalogue_id == catalogue_id)
    )
    freed = list(keys)
    await session.execute(delete(CatalogueRow).where(CatalogueRow.id == catalogue_id))
    return freed


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


async def list_sets(session: AsyncSession, catalogue_id: UUID) -> list[CatalogueSet]:
    """Sets of a catalogue, newest first."""
    rows = await session.scalars(
        select(SetRow)
        .where(SetRow.catalogue_id == catalogue_id)
        .order_by(SetRow.released.desc().nulls_last(), SetRow.code)
    )
    return [
        CatalogueSet(
            code=row.code,
            name=row.name,
            names=row.names,
            series=row.series,
            official_count=row.official_count,
            released=row.released,
            external_ids=row.external_ids,
        )
        for row in rows
    ]


async def in_set(session: AsyncSession, ids: Sequence[UUID], set_code: str) -> set[UUID]:
    """Which of these entries belong to a set."""
    return set(
        await session.scalars(
            select(EntryRow.id).where(EntryRow.id.in_(ids), EntryRow.set_code == set_code)
        )
    )


async def get_override(session: AsyncSession, entry_id: UUID, space_id: UUID) -> OverrideRow | None:
    """A space's correction of an entry."""
    return await session.scalar(
        select(OverrideRow).where(
            OverrideRow.space_id == space_id, OverrideRow.entry_id == entry_id
        )
    )


async def overlay_state(session: AsyncSession, space_id: UUID) -> tuple[datetime | None, int]:
    """The newest change of a space's own and corrected entries, and their count, for caches."""
    found = (
        await session.execute(
            text(
                "select max(changed), sum(n)::int from ("
                "select max(updated_at) as changed, count(*) as n from catalogue_overrides"
                " where space_id = :space union all "
                "select max(updated_at), count(*) from catalogue_own_entries"
                " where space_id = :space) as both_kinds"
            ),
            {"space": space_id},
        )
    ).one()
    return found[0], found[1] or 0


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


async def get_own(session: AsyncSession, entry_id: UUID, space_id: UUID) -> OwnEntryRow | None:
    """A space's own entry."""
    return await session.get(OwnEntryRow, (space_id, entry_id))


async def add(session: AsyncSession, row: OwnEntryRow | OverrideRow) -> None:
    """Insert a space's own row."""
    session.add(row)
    await session.flush()


async def remove(session: AsyncSession, row: OwnEntryRow | OverrideRow) -> None:
    """Delete a space's own row."""
    await session.delete(row)
    await session.flush()


def _ready(kind: str | None, slug: str | None, model: str) -> Any:
    statement = (
        select(ImageRow)
        .join(CatalogueRow, CatalogueRow.id == ImageRow.catalogue_id)
        .where(ImageRow.state == "ready", ImageRow.feature_model == model)
    )
    if kind is not None:
        statement = statement.where(CatalogueRow.kind == kind)
    if slug is not None:
        statement = statement.where(CatalogueRow.slug == slug)
    return statement


async def all_ready(
    session: AsyncSession, *, kind: str | None, slug: str | None, model: str, at_most: int
) -> list[ImageRow] | None:
    """The reference images with features of `model`; None, and none loaded, when there are more."""
    ready = _ready(kind, slug, model)
    ids = await session.scalars(ready.with_only_columns(ImageRow.id).limit(at_most + 1))
    return None if len(ids.all()) > at_most else list(await session.scalars(ready))


async def nearest_ready(
    session: AsyncSession,
    *,
    kind: str | None,
    slug: str | None,
    model: str,
    phashes: Sequence[bytes],
    embedding: Sequence[float],
    limit: int,
) -> list[ImageRow]:
    """The reference images closest by hash in any rotation, then those closest by embedding."""
    bits = [f"{int.from_bytes(each):0{8 * len(each)}b}" for each in phashes]
    distance = func.least(*(ImageRow.phash.hamming_distance(each) for each in bits))
    by_hash = await session.scalars(_ready(kind, slug, model).order_by(distance).limit(limit))
    by_embedding = await session.scalars(
        _ready(kind, slug, model)
        .order_by(ImageRow.embedding.max_inner_product(list(embedding)))
        .limit(limit)
    )
    found = {row.id: row for row in by_hash}
    found.update({row.id: row for row in by_embedding})
    return list(found.values())


async def of_entries(
    session: AsyncSession, entry_ids: Sequence[UUID], model: str
) -> list[ImageRow]:
    """Reference images with features of given entries."""
    return list(
        await session.scalars(
            select(ImageRow).where(
                ImageRow.entry_id.in_(entry_ids),
                ImageRow.state == "ready",
                ImageRow.feature_model == model,
            )
        )
    )


async def get_image(session: AsyncSession, image_id: UUID) -> ImageRow | None:
    """A reference image."""
    return await session.get(ImageRow, image_id)


async def pending_images(session: AsyncSession, catalogue_id: UUID, limit: int) -> list[ImageRow]:
    """The next reference images whose features are not known."""
    rows = await session.scalars(
        select(ImageRow)
        .where(ImageRow.catalogue_id == catalogue_id, ImageRow.state == "pending")
        .order_by(ImageRow.id)
        .limit(limit)
    )
    return list(rows)


async def count_pending(session: AsyncSession, catalogue_id: UUID) -> int:
    """How many reference images wait to be described."""
    found = await session.scalar(
        select(func.count())
        .select_from(ImageRow)
        .where(ImageRow.catalogue_id == catalogue_id, ImageRow.state == "pending")
    )
    return found or 0


async def set_image(session: AsyncSession, image_id: UUID, **values: Any) -> None:
    """Write what was learned of a reference image."""
    await session.execute(update(ImageRow).where(ImageRow.id == image_id).values(**values))
