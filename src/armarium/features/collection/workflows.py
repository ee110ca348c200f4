"""The room's background work: what lay in the trash for long enough goes."""

from armarium.features.collection.models import PurgeTrash
from armarium.features.collection.service.keeping import TrashPurge
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("collection", worker_concurrency=1)


def register(flows: Flows, *, trash: TrashPurge) -> None:
    """Register the room's commands."""

    async def purge(flow: Flow, command: PurgeTrash) -> None:
        await flow.step("purge", trash.purge, command.space_id)

    flows.queue(QUEUE)
    flows.handle(PurgeTrash, queue=QUEUE.name, run=purge)
