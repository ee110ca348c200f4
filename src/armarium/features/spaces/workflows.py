"""The room's background work: letters of invitation, and erasing what was long in the trash."""

from armarium.features.spaces.models import SendInvitation
from armarium.features.spaces.service import EraseSpace, InvitationLetters, SpaceKeeper
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("spaces", worker_concurrency=1)


def register(flows: Flows, *, keeper: SpaceKeeper, letters: InvitationLetters) -> None:
    """Register the room's commands."""

    async def erase(flow: Flow, command: EraseSpace) -> None:
        await flow.step("erase", keeper.erase, command.space_id)

    async def write(flow: Flow, command: SendInvitation) -> None:
        await flow.step("send", letters.send, command.space_id, command.invitation_id)

    flows.queue(QUEUE)
    flows.handle(SendInvitation, queue=QUEUE.name, run=write)
    flows.handle(EraseSpace, queue=QUEUE.name, run=erase)
