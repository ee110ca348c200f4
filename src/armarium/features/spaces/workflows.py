"""The room's background work: erasing spaces whose time in the trash is over."""

from armarium.features.spaces.service import EraseSpace, SpaceKeeper
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("spaces", worker_concurrency=1)


def register(flows: Flows, *, keeper: SpaceKeeper) -> None:
    """Register the room's command."""

    async def erase(flow: Flow, command: EraseSpace) -> None:
        await flow.step("erase", keeper.erase, command.space_id)

    flows.queue(QUEUE)
    flows.handle(EraseSpace, queue=QUEUE.name, run=erase)
