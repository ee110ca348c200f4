"""The room's background work: archives, and the accounts whose time is over."""

from armarium.features.operations.models import (
    BringArchive,
    CloseAccounts,
    DropArchive,
    EraseAccount,
    MakeArchive,
)
from armarium.features.operations.service.archives import Archives
from armarium.features.operations.service.closing import AccountErasure
from armarium.features.operations.service.uploading import QUEUE as CUSTODY
from armarium.features.operations.service.uploading import ArchiveUploads
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue(CUSTODY, worker_concurrency=1)


def register(
    flows: Flows, *, archives: Archives, uploads: ArchiveUploads, erasure: AccountErasure
) -> None:
    """Register the room's commands."""

    async def make(flow: Flow, command: MakeArchive) -> None:
        async def write(found: MakeArchive) -> dict[str, object]:
            return await archives.make(found.space_id, found.archive_id, flow.progress)

        try:
            await flow.step("write", write, command)
        except Exception:
            await flow.step("fail", archives.fail, command.space_id, command.archive_id)
            raise

    async def drop(flow: Flow, command: DropArchive) -> None:
        await flow.step("drop", archives.drop, command.space_id, command.archive_id)

    async def bring(flow: Flow, command: BringArchive) -> None:
        async def run(found: BringArchive) -> str:
            return await uploads.run(found, flow.progress)

        try:
            words = await flow.step("bring", run, command)
        finally:
            await flow.step("discard", uploads.discard, command)
        await flow.progress(1, 1, words)

    async def close(flow: Flow, command: CloseAccounts) -> None:
        del command
        await flow.step("plan", erasure.plan)

    async def erase(flow: Flow, command: EraseAccount) -> None:
        await flow.step("erase", erasure.erase, command.user_id)

    flows.queue(QUEUE)
    flows.handle(MakeArchive, queue=QUEUE.name, run=make)
    flows.handle(DropArchive, queue=QUEUE.name, run=drop)
    flows.handle(BringArchive, queue=QUEUE.name, run=bring)
    flows.handle(CloseAccounts, queue=QUEUE.name, run=close)
    flows.handle(EraseAccount, queue=QUEUE.name, run=erase)
    flows.cron("accounts.erase", "0 40 * * * *", CloseAccounts())
