"""An account that its person wants erased, as far as it is this room's."""

from datetime import datetime
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import ErasureUnderWay, LastAdmin, NotClosing
from armarium.features.accounts.models import User
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import closing
from armarium.features.accounts.tables import UserRow
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound


class Closings:
    """Joins the transactions of the room that erases everything else."""

    def __init__(self, *, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions

    async def begin(self, session: Session, user_id: UUID, at: datetime) -> User:
        """From now on the account waits for its erasure at `at`; everybody is logged out.

        Raises:
            LastAdmin: nobody else could run the server.
        """
        # Administrators who go, are demoted or are locked at once must not all succeed.
        await store.lock_first_account(session)
        row = await self._locked(session, user_id)
        if row.role == "admin" and not await closing.other_admin(session, user_id):
            raise LastAdmin
        if row.closes_at is None:
            row.closes_at = at
            row.version += 1
            await session.flush()
            await note(session, Action.DELETION_REQUESTED, user_id, due=at.isoformat())
        await self._sessions.end_all(session, user_id, reason="account_closing")
        await self._sessions.forget_person(session, user_id)
        return user_of(row)

    async def cancel(self, session: Session, user_id: UUID) -> None:
        """The account stays.

        Raises:
            NotClosing: nobody asked for its end.
            ErasureUnderWay: what it held may be gone already.
        """
        row = await self._locked(session, user_id)
        if row.closes_at is None:
            raise NotClosing
        if row.closes_at <= now():
            raise ErasureUnderWay
        row.closes_at = None
        row.version += 1
        await session.flush()
        await note(session, Action.DELETION_CANCELLED, user_id)
        await self._sessions.forget_person(session, user_id)

    async def due(self, at: datetime) -> list[UUID]:
        """Whose time is over."""
        async with self._database.transaction(Scope()) as session:
            return await closing.due(session, at)

    async def is_due(self, session: Session, user_id: UUID, at: datetime) -> User | None:
        """The person, held until the transaction ends, if their time is over."""
        row = await store.user_by_id(session, user_id, lock=True)
        if row is None or row.closes_at is None or row.closes_at > at:
            return None
        return user_of(row)

    async def erase(self, session: Session, user: User) -> None:
        """The account itself with its sessions, keys, factors and outside identities."""
        await self._sessions.forget_person(session, user.id)
        await closing.delete_invitations_to(session, user.email)
        await store.delete_user(session, user.id)

    async def _locked(self, session: Session, user_id: UUID) -> UserRow:
        row = await store.user_by_id(session, user_id, lock=True)
        if row is None:
            raise NotFound
        return row
