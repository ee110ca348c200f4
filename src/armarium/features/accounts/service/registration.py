"""Making accounts: the first one runs the server, later ones by the setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    EmailTaken,
    InvitationNeeded,
    RegistrationClosed,
)
from armarium.features.accounts.models import Client, Invitation, User
from armarium.features.accounts.service.checks import check_email
from armarium.features.accounts.service.invitations import Invitations
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.onetime import VERIFY_EMAIL
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store.letters import delete_one_time
from armarium.features.accounts.tables import UserRow
from armarium.kit.emails import email_key
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http.addresses import address_group

Mode = Literal["open", "invite", "closed"]


class OnRegistered(Protocol):
    """What a higher room does, in the same transaction, for a new person."""

    async def __call__(self, session: Session, user: User) -> None:
        """Raise to refuse the whole registration."""
        ...


@dataclass(frozen=True, slots=True)
class SetupState:
    """What a first visitor needs to know."""

    has_owner: bool
    registration: Mode

    @property
    def registration_open(self) -> bool:
        """Whether anybody may make an account without an invitation."""
        return not self.has_owner or self.registration == "open"


class Registration:
    """Creates people."""

    def __init__(
        self,
        *,
        database: Database,
        passwords: Passwords,
        invitations: Invitations,
        letters: Letters,
        mode: Mode,
        must_verify: bool = False,
        on_registered: Sequence[OnRegistered] = (),
    ) -> None:
        """`mode` binds everyone after the first; `must_verify` asks for proof of the address."""
        self._database = database
        self._passwords = passwords
        self._invitations = invitations
        self._letters = letters
        self._mode: Mode = mode
        self._must_verify = must_verify
        self.on_registered = list(on_registered)

    async def state(self) -> SetupState:
        """Whether somebody owns this server yet, and whether others may join."""
        async with self._database.transaction(Scope()) as session:
            has_owner = await store.any_user(session)
        return SetupState(has_owner, self._mode)

    async def register(
        self, email: str, password: str, *, invitation: str | None = None, client: Client
    ) -> User | None:
        """An account made by its own person.

        None where the address must be proved first: then a letter is on its way, whether or not
        there was an account already, and the caller learns nothing of it.
        """
        typed = check_email(email)
        self._passwords.check(password)
        await self._refuse_early(invitation)
        password_hash = await self._passwords.hash(password, place=address_group(client.ip))
        person = new_id()
        async with self._database.transaction(Scope((person,), person)) as session:
            await store.lock_first_account(session)
            is_first = not await store.any_user(session)
            accepted = await self._accept(session, invitation, typed, is_first=is_first)
            proved = accepted is not None and accepted.is_proof
            # The server's own, and whom an administrator named by address, are let in anyway.
            waived = is_first or (accepted is not None and accepted.email is not None)
            found = await store.user_by_key(session, email_key(typed))
            if found is not None:
                if waived or not self._must_verify:
                    raise EmailTaken(pointer="/email")
                # Whoever reads the mailbox sets the password: the first may be somebody else's.
                template = "reset_password" if user_of(found).needs_proof else "account_exists"
                await delete_one_time(session, found.id, VERIFY_EMAIL)
                await self._letters.later(session, template, user_id=found.id)
                return None
            role = accepted.role if accepted is not None else "admin" if is_first else "user"
            user = await self._add(
                session, person, typed, password_hash, role=role, verified=proved, waived=waived
            )
            may_enter = not (self._must_verify and user.needs_proof)
            await note(session, Action.REGISTERED, person, client=client, role=role)
            if accepted is not None:
                target = ("invitation", accepted.id)
                await note(session, Action.INVITATION_ACCEPTED, person, target=target)
            if not may_enter:
                await self._letters.later(session, "verify_email", user_id=person)
        return user if may_enter else None

    async def create(self, email: str, password: str, *, admin: bool = False) -> User:
        """An account made by whoever runs the server, whatever the setting."""
        typed = check_email(email)
        self._passwords.check(password)
        password_hash = await self._passwords.hash(password)
        person = new_id()
        async with self._database.transaction(Scope((person,), person)) as session:
            await store.lock_first_account(session)
            role = "admin" if admin or not await store.any_user(session) else "user"
            if await store.user_by_key(session, email_key(typed)) is not None:
                raise EmailTaken(pointer="/email")
            user = await self._add(
                session, person, typed, password_hash, role=role, verified=False, waived=True
            )
            await note(session, Action.REGISTERED, person, role=role, by="operator")
        return user

    async def add_vouched(
        self,
        session: Session,
        person: UUID,
        email: str,
        *,
        role: str | None,
        display_name: str | None,
        invitation: str | None,
        client: Client | None,
    ) -> User:
        """An account without a password, for whom an outside issuer vouches.

        In the caller's transaction, which acts as `person` and holds the lock of the first account.
        """
        accepted = None
        if invitation is not None:
            accepted = await self._invitations.accept(session, invitation, email)
        chosen = role or (accepted.role if accepted is not None else "user")
        user = await self._add(
            session, person, email, None, role=chosen, verified=True, display_name=display_name
        )
        await note(session, Action.REGISTERED, person, client=client, role=chosen, by="outside")
        if accepted is not None:
            target = ("invitation", accepted.id)
            await note(session, Action.INVITATION_ACCEPTED, person, target=target)
        return user

    async def find(self, email: str) -> User | None:
        """The person of that address."""
        async with self._database.transaction(Scope()) as session:
            row = await store.user_by_key(session, email_key(check_email(email)))
            return None if row is None else user_of(row)

    async def remove(self, session: Session, user_id: UUID) -> None:
        """Delete a person with their sessions; what their space held must be gone before."""
        await store.delete_user(session, user_id)

    async def _refuse_early(self, invitation: str | None) -> None:
        """Before the costly hash: strangers must not burn our time where they may not enter."""
        state = await self.state()
        if not state.has_owner or state.registration == "open":
            return
        if state.registration == "closed":
            raise RegistrationClosed
        if invitation is None:
            raise InvitationNeeded(pointer="/invitation")
        await self._invitations.look(invitation)

    async def _accept(
        self, session: Session, invitation: str | None, email: str, *, is_first: bool
    ) -> Invitation | None:
        if is_first:
            return None
        if self._mode == "closed":
            raise RegistrationClosed
        if invitation is not None:
            return await self._invitations.accept(session, invitation, email)
        if self._mode == "invite":
            raise InvitationNeeded(pointer="/invitation")
        return None

    async def _add(
        self,
        session: Session,
        person: UUID,
        email: str,
        password_hash: str | None,
        *,
        role: str,
        verified: bool,
        waived: bool = False,
        display_name: str | None = None,
    ) -> User:
        row = UserRow(
            id=person,
            email=email,
            email_key=email_key(email),
            email_verified=verified,
            proof_waived=waived,
            display_name=display_name,
            password_hash=password_hash,
            role=role,
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
