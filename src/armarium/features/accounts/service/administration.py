"""What an administrator may do with other people's accounts. Each act is in the audit log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import LastAdmin, NotImpersonated, NotThisPerson
from armarium.features.accounts.models import Client, PeopleFilter, User
from armarium.features.accounts.service.factors import Factors
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import Opened, Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import administration, closing
from armarium.features.accounts.tables import SessionRow, UserRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.http import Principal, check_version
from armarium.platform.paging import Page, PageParams

IMPERSONATION = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as an administrator sees them."""

    user: User
    disabled_at: datetime | None
    has_second_factor: bool = False
    sessions: int = 0
    """How many logins of their own are open."""
    last_seen_at: datetime | None = None
    """When one of those was last used, open or not."""


class Administration:
    """Never leaves the server without an administrator."""

    def __init__(
        self, *, database: Database, sessions: Sessions, factors: Factors, letters: Letters
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._factors = factors
        self._letters = letters

    async def page(self, params: PageParams, wanted: PeopleFilter) -> Page[Account]:
        """People, newest first."""
        async with self._database.transaction(Scope()) as session:
            found = await administration.people(session, params, wanted)
            seen = await administration.seen(session, [row.id for row in found.rows], now())
        return found.map(lambda row: _account(row, seen[row.id]))

    async def get(self, user_id: UUID) -> Account:
        """One person."""
        async with self._database.transaction(Scope()) as session:
            return await _shown(session, await _person(session, user_id, lock=False))

    async def change_role(
        self, admin: UUID | None, user_id: UUID, role: str, expected: int | None = None
    ) -> Account:
        """What they may do on the server; `LastAdmin` rather than nobody."""
        async with self._database.transaction(Scope()) as session:
            row = await _person(session, user_id)
            check_version(expected, row.version)
            if row.role != role:
                await _keep_an_admin(session, row)
                before, row.role = row.role, role
                await self._sessions.end_impersonations(session, user_id, reason="role_changed")
                await self._changed(
                    session, row, Action.ROLE_CHANGED, admin, before=before, role=role
                )
            return await _shown(session, row)

    async def disable(self, admin: UUID | None, user_id: UUID) -> Account:
        """Lock an account: it is logged out everywhere and can't log in."""
        async with self._database.transaction(Scope()) as session:
            row = await _person(session, user_id)
            if row.disabled_at is None:
                await _keep_an_admin(session, row)
                row.disabled_at = now()
                await self._sessions.end_all(session, user_id, reason="disabled")
                await self._changed(session, row, Action.DISABLED, admin)
            return await _shown(session, row)

    async def enable(self, admin: UUID | None, user_id: UUID) -> Account:
        """Open a locked account again."""
        async with self._database.transaction(Scope()) as session:
            row = await _person(session, user_id)
            if row.disabled_at is not None:
                row.disabled_at = None
                await self._changed(session, row, Action.ENABLED, admin)
            return await _shown(session, row)

    async def log_out(self, admin: UUID | None, user_id: UUID) -> int:
        """End every session of theirs; how many there were."""
        async with self._database.transaction(Scope()) as session:
            row = await _person(session, user_id)
            ended = await self._sessions.end_all(session, user_id, reason="ended_by_admin")
            await self._changed(session, row, Action.SESSION_REVOKED, admin, sessions=ended)
        return ended

    async def reset_second_factor(self, admin: UUID, user_id: UUID) -> int:
        """For somebody who lost all of them; their sessions end, and a letter tells them."""
        person = await self.get(user_id)
        removed = await self._factors.remove_all(person.user.email)
        async with self._database.transaction(Scope()) as session:
            await note(session, Action.SECOND_FACTOR_REMOVED, user_id, actor=admin, removed=removed)
        return removed

    async def send_reset(self, admin: UUID, user_id: UUID) -> None:
        """A letter with a link to choose a new password; nobody else sees the link."""
        async with self._database.transaction(Scope()) as session:
            await _person(session, user_id)
            await self._letters.later(session, "reset_password", user_id=user_id)
            await note(session, Action.PASSWORD_RESET_REQUESTED, user_id, actor=admin)

    async def impersonate(
        self, admin: Principal, user_id: UUID, client: Client
    ) -> tuple[str, datetime]:
        """An access token that acts as somebody else for half an hour, and when it ends.

        Raises:
            NotThisPerson: oneself, another administrator, or an account that is closed.
        """
        at = now()
        async with self._database.transaction(Scope()) as session:
            row = await _person(session, user_id)
            is_closed = row.disabled_at is not None or row.closes_at is not None
            if row.role == "admin" or is_closed or admin.session_id is None:
                raise NotThisPerson
            login = SessionRow(
                id=new_id(),
                user_id=user_id,
                created_at=at,
                last_used_at=at,
                expires_at=at + IMPERSONATION,
                ip=client.ip,
                agent=client.agent and client.agent[:300],
                method="impersonation",
                second_factor=admin.second_factor,
                impersonator=admin.user_id,
            )
            session.add(login)
            await session.flush()
            await self._trace(session, Action.IMPERSONATION_STARTED, admin.user_id, login)
        tokens = await self._sessions.tokens(user_of(row), Opened(login.id, ""))
        return tokens.access_token, login.expires_at

    async def end_impersonation(self, caller: Principal) -> None:
        """The administrator is themselves again."""
        if caller.impersonator is None or caller.session_id is None:
            raise NotImpersonated
        async with self._database.transaction(Scope()) as session:
            login = await store.session_by_id(session, caller.session_id)
            if login is not None and await self._sessions.end(session, caller.user_id, login.id):
                await self._trace(session, Action.IMPERSONATION_ENDED, caller.impersonator, login)

    async def _trace(
        self, session: Session, action: Action, admin: UUID, login: SessionRow
    ) -> None:
        await record(
            session,
            AuditEntry(
                action=action,
                actor=admin,
                impersonator=admin,
                space_id=login.user_id,
                target_type="account",
                target_id=login.user_id,
                detail={"session": str(login.id)},
            ),
        )

    async def _changed(
        self, session: Session, row: UserRow, action: Action, admin: UUID | None, **detail: Any
    ) -> None:
        row.version += 1
        await session.flush()
        await self._sessions.forget_person(session, row.id)
        await record(
            session,
            AuditEntry(
                action=action,
                actor=admin,
                space_id=row.id,
                target_type="account",
                target_id=row.id,
                detail=detail,
            ),
        )


async def _person(session: Session, user_id: UUID, *, lock: bool = True) -> UserRow:
    if lock:
        # Two administrators who take each other's role away must not both succeed.
        await store.lock_first_account(session)
    row = await store.user_by_id(session, user_id, lock=lock)
    if row is None:
        raise NotFound
    return row


async def _keep_an_admin(session: Session, row: UserRow) -> None:
    if row.role == "admin" and not await closing.other_admin(session, row.id):
        raise LastAdmin


async def _shown(session: Session, row: UserRow) -> Account:
    return _account(row, (await administration.seen(session, [row.id], now()))[row.id])


def _account(row: UserRow, seen: administration.Seen) -> Account:
    return Account(
        user_of(row),
        row.disabled_at,
        has_second_factor=seen.has_second_factor,
        sessions=seen.sessions,
        last_seen_at=seen.last_seen_at,
    )
