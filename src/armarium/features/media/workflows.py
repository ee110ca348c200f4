"""The room's background work: thumbnails after an upload (row S06), the daily sweep."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from armarium.features.media.models import ProcessMedia, SweepMedia, SweepSpaceMedia
from armarium.features.media.service.keeping import MediaKeeper
from armarium.features.media.service.pipeline import MediaPipeline
from armarium.platform.database import Database, Scope, Session
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("media", worker_concurrency=2)
DAILY = "0 20 3 * * *"

AllSpaces = Callable[[], Awaitable[Sequence[UUID]]]


def register(
    flows: Flows,
    *,
    pipeline: MediaPipeline,
    keeper: MediaKeeper,
    database: Database,
    all_spaces: AllSpaces,
) -> None:
    """Register the room's commands; `all_spaces` lists every space of this installation."""

    async def thumbnails(command: dict[str, Any]) -> str:
        scope = Scope.of_space(UUID(command["space_id"]))
        media = await pipeline.make_thumbnails(scope, UUID(command["media_id"]))
        return media.status

    async def process(flow: Flow, command: ProcessMedia) -> None:
        ids = {"space_id": str(command.space_id), "media_id": str(command.media_id)}
        await flow.step("thumbnails", thumbnails, ids)

    async def spaces() -> list[str]:
        return [str(space) for space in await all_spaces()]

    async def sweep_all(flow: Flow, _command: SweepMedia) -> None:
        for space in await flow.step("spaces", spaces):
            await flow.transaction(f"sweep {space}", Scope(), enqueue_sweep, space)

    async def enqueue_sweep(session: Session, space: str) -> None:
        await flows.enqueue(session, SweepSpaceMedia(space_id=UUID(space)))

    async def sweep_space(flow: Flow, command: SweepSpaceMedia) -> None:
        await flow.step("sweep", keeper.sweep, command.space_id)

    flows.queue(QUEUE)
    flows.handle(ProcessMedia, queue=QUEUE.name, run=process)
    flows.handle(SweepMedia, queue=QUEUE.name, run=sweep_all)
    flows.handle(SweepSpaceMedia, queue=QUEUE.name, run=sweep_space)
    flows.cron("media.sweep", DAILY, SweepMedia())
