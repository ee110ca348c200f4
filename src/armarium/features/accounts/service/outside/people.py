"""From an issuer's description of somebody to an account here, without ever taking one over.

The pair (issuer, subject) is what logs in. An e-mail address opens nothing: where it has an
account already, its person links the two from inside.
"""

from typing import Literal
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import (
    OutsideAccountExists,
    OutsideEmailUnverified,
    OutsideNoAccount,
    OwnerFirst,
)
from armarium.features.accounts.models import Client, User
from armarium.features.accounts.service.outside.issuers import OutsidePerson
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.registration import Registration
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import closing, outside
from armarium.features.accounts.tables import OutsideIdentityRow, UserRow
from armarium.kit.emails import email_key, is_email
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session


class OutsidePeople:
    """Finds, makes and links the accounts of outside identities."""

    def __init__(
        self,
        *,
        database: Database,
        registration: Registration,
        sessions: Sessions,
        mode: Literal["open", "invite", "closed"],
    ) -> None:
        """`mode` is the registration setting, for providers that leave it to that."""
        self._database = database
        self._registration = registration
        self._sessions = sessions
        self._mode = mode

    async def enter(
        self,
        person: OutsidePerson,
        *,
        auto_create: bool | None,
        invitation: str | None = None,
        client: Client | None = None,
    ) -> User:
        """The living account of an outside person, made now where that is allowed.

        Raises:
            OutsideAccountExists: the address has an account that this identity is not linked to.
            OutsideEmailUnverified: a new account needs an address that the issuer vouches for.
            OutsideNoAccount: strangers get none, or the account was locked.
        """
        newcomer = new_id()
        async with self._database.transaction(Scope((newcomer,), newcomer)) as session:
            await outside.lock_subject(session, person.issuer, person.subject)
            found = await outside.person_of(session, person.issuer, person.subject)
            if found is None:
                return await self._join(
                    session,
                    newcomer,
                    person,
                    auto_create=auto_create,
                    invitation=invitation,
                    client=client,
                )
            identity, row = found
            if row.disabled_at is not None:
                raise OutsideNoAccount
            identity.last_used_at = now()
            identity.email = person.email or person.unverified_email
            await self._apply_role(session, row, person.role)
            return user_of(row)

    async def find(self, person: OutsidePerson) -> User | None:
        """The living account of an identity, with its role as the issuer says now."""
        async with self._database.transaction(Scope()) as session:
            found = await outside.person_of(session, person.issuer, person.subject)
            if found is None or found[1].disabled_at is not None:
                return None
            row = found[1]
            if person.role is not None and person.role != row.role:
                await self._apply_role(session, row, person.role)
            return user_of(row)

    async def link(
        self, session: Session, user_id: UUID, person: OutsidePerson
    ) -> OutsideIdentityRow | None:
        """Link to the account of somebody who asked for it; None when it is another's already."""
        await outside.lock_subject(session, person.issuer, person.subject)
        found = await outside.person_of(session, person.issuer, person.subject)
        if found is not None:
            return found[0] if found[1].id == user_id else None
        return await self._add(session, user_id, person)

    async def _join(
        self,
        session: Session,
        newcomer: UUID,
        person: OutsidePerson,
        *,
        auto_create: bool | None,
        invitation: str | None,
        client: Client | None,
    ) -> User:
        await store.lock_first_account(session)
        has_owner = await store.any_user(session)
        if not has_owner and person.role != "admin":
            raise OwnerFirst
        if person.email is not None and is_email(person.email):
            if await store.user_by_key(session, email_key(person.email)) is not None:
                raise OutsideAccountExists
        elif person.unverified_email is not None:
            raise OutsideEmailUnverified
        is_invited = invitation is not None and self._mode != "closed"
        if not (self._mode == "open" if auto_create is None else auto_create) and not is_invited:
            raise OutsideNoAccount
        if person.email is None or not is_email(person.email):
            raise OutsideEmailUnverified
        user = await self._registration.add_vouched(
            session,
            newcomer,
            person.email,
            role=person.role,
            display_name=person.name,
            invitation=invitation if is_invited else None,
            client=client,
        )
        await self._add(session, newcomer, person)
        return user

    async def _add(
        self, session: Session, user_id: UUID, person: OutsidePerson
    ) -> OutsideIdentityRow:
        at = now()
        row = OutsideIdentityRow(
            id=new_id(),
            user_id=user_id,
            provider=person.provider,
            issuer=person.issuer,
            subject=person.subject,
            email=person.email or person.unverified_email,
            created_at=at,
            last_used_at=at,
        )
        session.add(row)
        await session.flush()
        target = ("outside_identity", row.id)
        await note(session, Action.OUTSIDE_LINKED, user_id, target=target, provider=person.provider)
        return row

    async def _apply_role(self, session: Session, row: UserRow, role: str | None) -> None:
        """What the issuer's groups say; the last administrator stays one."""
        if role is None or role == row.role:
            return
        await store.lock_first_account(session)
        if row.role == "admin" and not await closing.other_admin(session, row.id):
            return
        before, row.role = row.role, role
        row.version += 1
        await session.flush()
        await self._sessions.end_impersonations(session, row.id, reason="role_changed")
        await self._sessions.forget_person(session, row.id)
        await note(session, Action.ROLE_CHANGED, row.id, role=[before, role], by="groups")
