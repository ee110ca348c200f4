"""Rows of imports: each file that was brought into a catalogue, and what came of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.features.catalogue.models import PastImport
from armarium.features.catalogue.tables import ImportRow


async def open_import(
    session: AsyncSession, catalogue_id: UUID, *, fingerprint: str, file_format: str, file_name: str
) -> ImportRow:
    """The unfinished import of the same file, or a new one.

    Once another file came in after it, the records before its position are no longer its own, so
    that it begins anew.
    """
    found = await session.scalar(
        select(ImportRow)
        .where(ImportRow.catalogue_id == catalogue_id)
        .order_by(ImportRow.started_at.desc(), ImportRow.id.desc())
        .limit(1)
    )
    if found is not None and found.fingerprint == fingerprint and found.state != "done":
        found.state, found.error = "running", None
        return found
    row = ImportRow(
        catalogue_id=catalogue_id,
        fingerprint=fingerprint,
        format=file_format,
        file_name=file_name,
        state="running",
        position=0,
        report={},
    )
    session.add(row)
    await session.flush()
    return row


async def set_import(session: AsyncSession, import_id: UUID, **values: Any) -> None:
    """Write an import's progress or end."""
    await session.execute(update(ImportRow).where(ImportRow.id == import_id).values(**values))


async def last_imports(session: AsyncSession) -> dict[UUID, PastImport]:
    """The newest import of each catalogue."""
    rows = await session.scalars(
        select(ImportRow)
        .ext(distinct_on(ImportRow.catalogue_id))
        .order_by(ImportRow.catalogue_id, ImportRow.started_at.desc(), ImportRow.id.desc())
    )
    return {
        row.catalogue_id: PastImport(
            file_name=row.file_name,
            state=row.state,
            error=row.error,
            report=row.report,
            started_at=row.started_at,
            finished_at=row.finished_at,
        )
        for row in rows
    }
