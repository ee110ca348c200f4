"""Vectors arrive in the background for what was put without."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import pytest

from armarium.adapters.inference.tasks import MAX_LETTERS
from armarium.features.search import (
    EmbedDocuments,
    SearchDocument,
    SearchEmbedding,
    SearchIndex,
)
from armarium.features.search.store import SearchStore
from armarium.features.search.workflows import embed_later, register
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.ports.inference import InferenceUnavailable, InputRefused
from tests.support.workflows import RunningWorker, running_worker


class Lengths:
    """An embedder whose vectors tell the length of the text; away for the first `away` calls."""

    model = "lengths-2"
    dimensions = 2
    away = 0
    calls = 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.calls += 1
        if max(map(len, texts)) > MAX_LETTERS:
            raise InputRefused("text_too_long", "As the model's own process says it.")
        if self.calls <= self.away:
            raise InferenceUnavailable("starting", delay=0.01)
        return [[1.0, float(len(text))] for text in texts]


@pytest.fixture
def embedder() -> Lengths:
    return Lengths()


@pytest.fixture
async def worker(
    database: Database, database_urls: DatabaseUrls, embedder: Lengths
) -> AsyncIterator[RunningWorker]:
    flows = Flows()
    embedding = SearchEmbedding(database=database, embedder=embedder, index=SearchIndex())
    register(flows, embedding=embedding)
    async with running_worker(database_urls, flows, database) as running:
        yield running


def document(space: UUID, title: str, **more: Any) -> SearchDocument:
    return SearchDocument(
        space_id=space, id=new_id(), kind="art", status="on_hand", title=title, **more
    )


async def pending(database: Database, space: UUID) -> int:
    async with database.transaction(Scope.of_space(space)) as session:
        return await SearchStore().count_pending(session, space, Lengths.model)


async def test_what_a_transaction_put_is_embedded_after_its_commit(
    worker: RunningWorker, database: Database, embedder: Lengths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("armarium.features.search.workflows.GATHERING", 0.01)
    monkeypatch.setattr("armarium.features.search.service.embedding.BATCH", 2)
    space = new_id()
    index = SearchIndex(changed=embed_later(worker.flows))
    documents = [document(space, f"picture {at}") for at in range(5)]
    async with database.transaction(Scope.of_space(space)) as session:
        await index.put(session, documents[:3])
        await index.put(session, documents[3:])
    await worker.idle()
    assert await pending(database, space) == 0
    assert embedder.calls == 3  # one job for the transaction, in batches of two
    async with database.transaction(Scope.of_space(space)) as session:
        await index.put(session, [document(space, "another")])
    await worker.idle()
    assert await pending(database, space) == 0


async def test_a_model_that_is_away_is_asked_again(
    worker: RunningWorker, database: Database, embedder: Lengths
) -> None:
    embedder.away = 2
    space = new_id()
    async with database.transaction(Scope.of_space(space)) as session:
        await SearchIndex().put(session, [document(space, "picture")])
    job = await worker.run(EmbedDocuments(space), Scope.of_space(space))
    assert job.status == "done"
    assert await pending(database, space) == 0


async def test_no_document_is_too_long_to_be_embedded(
    worker: RunningWorker, database: Database, embedder: Lengths
) -> None:
    """A book with the names of fifty committees kept its whole space from being embedded."""
    space = new_id()
    many = tuple(f"{'Committee ' * 44}{number}" for number in range(50))
    long = "word " * 30_000
    odd = [
        document(space, "Acts", creators=many),
        document(space, long),
        document(space, "Acts", series=long),
        document(space, "Acts", body=long, notes=long),
    ]
    async with database.transaction(Scope.of_space(space)) as session:
        await SearchIndex().put(session, [*odd, document(space, "picture")])
    job = await worker.run(EmbedDocuments(space), Scope.of_space(space))
    assert job.status == "done"
    assert await pending(database, space) == 0


async def test_a_space_without_documents_is_done_at_once(worker: RunningWorker) -> None:
    space = new_id()
    assert (await worker.run(EmbedDocuments(space), Scope.of_space(space))).status == "done"
