"""Sessions: one engine a process and event loop, one short transaction a service call."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from armarium.platform.database.scope import Scope
from armarium.platform.errors import Invalid

SET_SCOPE = text(
    "select set_config('arm.spaces', :spaces, true), set_config('arm.user', :user, true)"
)


UNSTORABLE_STATES = frozenset({"22021", "22P05"})
"""SQLSTATEs of a character that no text and no JSON of PostgreSQL can hold."""


class UnstorableText(Invalid):
    """The text holds a character that can't be kept (a NUL). Leave it out."""

    code = "unstorable_text"


class ScopedSession(Session):
    """Carries its scope into every transaction that it begins."""


@event.listens_for(ScopedSession, "after_begin")
def apply_scope(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Local to the transaction, so a pooled connection never keeps the last caller's scope."""
    settings = session.info["scope"].settings()
    connection.execute(SET_SCOPE, {"spaces": settings["arm.spaces"], "user": settings["arm.user"]})


class Database:
    """The application's door to PostgreSQL, connected as the role that policies bind."""

    def __init__(self, url: str, *, pool_size: int = 5, max_overflow: int = 10) -> None:
        """`url` is `postgresql+psycopg://…` of the app role."""
        self.engine: AsyncEngine = create_async_engine(
            url, pool_size=pool_size, max_overflow=max_overflow, pool_pre_ping=True
        )

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
            raise

    async def close(self) -> None:
        """Return every connection."""
        await self.engine.dispose()


def _is_unstorable(error: DBAPIError) -> bool:
    """By the server's word, or by psycopg's own, which it gives before sending."""
    state = getattr(error.orig, "sqlstate", None)
    return state in UNSTORABLE_STATES or "cannot contain NUL" in str(error.orig)
