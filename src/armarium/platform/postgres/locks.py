"""Advisory locks that are safe to wait for."""

import time

import psycopg

POLL_S = 0.05


def take_lock(connection: psycopg.Connection, key: int) -> None:
    """Hold the session's advisory lock `key`, asking again and again until it is free.

    Not `pg_advisory_lock`: a statement that waits keeps its snapshot open, and whoever holds the
    lock may be building an index concurrently, which waits for every open snapshot. Neither side
    would ever move, and the server could not see why.
    """
    while not _try(connection, key):
        time.sleep(POLL_S)


def give_lock(connection: psycopg.Connection, key: int) -> None:
    """Let go of what `take_lock` took."""
    connection.execute("select pg_advisory_unlock(%s)", (key,))
    _end(connection)


def _try(connection: psycopg.Connection, key: int) -> bool:
    row = connection.execute("select pg_try_advisory_lock(%s)", (key,)).fetchone()
    _end(connection)
    return row == (True,)


def _end(connection: psycopg.Connection) -> None:
    if not connection.autocommit:
        connection.commit()
