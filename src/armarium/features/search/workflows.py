"""Background work: vectors for what was put without one."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from armarium.features.search.models import EmbedDocuments
from armarium.features.search.service.embedding import SearchEmbedding
from armarium.platform.database import Session
from armarium.platform.workflows import Flow, Flows, Queue, Temporary
from armarium.ports.inference import InferenceUnavailable

QUEUE = "search-embedding"
GATHERING = 1.0
"""Seconds that a job waits, so that one embeds what several writes in a row have put."""


def register(flows: Flows, *, embedding: SearchEmbedding) -> None:
    """Tell the flows how to embed the documents of a space."""
    flows.queue(Queue(QUEUE, concurrency=1, worker_concurrency=1))

    async def batch(space_id: str) -> dict[str, int]:
        try:
            return await embedding.embed_batch(UUID(space_id))
        except InferenceUnavailable as error:
            raise Temporary(error.detail, delay=error.delay) from error

    async def run(flow: Flow, command: EmbedDocuments) -> None:
        done = 0
        while True:
            answer = await flow.step("embed", batch, str(command.space_id))
            done += answer["done"]
            await flow.progress(done, done + answer["left"], "embedded")
            if not answer["done"] or not answer["left"]:
                return

    flows.handle(EmbedDocuments, queue=QUEUE, run=run)


def embed_later(flows: Flows) -> Callable[[Session, UUID], Awaitable[None]]:
    """For `SearchIndex(changed=…)`: embed in the background what a transaction put.

    One job a space and transaction, which starts when that commits.
    """

    async def changed(session: Session, space_id: UUID) -> None:
        jobs: set[UUID] = session.info.setdefault("search.embedding", set())
        if space_id not in jobs:
            jobs.add(space_id)
            await flows.enqueue(session, EmbedDocuments(space_id), delay=GATHERING, priority=10)

    return changed
