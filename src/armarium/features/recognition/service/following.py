"""Lets scans and the inbox say what became of the jobs behind them.

A job that fails, or that kills its workers, cannot write that itself, so the engine's events are
followed. Either event may come late or twice: what counts is the job's state when it is handled.
"""

from collections.abc import Sequence

from armarium.features.recognition import store
from armarium.features.recognition.events import ReviewChanged, ScanProgressed
from armarium.features.recognition.models import STEPS_A_PHOTO, ProcessPhoto, ReadDetections
from armarium.features.recognition.policy import place_id
from armarium.features.recognition.tables import DetectionRow
from armarium.platform.database import Database, Scope, Session
from armarium.platform.events import JobFailed, JobRedriven, emit
from armarium.platform.workflows.commands import from_json
from armarium.platform.workflows.jobs import Job, job_in

KILLED = "worker_killed"
STOPPED = (
    "Processing stopped unexpectedly each time it was tried. The photo is kept; try it again "
    "from the failed jobs."
)


class JobFollower:
    """Sets photos and detections to what their job's state means for a person."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def follow(self, event: JobFailed | JobRedriven) -> None:
        """Idempotent."""
        scope = Scope.of_space(event.space_id)
        if event.name == ProcessPhoto.__name__:
            photo = from_json(ProcessPhoto, event.command)
            async with self._database.transaction(scope) as session:
                await self._follow_photo(session, event.job_id, photo)
        elif event.name == ReadDetections.__name__:
            reading = from_json(ReadDetections, event.command)
            async with self._database.transaction(scope) as session:
                await self._follow_reading(session, event.job_id, reading)

    async def _follow_photo(self, session: Session, job_id: str, command: ProcessPhoto) -> None:
        # The lock first: of two deliveries at once, the later one sees the later state.
        photo = await store.lock_photo(session, command.photo_id)
        job = await job_in(session, job_id)
        if photo is None or job is None or photo.status == "done":
            return
        if job.status == "failed":
            note = "failed"
            await store.set_photo(
                session, command.photo_id, status="failed", note=note, error=reason(job)
            )
        elif photo.status == "failed":
            note = "trying again"
            await store.set_photo(
                session, command.photo_id, status="running", note=note, error=None
            )
        else:
            return
        unread = await store.lock_unread(session, photo.id)
        turn([row for row in unread if row.id == place_id(photo.id, row.position)], job)
        await store.settle_scan(session, command.scan_id)
        progress = ScanProgressed(
            space_id=command.space_id,
            scan_id=command.scan_id,
            photo_id=command.photo_id,
            done=photo.done,
            total=STEPS_A_PHOTO,
            note=note,
        )
        await emit(session, progress)

    async def _follow_reading(self, session: Session, job_id: str, command: ReadDetections) -> None:
        unread = await store.lock_unread(session, command.photo_id)
        job = await job_in(session, job_id)
        if job is None:
            return
        turn([row for row in unread if row.id in command.detection_ids], job)
        changed = ReviewChanged(
            space_id=command.space_id,
            detection_ids=command.detection_ids,
            action="unread" if job.status == "failed" else "reading",
        )
        await emit(session, changed)


def turn(unread: Sequence[DetectionRow], job: Job) -> None:
    """What a failed job never read waits in the inbox: a person can still say what it is."""
    before, after = ("pending", "open") if job.status == "failed" else ("open", "pending")
    for row in unread:
        if row.state == before:
            row.state = after
            row.version += 1


def reason(job: Job) -> str:
    """Why a job failed, for the person whose photo it is."""
    if job.error is None:
        return STOPPED
    return STOPPED if job.error.code == KILLED else job.error.message
