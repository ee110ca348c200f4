"""The built lookup of a catalogue, and which generation of it is valid."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.tables import (
    CatalogueRow,
    EntryRow,
    LookupRow,
)
from armarium.kit.ids import new_id

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


async def mark_unindexed(session: AsyncSession, catalogue_id: UUID) -> None:
    """Entries changed in this transaction, which the lookup index has to take up."""
    await session.execute(
        update(CatalogueRow).where(CatalogueRow.id == catalogue_id).values(unindexed=new_id())
    )


async def unindexed(session: AsyncSession, catalogue_id: UUID) -> UUID | None:
    """The mark of the last change that no finished index has taken up."""
    return await session.scalar(
        select(CatalogueRow.unindexed).where(CatalogueRow.id == catalogue_id)
    )


async def raise_generation(session: AsyncSession, catalogue_id: UUID, seen: UUID | None) -> int:
    """A new generation of the lookup index; caches that hold an older one let go of it.

    `seen` is the mark that stood before its entries were read; one that came since stays.
    """
    await session.execute(
        update(CatalogueRow)
        .where(CatalogueRow.id == catalogue_id, CatalogueRow.unindexed == seen)
        .values(unindexed=None)
    )
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
