"""Sessions: one engine a process and event loop, one short transaction a service call."""

import select
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from psycopg.pq import ConnStatus
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from armarium.platform.database.scope import SETTINGS, Scope
from armarium.platform.errors import Forbidden, Invalid

SET_SCOPE = text(
    "select set_config('jit', 'off', true), "
    + ", ".join(f"set_config('arm.{name}', :{name}, true)" for name in SETTINGS)
)
"""Policies make plans look dear that are not, and compiling them would cost more than it saves."""

UNSTORABLE_STATES = frozenset({"22021", "22P05"})
"""SQLSTATEs of a character that no text and no JSON of PostgreSQL can hold."""


class UnstorableText(Invalid):
    """The text holds a character that can't be kept (a NUL). Leave it out."""

    code = "unstorable_text"


class OutOfScope(Forbidden):
    """This is not yours to change here.

    The database's own word, when a policy refused a row and the program had not before.
    """

    code = "out_of_scope"


class ScopedSession(Session):
    """Carries its scope into every transaction that it begins."""


@event.listens_for(ScopedSession, "after_begin")
def apply_scope(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Local to the transaction, so a pooled connection never keeps the last caller's scope."""
    connection.execute(SET_SCOPE, session.info["scope"].settings())


async def rescope(session: AsyncSession, scope: Scope) -> None:
    """Go on in this transaction as somebody else; for pipes and for what has just been made."""
    session.info["scope"] = scope
    await session.execute(SET_SCOPE, scope.settings())


def assert_alive(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let the pool replace a connection that the server has ended, as a restart ends them all.

    The operating system knows it already: an idle connection has nothing to read but its end. So
    nobody is asked, which a ping does at the start of every transaction.
    """
    server = connection.driver_connection.pgconn
    if server.status != ConnStatus.OK or _has_something_to_read(server.socket):
        raise DisconnectionError("the server has ended this connection")


def _has_something_to_read(descriptor: int) -> bool:
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    watch = select.poll()
    watch.register(descriptor, select.POLLIN)
    return bool(watch.poll(0))


class Database:
    """The application's door to PostgreSQL, connected as the role that policies bind."""

    def __init__(self, url: str, *, pool_size: int = 5, max_overflow: int = 10) -> None:
        """`url` is `postgresql+psycopg://…` of the app role."""
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=max_overflow, pool_use_lifo=True
        )
        event.listen(self.engine.sync_engine, "checkout", assert_alive)

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncGenerator[AsyncSession]:
        """Begin, run, commit; roll back on any exception. Nothing slow belongs inside."""
        session = AsyncSession(
            self.engine, sync_session_class=ScopedSession, expire_on_commit=False
        )
        session.info["scope"] = scope
        try:
            async with session, session.begin():
                yield session
        except DBAPIError as error:
            if _is_unstorable(error):
                raise UnstorableText from error
            if "row-level security" in str(error.orig):
                raise OutOfScope from error
            raise

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()


def _is_unstorable(error: DBAPIError) -> bool:
    """By the server's word, or by psycopg's own, which it gives before sending."""
    state = getattr(error.orig, "sqlstate", None)
    return state in UNSTORABLE_STATES or "cannot contain NUL" in str(error.orig)
