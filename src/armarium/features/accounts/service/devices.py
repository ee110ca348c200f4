"""Where a person is logged in, and how it came to that."""

from uuid import UUID

from armarium.features.accounts.models import Device, LoginAttempt
from armarium.features.accounts.policy import device_of
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import history
from armarium.features.accounts.tables import LoginRow
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope
from armarium.platform.errors import NotFound
from armarium.platform.paging import Page, PageParams


class Devices:
    """Sessions and logins of the caller."""

    def __init__(self, *, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions

    async def list(self, user_id: UUID, current: UUID | None) -> list[Device]:
        """Living sessions, the last used first."""
        async with self._database.transaction(Scope()) as session:
            rows = await history.open_sessions(session, user_id, now())
        return [
            Device(
                id=row.id,
                is_current=row.id == current,
                device=device_of(row.agent),
                agent=row.agent,
                ip=row.ip,
                method=row.method,
                second_factor=row.second_factor,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                expires_at=row.expires_at,
            )
            for row in rows
        ]

    async def end(self, user_id: UUID, session_id: UUID) -> None:
        """Log one device out, at once."""
        async with self._database.transaction(Scope()) as session:
            if not await self._sessions.end(session, user_id, session_id):
                raise NotFound
            target = ("session", session_id)
            await note(session, Action.SESSION_REVOKED, user_id, target=target)

    async def end_others(self, user_id: UUID, current: UUID | None) -> int:
        """Log every other device out; gives how many."""
        async with self._database.transaction(Scope()) as session:
            ended = await self._sessions.end_all(session, user_id, but=current, reason="revoked")
            await note(session, Action.SESSION_REVOKED, user_id, count=ended)
        return ended

    async def logins(self, user_id: UUID, params: PageParams) -> Page[LoginAttempt]:
        """Logins that worked and that failed, newest first."""
        async with self._database.transaction(Scope()) as session:
            return (await history.logins(session, user_id, params)).map(_attempt)


def _attempt(row: LoginRow) -> LoginAttempt:
    return LoginAttempt(
        id=row.id,
        at=row.at,
        outcome=row.outcome,
        method=row.method,
        device=device_of(row.agent),
        agent=row.agent,
        ip=row.ip,
    )
