"""The cache keeps only while it hears what changes."""

import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.waiting import until


class Source:
    """Something slow that changes."""

    def __init__(self) -> None:
        self.value = 0
        self.reads = 0

    async def load(self) -> int:
        self.reads += 1
        return self.value


@pytest.fixture
async def cache(database_urls: DatabaseUrls) -> AsyncIterator[Cache]:
    made = await _hearing(database_urls)
    yield made
    await made.stop()


async def _hearing(urls: DatabaseUrls, **options: float) -> Cache:
    cache = Cache(libpq(urls.app), **options)
    await cache.start()
    await until(lambda: cache._hearing)
    return cache


async def test_an_answer_is_kept_until_it_changes(
    cache: Cache, database: Database, database_urls: DatabaseUrls
) -> None:
    source, elsewhere = Source(), await _hearing(database_urls)
    assert [await cache.get("a", source.load) for _ in range(3)] == [0, 0, 0]
    assert await elsewhere.get("a", source.load) == 0
    assert source.reads == 2
    async with database.transaction(Scope()) as session:
        source.value = 1
        await cache.forget(session, "a")
    assert await cache.get("a", source.load) == 1
    await until(lambda: "a" not in elsewhere._kept)
    assert await elsewhere.get("a", source.load) == 1
    await elsewhere.stop()


async def test_a_change_that_is_rolled_back_is_no_change(cache: Cache, database: Database) -> None:
    source = Source()
    await cache.get("a", source.load)
    with contextlib.suppress(RuntimeError):
        async with database.transaction(Scope()) as session:
            await cache.forget(session, "a")
            raise RuntimeError
    await cache.get("a", source.load)
    assert source.reads == 1


async def test_what_was_loaded_before_the_change_is_not_kept(cache: Cache) -> None:
    source = Source()

    async def slow() -> int:
        value = await source.load()
        cache.drop("a")
        return value

    await cache.get("a", slow)
    await cache.get("a", source.load)
    assert source.reads == 2


async def test_a_deaf_process_keeps_nothing(cache: Cache, database_urls: DatabaseUrls) -> None:
    source = Source()
    await cache.get("a", source.load)
    admin = Database(database_urls.admin)
    async with admin.engine.begin() as connection:
        await connection.execute(
            text(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where query like 'listen%' and datname = current_database()"
            )
        )
    await admin.close()
    await until(lambda: not cache._hearing)
    await cache.get("a", source.load)
    await cache.get("a", source.load)
    assert source.reads == 3
    await until(lambda: cache._hearing)


async def test_room_and_time_are_bounded(database_urls: DatabaseUrls) -> None:
    cache = await _hearing(database_urls, ttl_seconds=30, capacity=2)
    source = Source()
    for key in ("a", "b", "c", "a"):
        await cache.get(key, source.load)
    assert source.reads == 4
    await cache.stop()
    brief = await _hearing(database_urls, ttl_seconds=0)
    await brief.get("a", source.load)
    await brief.get("a", source.load)
    assert source.reads == 6
    await brief.stop()
