"""The room's letters: asked for in a transaction, composed and sent by the worker.

A command carries ids only. The one-time token is made in the step that sends, so that no secret
stands in a queue, a checkpoint or an event; a step that runs again makes a new one.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Any
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.models import SendLetter
from armarium.features.accounts.policy import device_of
from armarium.features.accounts.service import onetime
from armarium.features.accounts.store import factors, programs
from armarium.features.accounts.store import letters as letter_store
from armarium.features.accounts.tables import UserRow
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, Session
from armarium.platform.mail import compose
from armarium.platform.workflows import Flows, Permanent, Temporary
from armarium.ports.mailer import Mailer, MailRefused, MailUnavailable, UnsendableLetter

RETRY_SECONDS = 30
PAGES = {
    onetime.VERIFY_EMAIL: "verify-email",
    onetime.RESET_PASSWORD: "reset-password",
    onetime.CONFIRM_EMAIL: "confirm-email",
    onetime.UNDO_EMAIL: "undo-email",
    onetime.INVITATION: "join",
}
"""Pages of the web app; the token stands after `#`, which no server log and no referrer sees."""
LOGIN_PAGE = "login"
FORGOTTEN_PAGE = "forgot-password"


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a letter is composed of."""

    to: str
    link: str | None
    values: dict[str, str]
    language: str = "en"


class Letters:
    """Asks for letters, and sends them."""

    def __init__(self, *, database: Database, mailer: Mailer, flows: Flows, site_url: str) -> None:
        """`site_url` is what links begin with."""
        self._database = database
        self._mailer = mailer
        self._flows = flows
        self._site = site_url

    async def later(
        self,
        session: Session,
        template: str,
        *,
        user_id: UUID | None = None,
        subject_id: UUID | None = None,
    ) -> None:
        """Have a letter sent when the caller's transaction commits.

        With neither id the worker finds nobody to write to: an unknown address costs the caller
        the same time as a known one.
        """
        await self._flows.enqueue(session, SendLetter(template, user_id, subject_id))

    def page(self, purpose: str, token: str) -> str:
        """The address in the web app where this token is used."""
        return f"{self._site}/{PAGES[purpose]}#token={token}"

    async def send(
        self, template: str, user_id: UUID | None, subject_id: UUID | None
    ) -> dict[str, Any]:
        """Compose and send; says nothing of whom to, since the answer is kept."""
        async with self._database.transaction(Scope()) as session:
            draft = await self._draft(session, template, user_id, subject_id)
        if draft is None:
            return {"sent": False}
        try:
            letter = compose(
                template,
                to=draft.to,
                site_url=self._site,
                link=draft.link,
                language=draft.language,
                **draft.values,
            )
            await self._mailer.send(letter)
        except UnsendableLetter as error:
            raise Permanent("the address can't be written to") from error
        except MailRefused as error:
            raise Permanent(str(error)) from error
        except MailUnavailable as error:
            raise Temporary(str(error), delay=RETRY_SECONDS) from error
        return {"sent": True}

    async def _draft(
        self, session: Session, template: str, user_id: UUID | None, subject_id: UUID | None
    ) -> _Draft | None:
        if template == "invitation":
            return None if subject_id is None else await self._invitation(session, subject_id)
        if template == "new_login":
            return None if subject_id is None else await self._login(session, subject_id)
        if template in {"confirm_email", "email_changed"}:
            return None if subject_id is None else await self._change(session, template, subject_id)
        person = None if user_id is None else await store.user_by_id(session, user_id)
        if person is None or person.disabled_at is not None:
            return None
        return await self._to_person(session, template, person)

    async def _to_person(self, session: Session, template: str, person: UserRow) -> _Draft | None:
        link: str | None = None
        values: dict[str, str] = {}
        match template:
            case "verify_email":
                if person.email_verified:
                    return None
                link = await self._link(session, onetime.VERIFY_EMAIL, person)
            case "reset_password":
                link = await self._link(session, onetime.RESET_PASSWORD, person)
            case "code_reused":
                link = f"{self._site}/{FORGOTTEN_PAGE}"
            case "password_changed" | "password_reset_done":
                link = f"{self._site}/{FORGOTTEN_PAGE}"
                values["keys"] = _keys(await programs.count_keys(session, person.id))
            case "account_exists" | "account_closing":
                link = f"{self._site}/{LOGIN_PAGE}"
            case "recovery_code_used":
                values["left"] = str((await factors.counts(session, person.id))[2])
            case _:
                pass
        return _Draft(person.email, link, values, _language(person))

    async def _link(self, session: Session, purpose: str, person: UserRow) -> str:
        token = await onetime.issue(session, purpose, user_id=person.id, mailed=True)
        return self.page(purpose, token)

    async def _change(self, session: Session, template: str, change_id: UUID) -> _Draft | None:
        change = await letter_store.email_change(session, change_id)
        person = None if change is None else await store.user_by_id(session, change.user_id)
        if change is None or person is None:
            return None
        is_new = template == "confirm_email"
        if is_new == (change.confirmed_at is not None) or change.undone_at is not None:
            return None
        purpose = onetime.CONFIRM_EMAIL if is_new else onetime.UNDO_EMAIL
        token = await onetime.issue(session, purpose, email_change_id=change.id, mailed=True)
        return _Draft(
            change.new_email if is_new else change.old_email,
            self.page(purpose, token),
            {"new_email": change.new_email},
            _language(person),
        )

    async def _login(self, session: Session, session_id: UUID) -> _Draft | None:
        login = await store.session_by_id(session, session_id)
        person = None if login is None else await store.user_by_id(session, login.user_id)
        if login is None or person is None or person.disabled_at is not None:
            return None
        values = {
            "device": device_of(login.agent) or "?",
            "place": login.ip or "?",
            "at": f"{login.created_at.astimezone(UTC):%d %B %Y, %H:%M} UTC".lstrip("0"),
        }
        link = f"{self._site}/{FORGOTTEN_PAGE}"
        return _Draft(person.email, link, values, _language(person))

    async def _invitation(self, session: Session, invitation_id: UUID) -> _Draft | None:
        row = await letter_store.invitation(session, invitation_id)
        if row is None or row.email is None or row.revoked_at is not None:
            return None
        token = await onetime.issue(
            session,
            onetime.INVITATION,
            lifetime=row.expires_at - now(),
            invitation_id=row.id,
            mailed=True,
        )
        until = row.expires_at.strftime("%d %B %Y").lstrip("0")
        return _Draft(row.email, self.page(onetime.INVITATION, token), {"until": until})


def _keys(count: int) -> str:
    return "1 API key" if count == 1 else f"{count or 'no'} API keys"


def _language(person: UserRow) -> str:
    chosen = person.preferences.get("language")
    return chosen if isinstance(chosen, str) else "en"
