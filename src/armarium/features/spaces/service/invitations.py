"""Letting people in: a seat is offered by address or by link, and taken once.

Of a link's token only the SHA-256 is kept; it is shown to whoever made it and to nobody again.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from armarium.features.accounts import Throttle, bucket, mailbox_buckets
from armarium.features.spaces.errors import (
    InvalidSharing,
    MoneyHidden,
    NoSuchCollection,
    NoSuchInvitation,
    NoSuchSpace,
    NotAnOwner,
)
from armarium.features.spaces.models import DEFAULT_DAYS, MAX_DAYS, Invitation
from armarium.features.spaces.policy import role_of, sees_money_of
from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.store import collections as collection_store
from armarium.features.spaces.store import invitations as store
from armarium.features.spaces.store import members as member_store
from armarium.features.spaces.tables import GrantRow, InvitationRow, MemberRow
from armarium.kit.emails import email_key, is_email
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope, Session, rescope
from armarium.platform.http import Principal

MAX_TOKEN = 200
LETTER = "space_invitation"
LETTERS_AT_ONCE = 20
"""Of one person, before they wait."""


def token_hash(token: str) -> bytes:
    """What is stored of a token that has enough random bits of its own."""
    return hashlib.sha256(token[:MAX_TOKEN].encode()).digest()


class Letters(Protocol):
    """Tells somebody that a seat waits for them; ids only, the letter is made by the worker."""

    async def __call__(self, session: Session, invitation: Invitation) -> None:
        """Called in the transaction that makes the invitation."""
        ...


class SpaceInvitations:
    """Offers, withdraws, shows and answers seats."""

    def __init__(self, *, database: Database, spaces: Spaces, throttle: Throttle) -> None:
        self._database = database
        self._spaces = spaces
        self._throttle = throttle
        self.letters: list[Letters] = []

    async def offer(
        self,
        caller: Principal,
        space_id: UUID,
        *,
        role: str,
        sees_money: bool | None = None,
        email: str | None = None,
        collection_id: UUID | None = None,
        days: int = DEFAULT_DAYS,
    ) -> Invitation:
        """Offer a seat; without `email` to whoever holds the token first.

        Raises:
            MoneyHidden: the caller would show prices that they do not see.
            TooManyAttempts: after many letters to this mailbox, or from this person.
        """
        if email is not None and not is_email(email.strip()):
            raise InvalidSharing("This is not an e-mail address.", pointer="/email")
        if not 1 <= days <= MAX_DAYS:
            raise InvalidSharing(f"From 1 to {MAX_DAYS} days.", pointer="/days")
        wanted, at, token = role_of(role), now(), secrets.token_urlsafe(32)
        money = bool(sees_money) if collection_id else sees_money_of(wanted, sees_money)
        row = InvitationRow(
            space_id=space_id,
            id=new_id(),
            token_hash=token_hash(token),
            email=None if email is None else email.strip(),
            email_key=None if email is None else email_key(email),
            collection_id=collection_id,
            role=wanted,
            sees_money=money,
            created_by=caller.user_id,
            created_at=at,
            expires_at=at + timedelta(days=days),
            answered_at=None,
            answered_by=None,
            answer=None,
        )
        scope = _scope(caller, space_id, collection_id)
        if row.email_key is not None:
            async with self._database.transaction(scope) as session:
                await self._demand_giving(session, caller, row)
            await self._spare(caller, row.email_key)
        async with self._database.transaction(scope) as session:
            await self._demand_giving(session, caller, row)
            session.add(row)
            await session.flush()
            made = store.invitation_of(row, token=token)
            detail = {
                "role": wanted,
                "sees_money": money,
                "by": "link" if email is None else "mail",
            }
            await _record(session, caller, Action.MEMBER_INVITED, row, detail)
            if email is not None:
                for letter in self.letters:
                    await letter(session, made)
        return made

    async def of_space(self, caller: Principal, space_id: UUID) -> list[Invitation]:
        """What was offered in a space, for those who may offer."""
        async with self._database.transaction(_scope(caller, space_id, None)) as session:
            if await member_store.member(session, space_id, caller.user_id) is None:
                raise NoSuchSpace
            return [store.invitation_of(row) for row in await store.of_space(session, space_id)]

    async def withdraw(self, caller: Principal, space_id: UUID, invitation_id: UUID) -> None:
        """Take an offer back before it is answered."""
        async with self._database.transaction(_scope(caller, space_id, None)) as session:
            found = [row for row in await store.of_space(session, space_id) if not row.answer]
            row = next((each for each in found if each.id == invitation_id), None)
            if row is None:
                raise NoSuchInvitation
            await self._demand(session, caller, space_id, row.collection_id)
            row.answer, row.answered_at, row.answered_by = "revoked", now(), caller.user_id
            await session.flush()
            await _record(session, caller, Action.MEMBER_INVITATION_REVOKED, row, {})

    async def for_caller(self, caller: Principal) -> list[Invitation]:
        """Open offers to the caller's address, if it is confirmed."""
        key = email_key(caller.email)
        async with self._database.transaction(Scope(user_id=caller.user_id)) as session:
            rows = await store.open_for(session, now(), store.addressed_to(key))
            return await _named(session, caller, rows)

    async def look(self, caller: Principal, token: str) -> Invitation:
        """What a token offers."""
        digest = token_hash(token)
        scope = Scope(user_id=caller.user_id, link=digest)
        async with self._database.transaction(scope) as session:
            rows = await store.open_for(session, now(), store.with_hash(digest))
            if not (found := await _named(session, caller, rows)):
                raise NoSuchInvitation
            return found[0]

    async def accept(
        self, caller: Principal, *, token: str | None = None, invitation_id: UUID | None = None
    ) -> UUID:
        """Take the seat; gives the space. A member who is offered a membership keeps their own.

        An offer is worth what its maker may give by now.
        """
        scope, condition = _held(caller, token, invitation_id)
        async with self._database.transaction(scope) as session:
            rows = await store.open_for(session, now(), *condition, lock=True)
            if not rows or not await store.backed(session, rows[0]):
                raise NoSuchInvitation
            row = rows[0]
            await self._seat(session, caller, row)
            row.answer, row.answered_at, row.answered_by = "accepted", now(), caller.user_id
            await session.flush()
            action = Action.GRANTED if row.collection_id else Action.MEMBER_ADDED
            detail = {"role": row.role, "sees_money": row.sees_money}
            await _record(session, caller, action, row, detail)
            await self._spaces.forget(session, [caller.user_id])
        return row.space_id

    async def decline(
        self, caller: Principal, *, token: str | None = None, invitation_id: UUID | None = None
    ) -> None:
        """Say no."""
        scope, condition = _held(caller, token, invitation_id)
        async with self._database.transaction(scope) as session:
            rows = await store.open_for(session, now(), *condition, lock=True)
            if not rows:
                raise NoSuchInvitation
            row = rows[0]
            row.answer, row.answered_at, row.answered_by = "declined", now(), caller.user_id
            await session.flush()

    async def _seat(self, session: Session, caller: Principal, row: InvitationRow) -> None:
        if row.collection_id is None:
            if await member_store.member(session, row.space_id, caller.user_id) is None:
                session.add(
                    MemberRow(
                        space_id=row.space_id,
                        user_id=caller.user_id,
                        role=row.role,
                        sees_money=row.sees_money,
                        created_at=now(),
                    )
                )
        else:
            known = await collection_store.grant(
                session, row.space_id, row.collection_id, caller.user_id
            )
            if known is not None:
                await session.delete(known)
                await session.flush()
            session.add(
                GrantRow(
                    space_id=row.space_id,
                    collection_id=row.collection_id,
                    user_id=caller.user_id,
                    role=row.role,
                    sees_money=row.sees_money,
                    created_at=now(),
                )
            )
        await session.flush()

    async def _demand_giving(self, session: Session, caller: Principal, row: InvitationRow) -> None:
        """Refuse who lets nobody in there, and who would show more than they see."""
        await self._demand(session, caller, row.space_id, row.collection_id)
        if not await store.backed(session, row):
            raise MoneyHidden

    async def _spare(self, caller: Principal, mailbox: str) -> None:
        """Nobody's mailbox fills up because somebody goes on inviting it."""
        mine = bucket(LETTERS_AT_ONCE, LETTER, "of", str(caller.user_id))
        counted = (mine, *mailbox_buckets(LETTER, mailbox))
        await self._throttle.check(counted)
        await self._throttle.count(counted)

    async def _demand(
        self, session: Session, caller: Principal, space_id: UUID, collection_id: UUID | None
    ) -> None:
        """Owners of the space offer memberships; whoever manages a collection offers that."""
        member = await member_store.member(session, space_id, caller.user_id)
        space = await member_store.space(session, space_id)
        if space is None or space.deleted_at is not None:
            raise NoSuchSpace
        if collection_id is None:
            if member is None:
                raise NoSuchSpace
            if member.role != "owner":
                raise NotAnOwner
            return
        await demand_manager(session, caller, space_id, collection_id)


async def demand_manager(
    session: Session, caller: Principal, space_id: UUID, collection_id: UUID
) -> None:
    """Refuse all but the collection's owners and, unless it is private, the space's owners."""
    found = await collection_store.collection(session, space_id, collection_id)
    if found is None:
        raise NoSuchCollection
    grant = await collection_store.grant(session, space_id, collection_id, caller.user_id)
    member = await member_store.member(session, space_id, caller.user_id)
    owns_space = member is not None and member.role == "owner" and found.visibility != "private"
    if not owns_space and (grant is None or grant.role != "owner"):
        raise NotAnOwner


def _scope(caller: Principal, space_id: UUID, collection_id: UUID | None) -> Scope:
    """Sight of what is offered; the job of a letter is all that is written beside the offer."""
    rooms = () if collection_id is None else (collection_id,)
    if caller.space_id == space_id:
        return replace(caller.scope, writable=(), derived=(space_id,))
    return Scope(
        spaces=(space_id,),
        user_id=caller.user_id,
        writable=(),
        derived=(space_id,),
        collections=rooms,
    )


def _held(
    caller: Principal, token: str | None, invitation_id: UUID | None
) -> tuple[Scope, list[store.Condition]]:
    """The scope that sees the offer, and the conditions that name it."""
    if token is not None:
        digest = token_hash(token)
        return Scope(user_id=caller.user_id, link=digest), [store.with_hash(digest)]
    if invitation_id is not None:
        mine = store.addressed_to(email_key(caller.email))
        return Scope(user_id=caller.user_id), [mine, store.with_id(invitation_id)]
    raise InvalidSharing("Send the token of a link, or the id of an invitation to you.")


async def _named(
    session: Session, caller: Principal, rows: Sequence[InvitationRow]
) -> list[Invitation]:
    """With the names of what is offered, which the offer itself lets the invited see."""
    spaces = tuple({row.space_id for row in rows})
    rooms = tuple({row.collection_id for row in rows if row.collection_id is not None})
    await rescope(session, Scope(spaces=(*spaces, *rooms), user_id=caller.user_id, writable=()))
    found: list[Invitation] = []
    for row in rows:
        space = await member_store.space(session, row.space_id)
        if space is None or not await store.backed(session, row):
            continue
        collection = None
        if row.collection_id is not None:
            collection = await collection_store.collection(session, row.space_id, row.collection_id)
        found.append(
            replace(
                store.invitation_of(row),
                space_name=space.name,
                collection_name=None if collection is None else collection.name,
            )
        )
    return found


async def _record(
    session: Session,
    caller: Principal,
    action: Action,
    row: InvitationRow,
    detail: Mapping[str, object],
) -> None:
    target = row.collection_id or row.space_id
    entry = AuditEntry(
        action=action,
        actor=caller.user_id,
        impersonator=caller.impersonator,
        space_id=row.space_id,
        target_type="space" if row.collection_id is None else "collection",
        target_id=target,
        detail={"invitation": str(row.id), **detail},
    )
    await record(session, entry)
