"""The nightly care: what nothing points at any more goes from the store.

Files of imports that failed and that nobody sends round again, pictures whose bytes a later import
replaced, and what was written just before a process died.
"""

from collections.abc import Sequence
from datetime import timedelta

from armarium.features.catalogue import store
from armarium.features.catalogue.models import BLOBS, UPLOADS
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.workflows.jobs import Job, job_in
from armarium.ports.blobs import BlobStat, BlobStore

NOBODY = Scope()
BATCH = 1000
SETTLING = timedelta(days=1)
"""Bytes come before the row that points at them."""
KEEP = timedelta(days=7)
"""How long a failed import can be sent round again, unless it is dismissed before."""


class CatalogueTidying:
    """Compares the objects of all catalogues with the rows and jobs that need them."""

    def __init__(self, *, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    async def tidy(self) -> dict[str, int]:
        """Delete what is not needed; {"deleted": how many}. Safe to repeat."""
        doomed: list[str] = []
        batch: list[BlobStat] = []
        async for stat in self._blobs.list(BLOBS):
            if stat.modified_at > now() - SETTLING:
                continue
            batch.append(stat)
            if len(batch) == BATCH:
                doomed += await self._doomed(batch)
                batch = []
        doomed += await self._doomed(batch)
        for key in doomed:
            await self._blobs.delete(key)
        return {"deleted": len(doomed)}

    async def _doomed(self, batch: Sequence[BlobStat]) -> list[str]:
        uploads = [each for each in batch if each.key.startswith(f"{UPLOADS}/")]
        pictures = {each.key for each in batch} - {each.key for each in uploads}
        async with self._database.transaction(NOBODY) as session:
            shown = await store.shown_blobs(session, sorted(pictures))
            jobs = {
                each.key: await job_in(session, each.key.rpartition("/")[2], everything=True)
                for each in uploads
            }
        over = [each.key for each in uploads if not _needed(each, jobs[each.key])]
        return [*over, *sorted(pictures - shown)]


def _needed(upload: BlobStat, job: Job | None) -> bool:
    """Whether the import of a file runs, will run, or may be sent round again."""
    if job is None:
        return upload.modified_at > now() - KEEP
    if job.status == "failed" and job.dismissed_at is None:
        return (job.finished_at or upload.modified_at) > now() - KEEP
    return job.status in {"queued", "running"}
