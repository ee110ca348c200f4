"""Nearest neighbors by HNSW against looking at every vector: recall and time, on real meanings.

    ARMARIUM_TEST_DATA=DATA python bench/search_meaning.py [--items 100000] [--embedded 5000]

Texts of two real catalogues, embedded by the product's own model; the rest of the items are
neighbors of those: a real vector moved by the difference of two others near it, with a little
noise. Queries are one to four words in a row of items that were not embedded. Milliseconds are
processor time of the database's process, as the role arm_app under forced row-level security.
The breadth that the product uses is marked; the exact scan is the baseline.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import psycopg
from numpy.typing import NDArray

from _product import command, machine
from armarium.adapters.text import MiniLm
from armarium.features.search import SearchDocument, SearchIndex, statements
from armarium.features.search.store import BREADTH, MOST_BREADTH
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from search import MODEL, Sql, compiled, processor_clock, summary, vacuum, write
from tests.support.corpora import documents as corpus
from tests.support.postgres import Server, embedded_server, external_admin_url

Vectors = NDArray[np.float32]
DIMENSIONS = 384
DEPTH = 100
"""As deep as a hybrid search goes."""
NEAR = 10
FACTORS = (1, 2, 4, 8, 10)


def text_of(document: SearchDocument) -> str:
    """What the product embeds of a document."""
    parts = (document.title, " ".join(document.creators), document.series, document.body[:600])
    return " \n".join(part for part in parts if part)


def embedded(model: MiniLm, texts: Sequence[str]) -> Vectors:
    parts = [model.embed(list(texts[at : at + 64])) for at in range(0, len(texts), 64)]
    return np.concatenate(parts).astype(np.float32)


def spread(real: Vectors, count: int, seed: int) -> Vectors:
    """`count` more vectors in the neighborhoods of the real ones."""
    chance = np.random.default_rng(seed)
    near = np.argsort(-(real @ real.T), axis=1)[:, 1:33]
    base = chance.integers(0, len(real), count)
    one, other = (near[base, chance.integers(0, 32, count)] for _ in range(2))
    noise = chance.standard_normal((count, DIMENSIONS)).astype(np.float32) / DIMENSIONS**0.5
    moved = real[base] + 0.6 * (real[one] - real[other]) + 0.15 * noise
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def questions(documents: Sequence[SearchDocument], count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    made: list[str] = []
    for document in chance.sample(list(documents), count):
        words = f"{document.title} {' '.join(document.creators)} {document.body}".split()
        length = chance.randint(1, 4)
        start = chance.randrange(max(1, len(words) - length + 1))
        made.append(" ".join(words[start : start + length]))
    return made


async def write_vectors(
    urls: DatabaseUrls, documents: Sequence[SearchDocument], vectors: Vectors
) -> float:
    """All vectors, then the graph in one go; seconds that the graph took."""
    database, index, space = Database(urls.app), SearchIndex(), documents[0].space_id
    with psycopg.connect(libpq(urls.admin), autocommit=True) as owner:
        told = owner.execute(
            "select indexdef from pg_indexes where indexname = 'ix_search_vector_hnsw_384'"
        ).fetchone()
        assert told is not None
        owner.execute("drop index ix_search_vector_hnsw_384")
        for start in range(0, len(documents), 1_000):
            ids = [one.id for one in documents[start : start + 1_000]]
            given = dict(zip(ids, vectors[start : start + 1_000].tolist(), strict=True))
            async with database.transaction(Scope.of_space(space)) as session:
                await index.set_vectors(session, space, MODEL, given)
        await database.close()
        owner.execute("set maintenance_work_mem = '1GB'")
        begun = time.perf_counter()
        owner.execute(told[0])
        return round(time.perf_counter() - begun, 1)


async def fill(
    urls: DatabaseUrls, documents: Sequence[SearchDocument], vectors: Vectors
) -> dict[str, Any]:
    """The space as it is searched."""
    database = Database(urls.app)
    written = await write(database, documents)
    await database.close()
    return {
        "write_1000_ms": written,
        "hnsw_build_s": await write_vectors(urls, documents, vectors),
    }


class Asker:
    """Asks for the nearest of each query."""

    def __init__(self, sql: Sql, vectors: Vectors) -> None:
        self._sql = sql
        self._literals = ["[" + ",".join(f"{x:.6g}" for x in each) + "]" for each in vectors]
        self._clock = processor_clock(sql.connection.info.backend_pid) or time.perf_counter

    def ask(self, breadth: int | None) -> tuple[list[list[Any]], list[float]]:
        """What is found for each query, nearest first, and milliseconds; exactly if no breadth."""
        make = statements.vector_search
        told = compiled(make(DIMENSIONS, indexed=breadth is not None, filtered=False))
        setting = compiled(statements.PREPARE_HNSW)
        found: list[list[Any]] = []
        taken: list[float] = []
        for literal in self._literals:
            given = {**self._sql.parameters([], DEPTH), "limit": DEPTH}
            with self._sql.connection.transaction():
                if breadth is not None:
                    self._sql.connection.execute(setting, {"breadth": str(breadth)})
                begun = self._clock()
                rows = self._sql.connection.execute(
                    told, {**given, "model": MODEL, "vector": literal}
                ).fetchall()
                taken.append((self._clock() - begun) * 1000)
            found.append([row[1] for row in rows])
        return found, taken


def compare(exact: list[list[Any]], found: list[list[Any]], depth: int) -> dict[str, float]:
    shares = [
        len(set(one[:depth]) & set(other[:depth])) / depth
        for one, other in zip(exact, found, strict=True)
    ]
    return {"mean": round(float(np.mean(shares)), 3), "worst": round(min(shares), 2)}


def measure(urls: DatabaseUrls, options: argparse.Namespace) -> dict[str, Any]:
    space = new_id()
    documents = corpus(space, options.items, options.data, options.seed)
    model = MiniLm()
    real = embedded(model, [text_of(one) for one in documents[: options.embedded]])
    more = spread(real, options.items - len(real), options.seed)
    asked = embedded(model, questions(documents[len(real) :], options.queries, options.seed))
    report: dict[str, Any] = {"embedded": len(real)}
    report |= asyncio.run(fill(urls, documents, np.concatenate([real, more])))
    report["megabytes"] = vacuum(urls)
    asker = Asker(Sql(urls, space), asked)
    asker.ask(None)
    exact, taken = asker.ask(None)
    report["exact_ms"] = summary(taken)
    report["hnsw"] = []
    for factor in FACTORS:
        breadth = min(MOST_BREADTH, factor * DEPTH)
        asker.ask(breadth)
        found, taken = asker.ask(breadth)
        report["hnsw"].append(
            {
                "ef_search": breadth,
                "is_the_products": factor == BREADTH,
                "recall_at_10": compare(exact, found, NEAR),
                "recall_at_100": compare(exact, found, DEPTH),
                "ms": summary(taken),
            }
        )
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--embedded", type=int, default=5_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path, default=os.environ.get("ARMARIUM_TEST_DATA"))
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of reference data (--data or ARMARIUM_TEST_DATA)")
    begun = machine()
    with ExitStack() as stack:
        url = external_admin_url()
        server = Server(url) if url else stack.enter_context(embedded_server())
        report = measure(stack.enter_context(server.database()), options)
    head = {"benchmark": "search_meaning", "command": command(sys.argv), "machine": begun}
    json.dump({**head, "items": options.items, **report}, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
