"""Search at 5,000 and 100,000 items in a space: BM25, hybrid, the HTTP door, writing.

    python bench/search.py [--sizes 5000 100000] [--queries 30] [--no-vectors]

Documents are real catalogues where ARMARIUM_TEST_DATA names them, else words drawn by Zipf's law.
Times are milliseconds as the caller of the statement sees them, as the role arm_app, under forced
row-level security, 20 results, each query once on a warm connection. The baseline in the same run
is PostgreSQL's ts_rank_cd over tsvector with GIN, under the same policy (where `@@` is not
leakproof and loses the index) and, for a kinder comparison, without any policy. Rankings are
compared with BM25 in plain Python (tests/support/bm25.py): the same order, scores within 1e-6.
"""

# ruff: noqa: D102, E402, S608  # a program: run by hand, from its folder, over its own tables

import argparse
import asyncio
import json
import math
import os
import platform
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx2
import numpy as np
import psycopg
import uvicorn
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql import psycopg as dialect

from armarium.entry.api import create_app
from armarium.entry.settings import LimitSettings, Settings
from armarium.entry.wiring import build
from armarium.features.search import (
    SearchDocument,
    SearchIndex,
    SearchService,
    statements,
)
from armarium.features.search.service.indexing import index_row
from armarium.features.search.service.searching import FUSED
from armarium.features.search.store import BREADTH, HYBRID_BREADTH, MOST_BREADTH
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.observability import configure_logging
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.bm25 import Reference
from tests.support.corpora import documents as corpus
from tests.support.postgres import Server, embedded_server, external_admin_url

DATA = Path(os.environ.get("ARMARIUM_TEST_DATA", "/nowhere"))
CLASSES = {"rare": (0.0, 0.001), "middle": (0.001, 0.02), "common": (0.05, 1.01)}
TERMS = (1, 2, 3)
DIMENSIONS = 384
MODEL = "bench"
RESULTS = 20

Query = list[str]


Clock = Callable[[], float]


def times(
    run: Callable[[Query], object], queries: Sequence[Query], clock: Clock = time.perf_counter
) -> dict[str, float]:
    """Milliseconds of each query, once."""
    taken: list[float] = []
    for query in queries:
        begun = clock()
        run(query)
        taken.append((clock() - begun) * 1000)
    return summary(taken)


def processor_clock(pid: int) -> Clock | None:
    """Seconds that a process of this machine spent on a core: what a busy machine cannot blur."""
    spent = Path(f"/proc/{pid}/schedstat")
    if not spent.exists():
        return None
    return lambda: int(spent.read_text().split()[0]) / 1e9


def summary(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    at_95 = ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 2),
        "p95": round(at_95, 2),
        "max": round(ordered[-1], 2),
    }


def draw(known: Reference, per_cell: int, seed: int) -> dict[str, list[Query]]:
    """Queries by class of frequency and number of terms, and mixed ones."""
    chance = random.Random(seed)
    count = len(known.documents)
    pools = {
        name: [t for t, df in known.frequency.items() if low * count <= df < high * count]
        for name, (low, high) in CLASSES.items()
    }
    cells = {
        f"{name}-{number}": [chance.sample(pool, number) for _ in range(per_cell)]
        for name, pool in pools.items()
        for number in TERMS
        if len(pool) >= number
    }
    names = [name for name in CLASSES if pools[name]]
    cells["mixed-3"] = [
        list(dict.fromkeys(chance.choice(pools[chance.choice(names)]) for _ in range(3)))
        for _ in range(per_cell)
    ]
    return cells


def compiled(statement: TextClause) -> str:
    """A statement as psycopg takes it."""
    return str(statement.compile(dialect=dialect.dialect()))


class Sql:
    """The room's statements on a connection of the app role."""

    def __init__(self, urls: DatabaseUrls, space: UUID) -> None:
        self.space = space
        self.connection = psycopg.connect(libpq(urls.app), autocommit=True)
        self.connection.execute(
            "select set_config('arm.spaces', s, false), set_config('arm.derived', s, false)"
            " from (select %s) t(s)",
            [str(space)],
            prepare=False,
        )
        self.bm25_text = compiled(statements.BM25)
        self.frequencies_text = compiled(statements.FREQUENCIES)

    def parameters(self, query: Query, depth: int = RESULTS) -> dict[str, Any]:
        empty: list[str] = []
        return {
            "spaces": [self.space],
            "kinds": None,
            "statuses": None,
            "limit": RESULTS,
            "offset": 0,
            "depth": depth,
            "terms": query,
            "parts": list(range(len(query))),
            "boosts": [1.0] * len(query),
            "required": empty,
            "excluded": empty,
            "phrases": empty,
            "barred": empty,
        }

    def bm25(self, query: Query) -> list[tuple[UUID, float]]:
        rows = self.connection.execute(self.bm25_text, self.parameters(query)).fetchall()
        return [(row[1], row[12]) for row in rows]

    def frequencies(self, query: Query) -> None:
        self.connection.execute(
            self.frequencies_text, {"spaces": [self.space], "terms": query}
        ).fetchall()

    def near(self, vectors: "Meanings", *, hybrid: bool, indexed: bool) -> Callable[[Query], Any]:
        make = statements.hybrid_search if hybrid else statements.vector_search
        sql = compiled(make(DIMENSIONS, indexed=indexed, filtered=False))
        setting = compiled(statements.PREPARE_HNSW)
        breadth = min(MOST_BREADTH, FUSED * (HYBRID_BREADTH if hybrid else BREADTH))

        def run(query: Query) -> Any:
            given = {
                **self.parameters(query, FUSED),
                "model": MODEL,
                "vector": vectors.literal(query),
                "floor": 0.25,
            }
            with self.connection.transaction():
                if indexed:
                    self.connection.execute(setting, {"breadth": str(breadth)})
                return self.connection.execute(sql, given).fetchall()

        return run


class Meanings:
    """Vectors with the shape of meaning: a document's is the sum of its terms' random ones."""

    def __init__(self, known: Reference) -> None:
        self.known = known
        self.of_term: dict[str, np.ndarray] = {}

    def term(self, term: str) -> np.ndarray:
        if term not in self.of_term:
            seed = int.from_bytes(term.encode()[:8].ljust(8, b"\0"), "big")
            self.of_term[term] = np.random.default_rng(seed).standard_normal(DIMENSIONS)
        return self.of_term[term]

    def vector(self, terms: Mapping[str, int]) -> list[float]:
        total = sum(
            (
                self.known.idf(term) * math.sqrt(weight) * self.term(term)
                for term, weight in terms.items()
            ),
            np.full(DIMENSIONS, 1e-6),
        )
        return (total / np.linalg.norm(total)).tolist()

    def literal(self, query: Query) -> str:
        return "[" + ",".join(f"{x:.5g}" for x in self.vector(dict.fromkeys(query, 1))) + "]"

    model = MODEL
    dimensions = DIMENSIONS

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [self.vector(dict.fromkeys(text.split(), 1)) for text in texts]


async def write(database: Database, documents: Sequence[SearchDocument]) -> dict[str, float]:
    """Put everything, 1,000 a call and transaction; milliseconds a call."""
    index, taken = SearchIndex(), []
    for start in range(0, len(documents), 1_000):
        part = documents[start : start + 1_000]
        begun = time.perf_counter()
        async with database.transaction(Scope.of_space(part[0].space_id)) as session:
            await index.put(session, part)
        taken.append((time.perf_counter() - begun) * 1000)
    return summary(taken)


async def edit(database: Database, documents: Sequence[SearchDocument]) -> dict[str, float]:
    """Replace single documents by themselves with one more word; milliseconds each."""
    index, taken = SearchIndex(), []
    for at, one in enumerate(documents[:50]):
        changed = SearchDocument(
            space_id=one.space_id, id=one.id, kind=one.kind, status=one.status,
            title=f"{one.title} changed{at}", identifiers=one.identifiers, creators=one.creators,
            series=one.series, body=one.body, notes=one.notes,
        )  # fmt: skip
        begun = time.perf_counter()
        async with database.transaction(Scope.of_space(one.space_id)) as session:
            await index.put(session, [changed])
        taken.append((time.perf_counter() - begun) * 1000)
        async with database.transaction(Scope.of_space(one.space_id)) as session:
            await index.put(session, [one])
    return summary(taken)


async def write_vectors(
    urls: DatabaseUrls, database: Database, space: UUID, meanings: Meanings, known: Reference
) -> float:
    """All vectors, then the graph in one go; seconds that the graph took."""
    with psycopg.connect(libpq(urls.admin), autocommit=True) as owner:
        definition = owner.execute(
            "select indexdef from pg_indexes where indexname = 'ix_search_vector_hnsw_384'"
        ).fetchone()
        assert definition is not None
        owner.execute("drop index ix_search_vector_hnsw_384")
        index, keys = SearchIndex(), list(known.documents)
        for start in range(0, len(keys), 1_000):
            part = {k: meanings.vector(known.documents[k]) for k in keys[start : start + 1_000]}
            async with database.transaction(Scope.of_space(space)) as session:
                await index.set_vectors(session, space, MODEL, part)  # type: ignore[arg-type]
        owner.execute("set maintenance_work_mem = '1GB'")
        begun = time.perf_counter()
        owner.execute(definition[0])
        return time.perf_counter() - begun


def baseline(urls: DatabaseUrls, space: UUID, documents: Sequence[SearchDocument]) -> None:
    """The same texts as tsvector with GIN, with and without a policy."""
    with psycopg.connect(libpq(urls.admin), autocommit=True) as owner:
        for table in ("bench_fts", "bench_fts_open"):
            owner.execute(f"drop table if exists {table}")
            owner.execute(f"create table {table} (space_id uuid, id uuid, tsv tsvector)")
        with owner.cursor().copy("copy bench_fts (space_id, id, tsv) from stdin") as rows:
            for one in documents:
                terms = index_row(one).terms
                words = " ".join("'" + t.replace("'", "''") + "':1" for t in terms)
                rows.write_row((str(space), str(one.id), words))
        owner.execute("insert into bench_fts_open select * from bench_fts")
        for table in ("bench_fts", "bench_fts_open"):
            owner.execute(f"create index on {table} using gin (tsv)")
            owner.execute(f"create index on {table} (space_id)")
            owner.execute(f"grant select on {table} to arm_app")
            owner.execute(f"vacuum analyze {table}")
        owner.execute("alter table bench_fts enable row level security")
        owner.execute(
            "create policy p on bench_fts using (space_id = any ((select arm_spaces())::uuid[]))"
        )


def fts(sql: Sql, table: str) -> Callable[[Query], Any]:
    statement = f"""
      select id, ts_rank_cd(tsv, q.q) as score from {table}, cast(%s as tsquery) q(q)
      where space_id = %s and tsv @@ q.q order by score desc limit 20"""

    def run(query: Query) -> Any:
        wanted = " | ".join("'" + term.replace("'", "''") + "'" for term in query)
        return sql.connection.execute(statement, [wanted, sql.space]).fetchall()

    return run


def equality(sql: Sql, known: Reference, queries: Sequence[Query]) -> dict[str, Any]:
    """Order and scores against BM25 in plain Python."""
    worst, different = 0.0, 0
    for query in queries:
        found, expected = sql.bm25(query), known.rank(query, RESULTS)
        different += [key for key, _ in found] != [key for key, _ in expected]
        gaps = [abs(a - b) for (_, a), (_, b) in zip(found, expected, strict=False)]
        worst = max([worst, *gaps])
    return {"queries": len(queries), "different_order": different, "largest_gap": worst}


@contextmanager
def http_door(urls: DatabaseUrls, meanings: Meanings | None) -> Iterator[tuple[str, str, UUID]]:
    """A real server on loopback with one registered person: address, token, space."""
    with TemporaryDirectory() as folder:
        unlimited = LimitSettings(enabled=False)
        house = build(Settings(data=Path(folder), log_level="error", limits=unlimited), urls)
        house.add(SearchService(database=house.database, embedder=meanings))
        server = uvicorn.Server(
            uvicorn.Config(create_app(house), port=0, log_level="error", access_log=False)
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        address = f"http://127.0.0.1:{port}/api/v1"
        body = {"email": f"{new_id()}@example.org", "password": "Armarium-1867"}
        made = httpx2.post(f"{address}/auth/register", json=body, timeout=120)
        tokens = made.raise_for_status().json()
        bearer = f"Bearer {tokens['access_token']}"
        me = httpx2.get(f"{address}/me", headers={"Authorization": bearer}, timeout=60).json()
        try:
            yield address, bearer, UUID(me["space_id"])
        finally:
            server.should_exit = True
            thread.join()


def vacuum(urls: DatabaseUrls) -> dict[str, int]:
    """What autovacuum does in time; then the sizes in megabytes."""
    sizes: dict[str, int] = {}
    with psycopg.connect(libpq(urls.admin), autocommit=True) as owner:
        for table in ("document", "posting", "term", "trigram", "statistic", "vector"):
            owner.execute(f"vacuum analyze search_{table}")
            size = owner.execute(f"select pg_total_relation_size('search_{table}')").fetchone()
            sizes[table] = round((size or [0])[0] / 1e6)
    return sizes


def recall(sql: Sql, meanings: Meanings, queries: Sequence[Query]) -> float:
    """Share of the ten nearest that the graph finds too."""
    exact = sql.near(meanings, hybrid=False, indexed=False)
    graph = sql.near(meanings, hybrid=False, indexed=True)
    shares = [
        len({row[1] for row in exact(query)[:10]} & {row[1] for row in graph(query)[:10]}) / 10
        for query in queries
    ]
    return round(statistics.mean(shares), 3)


def by_cell(
    run: Callable[[Query], Any],
    cells: Mapping[str, Sequence[Query]],
    clock: Clock = time.perf_counter,
) -> dict[str, Any]:
    return {name: times(run, queries, clock) for name, queries in cells.items()}


def measure(server: Server, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Everything at one size, in a database of its own."""
    report: dict[str, Any] = {"items": size}
    with ExitStack() as stack:
        urls = stack.enter_context(server.database())
        meanings = Meanings(Reference({}))
        address, bearer, space = stack.enter_context(http_door(urls, meanings))
        documents = corpus(space, size, DATA if DATA.is_dir() else None, options.seed)
        known = Reference({one.id: index_row(one).terms for one in documents})
        meanings.known = known
        database = Database(urls.app)
        with asyncio.Runner() as runner:
            report["write_1000_ms"] = runner.run(write(database, documents))
            report["edit_one_ms"] = runner.run(edit(database, documents))
            if options.vectors:
                seconds = runner.run(write_vectors(urls, database, space, meanings, known))
                report["hnsw_build_s"] = round(seconds, 1)
            runner.run(database.close())
        report["megabytes"] = vacuum(urls)
        cells = draw(known, options.queries, options.seed)
        everything = [query for queries in cells.values() for query in queries]
        sql = Sql(urls, space)
        report["equality"] = equality(sql, known, everything)  # warms caches and plans as well
        report["sql_bm25_ms"] = by_cell(sql.bm25, cells)
        processor = processor_clock(sql.connection.info.backend_pid)
        if processor is not None:
            report["sql_bm25_processor_ms"] = by_cell(sql.bm25, cells, processor)
        report["sql_frequencies_ms"] = times(sql.frequencies, everything)
        if options.vectors:
            indexed = size > SearchService.__init__.__kwdefaults__["exact_up_to"]
            few = {name: queries[:50] for name, queries in cells.items()}
            hybrid = sql.near(meanings, hybrid=True, indexed=indexed)
            for query in everything[:20]:
                hybrid(query)
            report["vectors_by"] = "hnsw" if indexed else "exact scan"
            report["sql_hybrid_ms"] = by_cell(hybrid, few)
            if processor is not None:
                report["sql_hybrid_processor_ms"] = by_cell(hybrid, few, processor)
            vector = sql.near(meanings, hybrid=False, indexed=indexed)
            report["sql_vector_ms"] = times(vector, everything[:60])
            if indexed:
                report["hnsw_recall_at_10"] = recall(sql, meanings, everything[::9])
        with knocking(address, bearer) as door:
            for mode in ("bm25", *(["hybrid"] if options.vectors else [])):
                report[f"http_{mode}_ms"] = by_cell(door(mode), cells)
            # Server and client of the door live in this process: an upper bound of what it adds.
            report["http_processor_ms"] = by_cell(door("bm25"), cells, time.process_time)
        report["http_adds_ms"] = {
            name: round(report["http_bm25_ms"][name]["p50"] - cell["p50"], 2)
            for name, cell in report["sql_bm25_ms"].items()
        }
        baseline(urls, space, documents)
        least = {name: queries[:8] for name, queries in cells.items()}
        report["ts_rank_cd_under_policy_ms"] = by_cell(fts(sql, "bench_fts"), least)
        report["ts_rank_cd_without_policy_ms"] = by_cell(fts(sql, "bench_fts_open"), least)
        sql.connection.close()
    return report


@contextmanager
def knocking(address: str, bearer: str) -> Iterator[Callable[[str], Callable[[Query], Any]]]:
    """Searches over one connection that stays open, by the standard library's client.

    A friendlier client takes a millisecond itself, which is not the door's.
    """
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=60)

    def door(mode: str) -> Callable[[Query], Any]:
        def run(query: Query) -> Any:
            given = {"q": " ".join(query) + " ", "mode": mode, "limit": RESULTS, "widen": "false"}
            path = f"{parts.path}/search?{urlencode(given)}"
            connection.request("GET", path, headers={"Authorization": bearer})
            answer = connection.getresponse()
            body = answer.read()
            assert answer.status == 200, body
            assert json.loads(answer.headers["Search-Notes"])["mode"] == mode
            return json.loads(body)

        for _ in range(10):
            run(["warm"])
        return run

    try:
        yield door
    finally:
        connection.close()


def machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "load_at_start": [round(load, 1) for load in os.getloadavg()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 100_000])
    parser.add_argument("--queries", type=int, default=100, help="queries a cell")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--no-vectors", dest="vectors", action="store_false")
    options = parser.parse_args()
    configure_logging(level="error")
    report: dict[str, Any] = {"benchmark": "search", "machine": machine()}
    report["corpus"] = "catalogues" if DATA.is_dir() else "zipf"
    report["classes"] = {name: f"df {a:.1%} to {b:.1%}" for name, (a, b) in CLASSES.items()}
    with ExitStack() as stack:
        url = external_admin_url()
        server = Server(url) if url else stack.enter_context(embedded_server())
        report["sizes"] = [measure(server, size, options) for size in options.sizes]
    report["machine"]["load_at_end"] = [round(load, 1) for load in os.getloadavg()]
    json.dump(report, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
