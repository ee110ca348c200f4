"""What people change about themselves."""

from typing import Any
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import WrongPassword
from armarium.features.accounts.models import User
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.onetime import RESET_PASSWORD
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.throttle import Lock, Throttle, login_buckets
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store.letters import delete_one_time, delete_unconfirmed_changes
from armarium.features.accounts.store.programs import count_keys
from armarium.features.accounts.tables import UserRow
from armarium.kit.emails import email_key
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound, PreconditionFailed
from armarium.platform.http.addresses import address_group


class Profiles:
    """Name, preferences and password of the caller."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        letters: Letters,
        throttle: Throttle,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._letters = letters
        self._throttle = throttle

    async def get(self, user_id: UUID) -> User:
        """The person as stored now."""
        async with self._database.transaction(Scope()) as session:
            return user_of(await _found(session, user_id))

    async def change(self, user_id: UUID, changes: dict[str, Any], expected: int | None) -> User:
        """Set what `changes` names (`display_name`, `preferences`) and nothing else."""
        async with self._database.transaction(Scope()) as session:
            row = await _found(session, user_id, lock=True)
            if expected is not None and expected != row.version:
                raise PreconditionFailed(current_version=row.version)
            changed = {name for name, value in changes.items() if getattr(row, name) != value}
            for name, value in changes.items():
                setattr(row, name, value)
            row.version += 1
            await self._sessions.forget_person(session, user_id)
            if changed:
                await note(session, Action.PROFILE_CHANGED, user_id, changed=changed)
        return user_of(row)

    async def change_password(
        self, user_id: UUID, current: str, new: str, *, session_id: UUID | None, ip: str | None
    ) -> None:
        """Prove the old password, set the new one, end every other session and a change of address.

        Programs' keys go on: whoever knows the old password has not lost the account. The letter
        says how many there are.
        """
        self._passwords.check(new, pointer="/new_password")
        async with self._database.transaction(Scope()) as session:
            row = await _found(session, user_id)
        buckets, place = login_buckets(ip, email_key(row.email)), address_group(ip)
        await self._throttle.check(buckets)
        before = row.password_hash
        fits, _ = await self._passwords.verify(current, before, place=place)
        if not fits:
            await self._throttle.count(buckets, Lock("password", user_id))
            raise WrongPassword(pointer="/current_password")
        password_hash = await self._passwords.hash(new, place=place)
        async with self._database.transaction(Scope()) as session:
            row = await _found(session, user_id, lock=True)
            if row.password_hash != before:
                # It was reset meanwhile; who knows the older one may be whom that shut out.
                raise WrongPassword(pointer="/current_password")
            row.password_hash = password_hash
            await delete_one_time(session, user_id, RESET_PASSWORD)
            await delete_unconfirmed_changes(session, user_id)
            ended = await self._sessions.end_all(session, user_id, but=session_id)
            kept = await count_keys(session, user_id)
            await self._letters.later(session, "password_changed", user_id=user_id)
            await note(session, Action.PASSWORD_CHANGED, user_id, sessions=ended, keys_kept=kept)


async def _found(session: Session, user_id: UUID, *, lock: bool = False) -> UserRow:
    row = await store.user_by_id(session, user_id, lock=lock)
    if row is None:
        raise NotFound
    return row
