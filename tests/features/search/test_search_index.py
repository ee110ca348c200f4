"""The index itself: ranking equal to plain BM25, exact statistics, row-level security, audit."""

# ruff: noqa: S311, S608  # seeded chance, not secrets; table names are our own
import asyncio
import math
import random
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import text

from armarium.features.search import SearchAudit, SearchDocument, SearchIndex
from armarium.features.search.errors import BadVector
from armarium.features.search.models import QueryTerms
from armarium.features.search.service.indexing import index_row
from armarium.features.search.store import Look, SearchStore
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope, Session
from armarium.platform.database.sessions import OutOfScope
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.bm25 import Reference
from tests.support.corpora import documents as corpus

STORE = SearchStore()
INDEX = SearchIndex()
AUDIT = SearchAudit(index=INDEX)


def asked(*terms: str, **more: list[str]) -> QueryTerms:
    return QueryTerms(
        terms=list(terms), parts=list(range(len(terms))), boosts=[1.0] * len(terms), **more
    )


async def ranked(
    session: Session, space: UUID, terms: Sequence[str], limit: int = 20, **filters: tuple[str, ...]
) -> list[tuple[UUID, float]]:
    look = Look([space], filters.get("kinds", ()), filters.get("statuses", ()), limit, 0)
    rows = await STORE.bm25(session, look, asked(*terms))
    return [(row["id"], row["score"]) for row in rows]


def reference(documents: Sequence[SearchDocument]) -> Reference:
    return Reference({one.id: index_row(one).terms for one in documents})


def same(found: list[tuple[UUID, float]], expected: list[tuple[object, float]]) -> None:
    assert [key for key, _ in found] == [key for key, _ in expected]
    assert all(
        math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
        for (_, a), (_, b) in zip(found, expected, strict=True)
    )


WORDS = ("sea", "ship", "storm", "gold", "red", "vase", "oak", "ink", "map", "owl")
bags = strategies.lists(strategies.sampled_from(WORDS), min_size=1, max_size=12)
acts = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(["put", "put", "put", "remove"]),
        strategies.integers(0, 11),
        bags,
        bags,
    ),
    min_size=1,
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=acts, query=strategies.lists(strategies.sampled_from(WORDS), min_size=1, max_size=4))
async def test_ranking_equals_plain_bm25_whatever_was_put_changed_and_removed(
    database: Database, acts: list[tuple[str, int, list[str], list[str]]], query: list[str]
) -> None:
    space = new_id()
    ids = [new_id() for _ in range(12)]
    held: dict[UUID, SearchDocument] = {}
    async with database.transaction(Scope.of_space(space)) as session:
        for act, at, title, body in acts:
            if act == "remove":
                await INDEX.remove(session, space, [ids[at]])
                held.pop(ids[at], None)
                continue
            document = SearchDocument(
                space_id=space,
                id=ids[at],
                kind="generic",
                status="on_hand",
                title=" ".join(title),
                body=" ".join(body),
            )
            await INDEX.put(session, [document])
            held[ids[at]] = document  # a replaced document keeps its place
        terms = list(dict.fromkeys(query))
        same(await ranked(session, space, terms), reference(list(held.values())).rank(terms, 20))
        assert (await AUDIT.audit(session, space)).is_sound


async def fill(database: Database, space: UUID, count: int) -> list[SearchDocument]:
    made = corpus(space, count, None)
    async with database.transaction(Scope.of_space(space)) as session:
        for start in range(0, count, 1_000):
            await INDEX.put(session, made[start : start + 1_000])
    # Within one batch the order of arrival is the order of ids, which are made in order.
    return made


def queries(known: Reference, seed: int) -> list[list[str]]:
    """Of every class of frequency and number of terms, and mixed."""
    chance = random.Random(seed)
    count = len(known.documents)
    classes = [
        [term for term, df in known.frequency.items() if low * count <= df < high * count]
        for low, high in ((0, 0.001), (0.001, 0.02), (0.05, 1.01))
    ]
    drawn = [
        chance.sample(one, min(len(one), number))
        for one in classes
        for number in (1, 2, 3, 4, 5)
        for _ in range(2)
        if one
    ]
    mixed = [[chance.choice(chance.choice(classes)) for _ in range(n)] for n in (2, 3, 4, 6) * 3]
    return [list(dict.fromkeys(query)) for query in drawn + mixed]


async def test_every_path_of_the_ranking_equals_plain_bm25(database: Database) -> None:
    space = new_id()
    made = await fill(database, space, 5_000)
    known = reference(made)
    wanted = {one.id for one in made if one.status == "wanted"}
    few = {one.id for one in made if (one.kind, one.status) == ("card", "sold")}
    async with database.transaction(Scope.of_space(space)) as session:
        for query in queries(known, 5):
            best = known.rank(query, 150)
            for limit in (1, 20, 150):
                same(await ranked(session, space, query, limit), best[:limit])
        for query in queries(known, 6)[::3]:
            for allowed, filters in (
                (wanted, {"statuses": ("wanted",)}),
                (few, {"statuses": ("sold",), "kinds": ("card",)}),
            ):
                same(
                    await ranked(session, space, query, **filters),
                    known.rank(query, 20, allowed=allowed),
                )


async def test_words_that_stand_nearly_everywhere_equal_plain_bm25(database: Database) -> None:
    space = new_id()
    made = await fill(database, space, 3_500)
    known = reference(made)
    common = [term for term, _ in known.frequency.most_common(7)]
    bags = {one.id: index_row(one).terms for one in made}
    wanted = {one.id for one in made if one.status == "wanted"}
    async with database.transaction(Scope.of_space(space)) as session:
        for terms in (common[:3], common[2:6], common[3:5]):
            same(await ranked(session, space, terms), known.rank(terms, 20))
            same(
                await ranked(session, space, terms, statuses=("wanted",)),
                known.rank(terms, 20, allowed=wanted),
            )
            without = asked(*terms, excluded=[common[6]])
            rows = await STORE.bm25(session, Look([space], (), (), 20, 0), without)
            allowed = {key for key, bag in bags.items() if common[6] not in bag}
            same(
                [(row["id"], row["score"]) for row in rows],
                known.rank(terms, 20, allowed=allowed),
            )


async def test_required_excluded_and_phrases_filter_the_same_ranking(database: Database) -> None:
    space = new_id()
    made = await fill(database, space, 3_000)
    known = reference(made)
    common = [term for term, _ in known.frequency.most_common(40) if term.isalpha()]
    bags = {one.id: index_row(one) for one in made}
    async with database.transaction(Scope.of_space(space)) as session:
        look = Look([space], (), (), 20, 0)
        for first, second, third in list(zip(common, common[5:], common[11:], strict=False))[::6]:
            query = asked(first, second, third, required=[first, second], excluded=[common[2]])
            rows = await STORE.bm25(session, look, query)
            allowed: set[object] = {
                key
                for key, row in bags.items()
                if first in row.terms and second in row.terms and common[2] not in row.terms
            }
            same(
                [(row["id"], row["score"]) for row in rows],
                known.rank((first, second, third), 20, allowed=allowed),
            )
            facets = await STORE.facets(session, look, query)
            assert sum(one.documents for one in facets) == len(allowed)
            phrase = f" {first} {second} "
            rows = await STORE.bm25(
                session, look, asked(first, second, required=[first, second], phrases=[phrase])
            )
            standing: set[object] = {k for k, r in bags.items() if phrase in r.texts["tokens"]}
            same(
                [(row["id"], row["score"]) for row in rows],
                known.rank((first, second), 20, allowed=standing),
            )
            rows = await STORE.bm25(session, look, asked(first, barred=[phrase]))
            same(
                [(row["id"], row["score"]) for row in rows],
                known.rank((first,), 20, allowed=set(bags) - standing),
            )
        all_of = await STORE.facets(session, look, asked(*common[:6]))
        assert sum(one.documents for one in all_of) == len(known.rank(common[:6], 10**9))


def letter(space: UUID, at: int, words: str) -> SearchDocument:
    return SearchDocument(
        space_id=space,
        id=new_id(),
        kind="generic",
        status="on_hand",
        title=f"note {at}",
        body=words,
    )


async def test_two_writers_never_wait_and_statistics_stay_exact(database: Database) -> None:
    space = new_id()
    shared = [letter(space, at, "sea storm") for at in range(6)]
    async with database.transaction(Scope.of_space(space)) as session:
        await INDEX.put(session, shared)

    async def write(seed: int) -> None:
        chance = random.Random(seed)
        for at in range(25):
            async with database.transaction(Scope.of_space(space)) as session:
                await INDEX.put(session, [letter(space, at, f"sea ship w{seed} {at}")])
                same_one = chance.choice(shared)
                if chance.random() < 0.2:
                    await INDEX.remove(session, space, [same_one.id])
                else:
                    changed = letter(space, at, " ".join(chance.choices(WORDS, k=5)))
                    await INDEX.put(
                        session,
                        [
                            SearchDocument(
                                space_id=space,
                                id=same_one.id,
                                kind="generic",
                                status="on_hand",
                                title="shared",
                                body=changed.body,
                            )
                        ],
                    )

    await asyncio.gather(*(write(seed) for seed in range(4)))
    async with database.transaction(Scope.of_space(space)) as session:
        report = await AUDIT.audit(session, space)
        assert report.is_sound
        assert report.documents >= 100
        assert (await STORE.frequencies(session, [space], ["ship"]))["ship"] >= 100

    # While one writer's transaction is open, another with the same words commits.
    async with database.transaction(Scope.of_space(space)) as open_one:
        await INDEX.put(open_one, [letter(space, 1, "sea storm")])
        async with asyncio.timeout(5), database.transaction(Scope.of_space(space)) as second:
            await INDEX.put(second, [letter(space, 2, "sea storm")])
    async with database.transaction(Scope.of_space(space)) as session:
        assert (await AUDIT.audit(session, space)).is_sound


async def test_a_rolled_back_write_leaves_nothing(database: Database) -> None:
    space = new_id()

    async def write_and_fail() -> None:
        async with database.transaction(Scope.of_space(space)) as session:
            await INDEX.put(session, [letter(space, 1, "sea")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write_and_fail()
    async with database.transaction(Scope.of_space(space)) as session:
        assert await ranked(session, space, ["sea"]) == []
        assert (await AUDIT.audit(session, space)).is_sound


async def test_rows_of_another_space_are_out_of_reach(database: Database) -> None:
    mine, theirs = new_id(), new_id()
    secret = letter(theirs, 1, "sea")
    async with database.transaction(Scope.of_space(theirs)) as session:
        await INDEX.put(session, [secret])
        await INDEX.set_vectors(session, theirs, "m", {secret.id: [1.0, 2.0]})
    async with database.transaction(Scope.of_space(mine)) as session:
        assert await ranked(session, theirs, ["sea"]) == []
        assert await STORE.frequencies(session, [theirs], ["sea"]) == {"sea": 0}
        assert await STORE.completions(session, [theirs], "se", 5) == {}
        assert await STORE.neighbours(session, [theirs], "note") == {}
        assert await INDEX.remove(session, theirs, [secret.id]) == 0
        assert await INDEX.set_vectors(session, theirs, "m", {secret.id: [1.0, 0.0]}) == 0
        for table in ("document", "posting", "term", "trigram", "statistic", "vector"):
            assert await session.scalar(text(f"select count(*) from search_{table}")) == 0
    with pytest.raises(OutOfScope):
        async with database.transaction(Scope.of_space(mine)) as session:
            await INDEX.put(session, [letter(theirs, 2, "sea")])


async def given_documents(documents: Sequence[SearchDocument]) -> AsyncIterator[SearchDocument]:
    for document in documents:
        yield document


async def test_the_audit_finds_and_repairs_damage(
    database: Database, database_urls: DatabaseUrls
) -> None:
    space = new_id()
    documents = [letter(space, at, "sea ship storm") for at in range(8)]
    scope = Scope.of_space(space)
    async with database.transaction(scope) as session:
        await INDEX.put(session, documents)
        await session.execute(text("delete from search_posting where term = 'storm'"))
        await session.execute(
            text("insert into search_posting values (:space, 'ghost', 1, 9, 1)"), {"space": space}
        )
        await session.execute(
            text("update search_term set documents = documents + 1 where term = 'sea'")
        )
        await session.execute(text("update search_statistic set length = length + 5"))
        await INDEX.remove(session, space, [documents[0].id])
        changed = letter(space, 99, "owl")
        await INDEX.put(session, [letter(space, 50, "orphan")])
    expected = [*documents[:7], changed]
    for repair in (False, True):
        async with database.transaction(scope) as session:
            report = await AUDIT.audit(
                session, space, expected=given_documents(expected), model="m", repair=repair
            )
            assert not report.is_sound
            assert report.postings_missing == 7
            assert report.postings_extra == 1
            assert report.frequencies_wrong >= 2
            assert report.totals_wrong
            assert set(report.documents_missing) == {documents[0].id, changed.id}
            assert len(report.documents_orphaned) == 2
            assert report.vectors_pending == 8
    async with database.transaction(scope) as session:
        report = await AUDIT.audit(session, space, expected=given_documents(expected))
        assert report.is_sound
        assert report.documents == 8
        same(await ranked(session, space, ["storm", "owl"]), await _as_reference(session, expected))
        assert await STORE.neighbours(session, [space], "stomr")


async def _as_reference(
    session: Session, documents: Sequence[SearchDocument]
) -> list[tuple[object, float]]:
    order = (await session.scalars(text("select id from search_document order by doc_no"))).all()
    by_id = {one.id: one for one in documents}
    return reference([by_id[key] for key in order]).rank(["storm", "owl"], 20)


async def test_bad_vectors_are_refused_and_texts_that_changed_are_pending(
    database: Database,
) -> None:
    space = new_id()
    one, two = letter(space, 1, "sea"), letter(space, 2, "ship")
    async with database.transaction(Scope.of_space(space)) as session:
        await INDEX.put(session, [one, two])
        for bad in ([0.0, 0.0], [math.nan, 1.0], [math.inf, 1.0]):
            with pytest.raises(BadVector):
                await INDEX.set_vectors(session, space, "m", {one.id: bad})
        with pytest.raises(BadVector):
            await INDEX.set_vectors(session, space, "m", {one.id: [1.0], two.id: [1.0, 2.0]})
        assert await INDEX.set_vectors(session, space, "m", {}) == 0
        assert await INDEX.set_vectors(session, space, "m", {one.id: [1.0], new_id(): [1.0]}) == 1
        assert await STORE.count_pending(session, space, "m") == 1
        assert await STORE.count_pending(session, space, "other") == 2
        await INDEX.put(session, [letter(space, 3, "x"), one])
        assert await STORE.count_pending(session, space, "m") == 2
