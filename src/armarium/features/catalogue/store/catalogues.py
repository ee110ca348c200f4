"""Rows of catalogues and their sets."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.models import Catalogue, CatalogueSet, PastImport
from armarium.features.catalogue.store.imports import last_imports
from armarium.features.catalogue.tables import (
    CatalogueRow,
    EntryRow,
    ImageRow,
    SetRow,
)
from armarium.kit.ids import new_id
from armarium.kit.instants import now


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


async def delete_catalogue(session: AsyncSession, catalogue_id: UUID) -> list[str]:
    """Remove a catalogue with all that hangs on it; the blob keys that are now free."""
    keys = await session.scalars(
        select(ImageRow.blob_key).where(ImageRow.catalogue_id == catalogue_id)
    )
    freed = list(keys)
    await session.execute(delete(CatalogueRow).where(CatalogueRow.id == catalogue_id))
    return freed


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
