"""The room's background work: letters (rows B01, B12) and the nightly care."""

from armarium.features.accounts.models import SendLetter, TidyAccounts
from armarium.features.accounts.service.care import AccountCare
from armarium.features.accounts.service.letters import Letters
from armarium.platform.workflows import Flow, Flows, Queue

QUEUE = Queue("accounts", worker_concurrency=2)


def register(flows: Flows, *, letters: Letters, care: AccountCare) -> None:
    """Register the room's commands."""

    async def send(flow: Flow, command: SendLetter) -> None:
        await flow.step("send", letters.send, command.template, command.user_id, command.subject_id)

    async def tidy(flow: Flow, command: TidyAccounts) -> None:
        del command
        await flow.step("tidy", care.tidy)

    flows.queue(QUEUE)
    flows.handle(SendLetter, queue=QUEUE.name, run=send)
    flows.handle(TidyAccounts, queue=QUEUE.name, run=tidy)
    flows.cron("accounts.tidy", "0 10 4 * * *", TidyAccounts())
