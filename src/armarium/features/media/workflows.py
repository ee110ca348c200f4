"""The room's background work: thumbnails after an upload (row S06), the sweep of what is unused."""

from typing import Any
from uuid import UUID

from armarium.features.media.models import ProcessMedia, SweepMedia
from armarium.features.media.service.keeping import MediaKeeper
from armarium.features.media.service.pipeline import MediaPipeline
from armarium.platform.database import Scope
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("media", worker_concurrency=2)
SWEEPING = Queue("media-sweep", worker_concurrency=1)
"""Apart, so that a worker which only makes pictures needs no right to delete any."""


def register(flows: Flows, *, pipeline: MediaPipeline, keeper: MediaKeeper) -> None:
    """Register the room's commands."""

    async def thumbnails(space_id: UUID, media_id: UUID) -> dict[str, Any]:
        media = await pipeline.make_thumbnails(Scope.of_space(space_id), media_id)
        return {"status": media.status, "problem": media.problem}

    async def process(flow: Flow, command: ProcessMedia) -> None:
        await flow.step("thumbnails", thumbnails, command.space_id, command.media_id)

    async def sweep(flow: Flow, command: SweepMedia) -> None:
        await flow.step("sweep", keeper.sweep, command.space_id)

    flows.queue(QUEUE)
    flows.handle(ProcessMedia, queue=QUEUE.name, run=process)
    flows.queue(SWEEPING)
    flows.handle(SweepMedia, queue=SWEEPING.name, run=sweep)
