"""Tells somebody by letter that a place in a space waits for them.

The letter holds no secret: whoever proves the address by logging in finds the invitation there.
"""

from typing import Any
from uuid import UUID

from armarium.features.accounts import people_by_id
from armarium.features.spaces.models import Invitation, SendInvitation
from armarium.features.spaces.store import invitations as store
from armarium.features.spaces.store import members as member_store
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.mail import compose, inert
from armarium.platform.workflows import Flows, Permanent, Temporary
from armarium.ports.mailer import Mailer, MailRefused, MailUnavailable, UnsendableLetter

PAGE = "invitations"
RETRY_SECONDS = 30


class InvitationLetters:
    """Asks for letters in the transaction of the invitation, and sends them from the worker."""

    def __init__(self, *, database: Database, mailer: Mailer, flows: Flows, site_url: str) -> None:
        """`site_url` is what links begin with."""
        self._database = database
        self._mailer = mailer
        self._flows = flows
        self._site = site_url

    async def later(self, session: Session, invitation: Invitation) -> None:
        """Have the letter sent once the invitation is there."""
        await self._flows.enqueue(session, SendInvitation(invitation.space_id, invitation.id))

    async def send(self, space_id: UUID, invitation_id: UUID) -> dict[str, Any]:
        """Compose and send, unless the invitation was answered meanwhile."""
        async with self._database.transaction(Scope.of_space(space_id)) as session:
            rows = await store.open_for(session, now(), store.with_id(invitation_id))
            space = await member_store.space(session, space_id)
            if not rows or rows[0].email is None or space is None:
                return {"sent": False}
            if not await store.backed(session, rows[0]):
                return {"sent": False}
            inviting = (await people_by_id(session, [rows[0].created_by])).get(rows[0].created_by)
        try:
            letter = compose(
                "space_invitation",
                to=rows[0].email,
                site_url=self._site,
                link=f"{self._site}/{PAGE}",
                who=inert("" if inviting is None else inviting.display_name or inviting.email)
                or "Somebody",
                space=inert(space.name or "") or "a collection",
                until=f"{rows[0].expires_at:%Y-%m-%d}",
            )
            await self._mailer.send(letter)
        except UnsendableLetter as error:
            raise Permanent("the address can't be written to") from error
        except MailRefused as error:
            raise Permanent(str(error)) from error
        except MailUnavailable as error:
            raise Temporary(str(error), delay=RETRY_SECONDS) from error
        return {"sent": True}
