"""Letters that prove an address: verification, a lost password, a new address and its undo.

What a stranger asks for is answered the same, and as fast, whether or not there is an account.
"""

from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import EmailTaken, InvalidLink
from armarium.features.accounts.models import Client
from armarium.features.accounts.service import onetime
from armarium.features.accounts.service.checks import check_email
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.people import user_of
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.throttle import (
    Throttle,
    letter_buckets,
    link_buckets,
    mailbox_buckets,
)
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import factors, outside
from armarium.features.accounts.store import letters as letter_store
from armarium.features.accounts.tables import EmailChangeRow, UserRow
from armarium.kit.emails import email_key
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope, Session
from armarium.platform.errors import NotFound
from armarium.platform.http.addresses import address_group

RESET = "reset"


class Recovery:
    """What a person can do with what arrives in their mailbox."""

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

    async def ask_for_reset(self, email: str, client: Client) -> None:
        """Send a reset letter, if there is somebody to send it to."""
        typed = check_email(email)
        place = letter_buckets(RESET, client.ip)
        await self._throttle.check(place)
        mailbox = mailbox_buckets(RESET, email_key(typed))
        silent = await self._throttle.wait(mailbox) > 0
        # What is kept silent does not lengthen the wait: a stranger could keep it up for ever.
        await self._throttle.count(place if silent else [*place, *mailbox])
        async with self._database.transaction(Scope()) as session:
            found = await store.user_by_key(session, email_key(typed))
            person = None if found is None or silent else found.id
            await self._letters.later(session, "reset_password", user_id=person)
            target = ("account", person)
            action = Action.PASSWORD_RESET_REQUESTED
            await note(session, action, None, client=client, target=target)

    async def link_for(self, email: str) -> str:
        """A reset link for whoever runs this machine to hand over."""
        async with self._database.transaction(Scope()) as session:
            found = await store.user_by_key(session, email_key(check_email(email)))
            person = await _person(session, None if found is None else found.id)
            token = await onetime.issue(session, onetime.RESET_PASSWORD, user_id=person.id)
            await note(session, Action.PASSWORD_RESET_REQUESTED, person.id, by="operator")
        return self._letters.page(onetime.RESET_PASSWORD, token)

    async def reset(self, token: str, password: str, client: Client) -> None:
        """Set a new password by the letter's token, and shut everybody out who was in."""
        self._passwords.check(password, pointer="/new_password")
        async with self._spending(client):
            # A look first: hashing is costly, and only who holds a token may ask for it.
            async with self._database.transaction(Scope()) as session:
                whose = (await onetime.look(session, token, onetime.RESET_PASSWORD)).user_id
            hashed = await self._passwords.hash(password, place=address_group(client.ip))
            async with self._database.transaction(Scope()) as session:
                person = await _person(session, whose)
                row = await onetime.take(session, token, onetime.RESET_PASSWORD)
                if row.mailed and user_of(person).needs_proof:
                    await self._take_over(session, person.id)
                person.password_hash = hashed
                # A link that the operator handed over proves nothing of the mailbox.
                person.email_verified = person.email_verified or row.mailed
                person.proof_waived = person.proof_waived or not row.mailed
                person.version += 1
                ended = await self._sessions.shut_everybody_out(
                    session, person.id, reason="password_reset"
                )
                await self._letters.later(session, "password_reset_done", user_id=person.id)
                await note(session, Action.PASSWORD_RESET, person.id, client=client, ended=ended)

    @staticmethod
    async def _take_over(session: Session, user_id: UUID) -> None:
        """The first proof of an address ends every way in that was made before it.

        Nobody had shown that the address was theirs: whoever made the account with it may be
        somebody else, with a passkey or a provider's login of their own.
        """
        if any(await factors.counts(session, user_id)):
            await factors.delete_all(session, user_id)
            await note(session, Action.SECOND_FACTOR_REMOVED, user_id, by="first_proof")
        if await outside.delete_identities(session, user_id):
            await note(session, Action.OUTSIDE_UNLINKED, user_id, by="first_proof")

    async def verify(self, token: str, client: Client) -> None:
        """The address is its person's."""
        async with self._spending(client), self._database.transaction(Scope()) as session:
            # The person first, as in `_spend`: a new address takes this token away.
            whose = await letter_store.holder(session, onetime.digest_of(token))
            if whose is not None:
                await store.user_by_id(session, whose, lock=True)
            await onetime.take(session, token, onetime.VERIFY_EMAIL)
            person = await _person(session, whose)
            person.email_verified = True
            person.version += 1
            await self._sessions.forget_person(session, person.id)
            await note(session, Action.EMAIL_VERIFIED, person.id, client=client)

    async def remind(self, user_id: UUID) -> None:
        """Send the verification letter again, not too often."""
        mailbox = mailbox_buckets("verify", str(user_id))
        if await self._throttle.wait(mailbox) > 0:
            return
        await self._throttle.count(mailbox)
        async with self._database.transaction(Scope()) as session:
            await self._letters.later(session, "verify_email", user_id=user_id)

    async def ask_to_verify(self, user_id: UUID) -> None:
        """The same as its person asks for it, who hears when it is too often."""
        await self._throttle.check(mailbox_buckets("verify", str(user_id)))
        await self.remind(user_id)

    async def ask_for_email(self, user_id: UUID, email: str, client: Client) -> None:
        """Begin a change of address: a letter to the new one, or to whoever has it already."""
        typed = check_email(email)
        mailbox = mailbox_buckets("change", str(user_id))
        await self._throttle.check(mailbox)
        await self._throttle.count(mailbox)
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            person = await _person(session, user_id)
            taken = await store.user_by_key(session, email_key(typed))
            await letter_store.delete_unconfirmed_changes(session, user_id)
            if taken is not None and taken.id != user_id:
                await self._letters.later(session, "account_exists", user_id=taken.id)
            else:
                change = EmailChangeRow(
                    id=new_id(),
                    user_id=user_id,
                    old_email=person.email,
                    new_email=typed,
                    created_at=now(),
                    confirmed_at=None,
                    undone_at=None,
                )
                session.add(change)
                await session.flush()
                await self._letters.later(session, "confirm_email", subject_id=change.id)
            await note(session, Action.EMAIL_CHANGE_REQUESTED, user_id, client=client)

    async def confirm_email(self, token: str, client: Client) -> None:
        """Use the new address from now on, and tell the old one how to take it back."""
        async with self._spending(client), self._database.transaction(Scope()) as session:
            person, change = await _spend(session, token, onetime.CONFIRM_EMAIL)
            await self._set_email(session, person, change.new_email)
            left = await letter_store.change_away(session, person.id, change.new_email, now())
            if left is None:
                change.confirmed_at = now()
                await self._letters.later(session, "email_changed", subject_id=change.id)
            else:
                # Back by another way than the undo that waits here; no address between may undo it.
                await letter_store.delete_changes_after(session, person.id, left)
            await self._sessions.forget_person(session, person.id)
            await note(session, Action.EMAIL_CHANGED, person.id, client=client)

    async def undo_email(self, token: str, client: Client) -> None:
        """Back to the old address; everybody is shut out, and a reset letter goes there.

        The changes that came after this one are undone with it: whoever held the account
        meanwhile may have led it over addresses of their own, which must not take it back.
        """
        async with self._spending(client), self._database.transaction(Scope()) as session:
            person, change = await _spend(session, token, onetime.UNDO_EMAIL)
            await self._set_email(session, person, change.old_email)
            change.undone_at = now()
            await letter_store.delete_changes_after(session, person.id, change.id)
            ended = await self._sessions.shut_everybody_out(
                session, person.id, reason="email_change_undone"
            )
            await self._letters.later(session, "reset_password", user_id=person.id)
            await note(
                session, Action.EMAIL_CHANGED, person.id, client=client, undone=True, ended=ended
            )

    async def _set_email(self, session: Session, person: UserRow, email: str) -> None:
        holder = await store.user_by_key(session, email_key(email))
        if holder is not None and holder.id != person.id:
            raise EmailTaken
        person.email, person.email_key, person.email_verified = email, email_key(email), True
        person.version += 1
        await letter_store.delete_one_time(
            session, person.id, onetime.RESET_PASSWORD, onetime.VERIFY_EMAIL
        )
        await session.flush()

    def _spending(self, client: Client) -> "_Spending":
        return _Spending(self._throttle, client)


class _Spending:
    """Counts links that lead nowhere, outside the transaction that they roll back."""

    def __init__(self, throttle: Throttle, client: Client) -> None:
        self._throttle = throttle
        self._buckets = link_buckets(client.ip)

    async def __aenter__(self) -> None:
        await self._throttle.check(self._buckets)

    async def __aexit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, InvalidLink):
            await self._throttle.count(self._buckets)


async def _person(session: Session, user_id: UUID | None) -> UserRow:
    row = None if user_id is None else await store.user_by_id(session, user_id, lock=True)
    if row is None:
        raise NotFound
    return row


async def _spend(session: Session, token: str, purpose: str) -> tuple[UserRow, EmailChangeRow]:
    """The person and the change of a token, which is spent.

    The person is held first, as by whatever else takes their changes and tokens away: of an undo
    and a confirmation at once the second finds what the first left.
    """
    person = await letter_store.person_of_change(session, onetime.digest_of(token))
    held = None if person is None else await store.user_by_id(session, person, lock=True)
    row = await onetime.take(session, token, purpose)
    change = None
    if row.email_change_id is not None:
        change = await letter_store.email_change(session, row.email_change_id)
    if held is None or change is None or change.undone_at is not None:
        raise InvalidLink(pointer="/token")
    return held, change
