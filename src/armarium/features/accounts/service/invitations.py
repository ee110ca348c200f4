"""Permissions to make an account, given by whoever runs the server."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from armarium.features.accounts.errors import InvalidInvitation
from armarium.features.accounts.models import Invitation
from armarium.features.accounts.service import onetime
from armarium.features.accounts.service.checks import check_email
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import letters as store
from armarium.features.accounts.tables import InvitationRow
from armarium.kit.emails import email_key
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.paging import Page, PageParams


class Invitations:
    """Made, listed and withdrawn by administrators; used at registration."""

    def __init__(self, *, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    async def create(
        self,
        admin_id: UUID | None,
        *,
        email: str | None,
        role: str,
        uses: int,
        lifetime: timedelta,
    ) -> tuple[Invitation, str]:
        """An invitation and its token, which is shown this once.

        One with an address is good for that address alone, and is sent there.
        """
        at = now()
        row = InvitationRow(
            id=new_id(),
            email=None if email is None else check_email(email),
            role=role,
            max_uses=1 if email is not None else uses,
            uses=0,
            created_at=at,
            expires_at=at + lifetime,
            revoked_at=None,
            created_by=admin_id,
        )
        async with self._database.transaction(Scope(user_id=admin_id)) as session:
            session.add(row)
            await session.flush()
            token = await onetime.issue(
                session, onetime.INVITATION, lifetime=lifetime, invitation_id=row.id
            )
            if row.email is not None:
                await self._letters.later(session, "invitation", subject_id=row.id)
            await note(session, Action.INVITED, admin_id, target=("invitation", row.id), role=role)
        return _invitation(row), token

    async def list(self, params: PageParams) -> Page[Invitation]:
        """All of them, newest first."""
        async with self._database.transaction(Scope()) as session:
            return (await store.invitations(session, params)).map(_invitation)

    async def revoke(self, admin_id: UUID, invitation_id: UUID) -> None:
        """Withdraw an invitation; accounts made with it stay."""
        async with self._database.transaction(Scope(user_id=admin_id)) as session:
            row = await store.invitation(session, invitation_id, lock=True)
            if row is None:
                raise NotFound
            if row.revoked_at is None:
                row.revoked_at = now()
                target = ("invitation", row.id)
                await note(session, Action.INVITATION_REVOKED, admin_id, target=target)

    async def look(self, token: str) -> Invitation:
        """What an invited person may see of it before they accept."""
        async with self._database.transaction(Scope()) as session:
            return _invitation((await self._living(session, token))[0])

    async def accept(self, session: Session, token: str, email: str) -> Invitation:
        """Use it once, in the transaction that makes the account."""
        row, mailed = await self._living(session, token)
        if row.email is not None and email_key(row.email) != email_key(email):
            raise InvalidInvitation(pointer="/invitation")
        row.uses += 1
        return replace(_invitation(row), is_proof=mailed and row.email is not None)

    async def _living(self, session: Session, token: str) -> tuple[InvitationRow, bool]:
        found = await store.one_time(session, onetime.digest_of(token), onetime.INVITATION, now())
        row = None
        if found is not None and found.invitation_id is not None:
            row = await store.invitation(session, found.invitation_id, lock=True)
        if found is None or row is None or row.revoked_at or row.uses >= row.max_uses:
            raise InvalidInvitation(pointer="/invitation")
        return row, found.mailed


def _invitation(row: InvitationRow) -> Invitation:
    return Invitation(
        id=row.id,
        email=row.email,
        role=row.role,
        max_uses=row.max_uses,
        uses=row.uses,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        created_by=row.created_by,
    )
