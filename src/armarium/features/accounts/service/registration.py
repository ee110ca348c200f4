"""Making accounts: the first one runs the server, later ones by the setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import EmailTaken, RegistrationClosed
from armarium.features.accounts.models import User
from armarium.features.accounts.policy import email_key
from armarium.features.accounts.service.checks import check_email, check_password
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.tables import UserRow
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session

Mode = Literal["open", "closed"]


class OnRegistered(Protocol):
    """What a higher room does, in the same transaction, for a new person."""

    async def __call__(self, session: Session, user: User) -> None:
        """Raise to refuse the whole registration."""
        ...


@dataclass(frozen=True, slots=True)
class SetupState:
    """What a first visitor needs to know."""

    has_owner: bool
    registration_open: bool


class Registration:
    """Creates people."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        mode: Mode,
        on_registered: Sequence[OnRegistered] = (),
    ) -> None:
        """`mode` binds everyone after the first."""
        self._database = database
        self._passwords = passwords
        self._mode: Mode = mode
        self.on_registered = list(on_registered)

    async def state(self) -> SetupState:
        """Whether somebody owns this server yet, and whether others may join."""
        async with self._database.transaction(Scope()) as session:
            has_owner = await store.any_user(session)
        return SetupState(has_owner, registration_open=not has_owner or self._mode == "open")

    async def register(self, email: str, password: str) -> User:
        """An account made by its own person."""
        return await self._create(email, password, role=None, by_admin=False)

    async def create(self, email: str, password: str, *, admin: bool = False) -> User:
        """An account made by whoever runs the server, whatever the setting."""
        return await self._create(email, password, role="admin" if admin else None, by_admin=True)

    async def find(self, email: str) -> User | None:
        """The person of that address."""
        async with self._database.transaction(Scope()) as session:
            row = await store.user_by_key(session, email_key(check_email(email)))
            return None if row is None else user_of(row)

    async def remove(self, session: Session, user_id: UUID) -> None:
        """Delete a person with their sessions; what their space held must be gone before."""
        await store.delete_user(session, user_id)

    async def _create(self, email: str, password: str, *, role: str | None, by_admin: bool) -> User:
        typed = check_email(email)
        check_password(password)
        password_hash = await self._passwords.hash(password)
        person = new_id()
        async with self._database.transaction(Scope((person,), person)) as session:
            await store.lock_first_account(session)
            is_first = not await store.any_user(session)
            if not (is_first or by_admin or self._mode == "open"):
                raise RegistrationClosed
            key = email_key(typed)
            if await store.user_by_key(session, key) is not None:
                raise EmailTaken(pointer="/email")
            row = UserRow(
                id=person,
                email=typed,
                email_key=key,
                email_verified=True,
                display_name=None,
                password_hash=password_hash,
                role=role or ("admin" if is_first else "user"),
                preferences={},
                version=1,
                created_at=now(),
                disabled_at=None,
            )
            session.add(row)
            await session.flush()
            user = user_of(row)
            for joined in self.on_registered:
                await joined(session, user)
        return user
