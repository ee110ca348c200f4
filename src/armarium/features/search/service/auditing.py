"""The index audits itself: documents against their sources, statistics against postings."""

from collections.abc import AsyncIterable
from uuid import UUID

from armarium.features.search.models import AuditReport, SearchDocument
from armarium.features.search.service.indexing import SearchIndex, index_row
from armarium.features.search.store import IndexRow, SearchStore
from armarium.platform.database import Session

BATCH = 500

Version = tuple[int, str, str, str, UUID | None]


class SearchAudit:
    """Reports what differs; repairs on request. Runs in the caller's transaction."""

    def __init__(self, *, index: SearchIndex, store: SearchStore | None = None) -> None:
        self._index = index
        self._store = store or SearchStore()

    async def audit(
        self,
        session: Session,
        space_id: UUID,
        *,
        expected: AsyncIterable[SearchDocument] | None = None,
        model: str | None = None,
        repair: bool = False,
    ) -> AuditReport:
        """Compare, and with `repair` put right; the report tells what was found.

        `expected` gives every document that the space should have; without it only the index
        itself is checked. `model` also counts the documents whose vector is missing or stale.
        """
        found = await self._store.audit(session, space_id)
        missing: list[UUID] = []
        stale: list[UUID] = []
        orphaned: list[UUID] = []
        if repair and any(found[name] for name in ("missing", "extra", "frequencies", "totals")):
            await self._store.repair(session, space_id)
        if expected is not None:
            stored = await self._store.versions(session, space_id)
            batch: list[SearchDocument] = []
            async for document in expected:
                known = stored.pop(document.id, None)
                if known == version(index_row(document)):
                    continue
                (missing if known is None else stale).append(document.id)
                batch.append(document)
                if repair and len(batch) >= BATCH:
                    await self._index.put(session, batch)
                    batch.clear()
            orphaned = sorted(stored)
            if repair:
                await self._index.put(session, batch)
                await self._index.remove(session, space_id, orphaned)
        pending = await self._store.count_pending(session, space_id, model) if model else 0
        return AuditReport(
            documents=found["documents"],
            postings_missing=found["missing"],
            postings_extra=found["extra"],
            frequencies_wrong=found["frequencies"],
            totals_wrong=found["totals"],
            documents_missing=tuple(missing),
            documents_stale=tuple(stale),
            documents_orphaned=tuple(orphaned),
            vectors_pending=pending,
            repaired=repair,
        )


def version(row: IndexRow) -> Version:
    """What tells two states of a document apart."""
    texts = row.texts
    return row.digest, texts["kind"], texts["status"], texts["subtitle"], row.cover_media_id
