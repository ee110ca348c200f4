"""Hot queries read few pages, as the app role, under row-level security."""

import random
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from sqlalchemy import text

from armarium.features.search import SearchDocument, SearchIndex, statements
from armarium.features.search.models import QueryTerms
from armarium.features.search.service.indexing import index_row
from armarium.features.search.store import Look, SearchStore
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope, Session
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.bm25 import Reference
from tests.support.corpora import documents as corpus
from tests.support.plans import buffers, explain, nodes

INDEX, STORE = SearchIndex(), SearchStore()
DIMENSIONS = 384


async def fill(database: Database, space: UUID, count: int) -> list[SearchDocument]:
    made = corpus(space, count, None)
    for start in range(0, count, 2_000):
        async with database.transaction(Scope.of_space(space)) as session:
            await INDEX.put(session, made[start : start + 2_000])
    return made


async def analyze(urls: DatabaseUrls) -> None:
    """What autovacuum does in time: statistics, and the map of pages that all may see."""
    owner = Database(urls.admin, pool_size=1)
    async with owner.engine.connect() as connection:
        outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
        for table in ("document", "posting", "term", "trigram", "vector"):
            await outside.execute(text(f"vacuum analyze search_{table}"))
    await owner.close()


@pytest.fixture(scope="module")
async def house_of_6k(
    module_database_urls: DatabaseUrls,
) -> AsyncIterator[tuple[Database, UUID, Reference]]:
    database, space, other = Database(module_database_urls.app), new_id(), new_id()
    made = await fill(database, space, 6_000)
    await fill(database, other, 1_000)
    await analyze(module_database_urls)
    yield database, space, Reference({one.id: index_row(one).terms for one in made})
    await database.close()


def ranked(space: UUID, terms: Sequence[str]) -> dict[str, object]:
    return {
        **Look([space], (), (), 20, 0).parameters(),
        "depth": 20,
        "terms": list(terms),
        "parts": list(range(len(terms))),
        "boosts": [1.0] * len(terms),
        "required": [],
        "excluded": [],
        "phrases": [],
        "barred": [],
    }


async def test_a_rare_term_reads_a_handful_of_pages(
    house_of_6k: tuple[Database, UUID, Reference],
) -> None:
    database, space, known = house_of_6k
    rare = next(term for term, df in known.frequency.items() if df == 3)
    async with database.transaction(Scope.of_space(space)) as session:
        await explain(session, statements.BM25, ranked(space, [rare]))
        plan = await explain(session, statements.BM25, ranked(space, [rare]))
    assert buffers(plan) < 60
    assert not [one for one in nodes(plan) if one["Node Type"] == "Seq Scan"]


async def test_a_common_term_is_not_read_to_its_end(
    house_of_6k: tuple[Database, UUID, Reference],
) -> None:
    database, space, known = house_of_6k
    (common, df), *_ = known.frequency.most_common(1)
    assert df > 2_400
    async with database.transaction(Scope.of_space(space)) as session:
        await explain(session, statements.BM25, ranked(space, [common]))
        plan = await explain(session, statements.BM25, ranked(space, [common]))
    assert buffers(plan) < 300


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("FREQUENCIES", {"terms": ["ba", "ke"]}),
        ("COMPLETIONS", {"low": "bak", "high": "bak\U0010ffff", "limit": 16}),
        ("NEIGHBOURS", {"trigrams": ["^ba", "bak"], "least": 2, "length": 5}),
        ("SIZE_OF", {}),
    ],
)
async def test_the_vocabulary_is_read_by_index_under_row_level_security(
    house_of_6k: tuple[Database, UUID, Reference], name: str, parameters: dict[str, object]
) -> None:
    database, space, _ = house_of_6k
    async with database.transaction(Scope.of_space(space)) as session:
        # The index must be usable; on few rows a scan may be the cheaper plan.
        await session.execute(text("set local enable_seqscan = off"))
        statement = getattr(statements, name)
        plan = await explain(session, statement, {"spaces": [space], **parameters})
    scans = [one for one in nodes(plan) if "Scan" in one["Node Type"] and "Relation Name" in one]
    assert scans
    assert all("Index" in one["Node Type"] for one in scans), scans
    if name == "FREQUENCIES":
        assert all("term" in one["Index Cond"] for one in scans)


async def vectors(
    session: Session, space: UUID, documents: Sequence[UUID], seed: int
) -> dict[UUID, list[float]]:
    chance = random.Random(seed)  # noqa: S311  # seeded chance
    made = {one: [chance.gauss(0, 1) for _ in range(DIMENSIONS)] for one in documents}
    for start in range(0, len(made), 500):
        part = dict(list(made.items())[start : start + 500])
        await INDEX.set_vectors(session, space, "m", part)
    return made


async def test_vectors_are_found_by_hnsw_in_a_large_space_and_exactly_in_a_small_one(
    house_of_6k: tuple[Database, UUID, Reference],
) -> None:
    database, space, known = house_of_6k
    ids: list[UUID] = [key for key in known.documents if isinstance(key, UUID)][:1_500]
    async with database.transaction(Scope.of_space(space)) as session:
        made = await vectors(session, space, ids, 3)
        chance = random.Random(4)  # noqa: S311  # seeded chance
        look = Look([space], (), (), 10, 0)
        query = QueryTerms()
        found = []
        for target in chance.sample(ids, 5):
            wish = [number + chance.gauss(0, 0.3) for number in made[target]]
            options = {"query": query, "model": "m", "vector": wish, "floor": None, "depth": 10}
            exact = await STORE.nearest(session, look, indexed=False, **options)
            assert exact[0]["id"] == target
            near = await STORE.nearest(session, look, indexed=True, **options)
            found.append(len({one["id"] for one in exact} & {one["id"] for one in near}))
        assert sum(found) >= 40  # of 50
        parameters = {
            **ranked(space, []),
            "model": "m",
            "vector": "[" + ",".join("0.1" for _ in range(DIMENSIONS)) + "]",
            "floor": None,
        }
        for make in (statements.vector_search, statements.hybrid_search):
            for filtered in (False, True):
                for indexed in (False, True):
                    statement = make(DIMENSIONS, indexed=indexed, filtered=filtered)
                    given = (
                        {**parameters, "floor": 0.2} if "floor" in statement.text else parameters
                    )
                    plan = await explain(session, statement, given)
                    by_graph = any("hnsw" in one.get("Index Name", "") for one in nodes(plan))
                    assert by_graph == indexed, statement.text


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_at_100_000_documents_every_class_equals_bm25_and_reads_in_bounds(
    module_database_urls: DatabaseUrls,
) -> None:
    database, space = Database(module_database_urls.app), new_id()
    made = await fill(database, space, 100_000)
    await analyze(module_database_urls)
    known = Reference({one.id: index_row(one).terms for one in made})
    chance = random.Random(9)  # noqa: S311  # seeded chance
    bounds = {(0.0, 0.001): 120, (0.001, 0.01): 2_000, (0.1, 1.0): 6_000}
    async with database.transaction(Scope.of_space(space)) as session:
        look = Look([space], (), (), 20, 0)
        for (low, high), pages in bounds.items():
            drawn = [t for t, df in known.frequency.items() if low <= df / 100_000 < high]
            for number in (1, 2, 3):
                terms = chance.sample(drawn, min(number, len(drawn)))
                rows = await STORE.bm25(
                    session, look, QueryTerms(terms, list(range(number)), [1.0] * number)
                )
                expected = known.rank(terms, 20)
                assert [row["id"] for row in rows] == [key for key, _ in expected]
                plan = await explain(session, statements.BM25, ranked(space, terms))
                assert buffers(plan) < pages, terms
        await everywhere_words_equal_bm25(session, space, made, known)
    await database.close()


async def everywhere_words_equal_bm25(
    session: Session, space: UUID, made: list[SearchDocument], known: Reference
) -> None:
    """Words that stand in a third of all documents, by two and three, filtered and not."""
    common = [term for term, _ in known.frequency.most_common(7)]
    wanted: set[object] = {one.id for one in made if one.status == "wanted"}
    without: set[object] = {one.id for one in made if common[6] not in index_row(one).terms}
    for terms in (common[:2], common[2:4], common[:3], common[3:6], [common[0], "zzz", common[5]]):
        weights = (list(range(len(terms))), [1.0] * len(terms))
        for statuses, excluded, allowed in (
            ((), [], None),
            (("wanted",), [], wanted),
            ((), [common[6]], without),
        ):
            look = Look([space], (), statuses, 20, 0)
            rows = await STORE.bm25(session, look, QueryTerms(terms, *weights, excluded=excluded))
            expected = known.rank(terms, 20, allowed=allowed)
            assert [row["id"] for row in rows] == [key for key, _ in expected], terms
