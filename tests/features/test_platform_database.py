"""The pool of connections, by the door of `Database`."""

import psycopg
from sqlalchemy import text

from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls, libpq

WHO = text("select pg_backend_pid()")
END = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid = any(%s)"


async def test_connections_that_the_server_ended_are_replaced_unseen(
    database: Database, database_urls: DatabaseUrls
) -> None:
    async with (
        database.transaction(Scope()) as session,
        database.transaction(Scope()) as other,
    ):
        first = [await session.scalar(WHO), await other.scalar(WHO)]
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        admin.execute(END, (first,))
    for _ in range(2):
        async with database.transaction(Scope()) as session:
            assert await session.scalar(WHO) not in first


async def test_a_connection_is_kept_for_the_next_transaction(database: Database) -> None:
    async with database.transaction(Scope()) as session:
        first = await session.scalar(WHO)
    async with database.transaction(Scope()) as session:
        assert await session.scalar(WHO) == first
