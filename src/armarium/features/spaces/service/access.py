"""A person's spaces, and the person behind a token as the whole program sees them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from armarium.features.accounts import Identity, Sessions, User
from armarium.features.spaces.errors import NoSuchSpace
from armarium.features.spaces.models import PERSON, Grant, Membership, Space, Standing
from armarium.features.spaces.policy import acting_in, may_write
from armarium.features.spaces.store import members as store
from armarium.features.spaces.tables import MemberRow, SpaceRow
from armarium.kit.instants import now
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session, rescope
from armarium.platform.http.principal import Principal
from armarium.platform.http.scopes import ApiScope


class Spaces:
    """Makes each new person a space, and resolves who acts where."""

    def __init__(self, *, database: Database, sessions: Sessions, cache: Cache) -> None:
        self._database = database
        self._sessions = sessions
        self._cache = cache

    async def add_person(self, session: Session, user: User) -> None:
        """Give a new person their own space, in the transaction that makes the person."""
        at = now()
        session.add(
            SpaceRow(
                id=user.id,
                kind=PERSON,
                name=None,
                version=1,
                created_at=at,
                created_by=user.id,
                deleted_at=None,
            )
        )
        await session.flush()
        session.add(
            MemberRow(
                space_id=user.id, user_id=user.id, role="owner", sees_money=True, created_at=at
            )
        )
        await session.flush()

    async def remove_person(self, session: Session, user_id: UUID) -> None:
        """Delete a person's own space; what it held must be gone before."""
        await store.delete_space(session, user_id)

    async def of_person(self, user_id: UUID) -> list[Space]:
        """The spaces that a person may act in, as a member or as a guest of collections."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            found = await store.standing(session, user_id)
            return await store.spaces_of(session, user_id, found)

    async def owned_apart(self, session: Session, user_id: UUID) -> list[Space]:
        """Spaces besides their own that would have no owner without this person.

        In the transaction that lets them go, whose scope changes: the owners are held until it
        ends, so that two cannot leave each other behind.
        """
        await rescope(session, Scope(user_id=user_id))
        found = await store.standing(session, user_id)
        left: list[Space] = []
        for each in sorted(await store.spaces_of(session, user_id, found), key=lambda one: one.id):
            if each.id == user_id or each.role != "owner" or each.collections:
                continue
            await rescope(session, Scope((each.id,), user_id, writable=()))
            if not await store.owners(session, each.id) - {user_id}:
                left.append(each)
        return left

    async def authenticate(self, token: str, space_id: UUID | None) -> Principal:
        """The caller behind an access token, acting in `space_id` or in their own space.

        The database then shows the rows of that one space only: of its private rooms those that
        they may enter; to a guest the collections that were granted.
        """
        user, identity = await self._sessions.identify(token)
        chosen = space_id or user.id
        member, grants = acting_in(await self.standing(user.id), chosen)
        is_closing = user.closes_at is not None and chosen == user.id
        if member is None and not grants and not is_closing:
            raise NoSuchSpace(pointer="header:X-Space")
        who: dict[str, Any] = {
            "user_id": user.id,
            "email": user.email,
            "space_id": chosen,
            "is_admin": user.is_admin and _is_whole(identity),
            "role": user.role,
            "session_id": identity.session_id,
            "via": identity.via,
            "scopes": identity.scopes,
            "second_factor": identity.second_factor,
            "impersonator": identity.impersonator,
            "closes_at": user.closes_at,
        }
        if user.closes_at is not None:
            # Everything of theirs is hidden; all that they may do is take it back.
            return Principal(**who, spaces=(), sees_money=False)
        return _guest(who, grants) if member is None else _member(who, member, grants)

    async def standing(self, user_id: UUID) -> Standing:
        """Where a person may act, kept until it changes."""

        async def load() -> Standing:
            async with self._database.transaction(Scope(user_id=user_id)) as session:
                return await store.standing(session, user_id)

        return await self._cache.get(_key(user_id), load)

    async def forget(self, session: Session, people: Iterable[UUID]) -> None:
        """Where these people stand changes with this transaction, in every process."""
        for person in sorted(set(people)):
            await self._cache.forget(session, _key(person))


def _is_whole(identity: Identity) -> bool:
    """Whether what they show stands for their role on the server: of a key, if it names that."""
    return identity.scopes is None or ApiScope.ADMIN in identity.scopes


def _key(user_id: UUID) -> str:
    return f"member:{user_id}"


def _member(who: dict[str, Any], member: Membership, grants: list[Grant]) -> Principal:
    rooms = [each for each in grants if each.is_room]
    writable: tuple[UUID, ...] = ()
    if may_write(member.role):
        entered = (each.collection_id for each in rooms if may_write(each.role))
        writable = (member.space_id, *entered)
    return Principal(
        **who,
        spaces=(member.space_id, *(each.collection_id for each in rooms)),
        space_role=member.role,
        sees_money=member.sees_money,
        writable=writable,
        sees_all=len(rooms) == member.rooms,
    )


def _guest(who: dict[str, Any], grants: list[Grant]) -> Principal:
    """A guest sees prices only where every grant says so, and is never the space's owner."""
    return Principal(
        **who,
        spaces=(),
        space_role="editor" if any(may_write(each.role) for each in grants) else "viewer",
        sees_money=all(each.sees_money for each in grants),
        collections=tuple(each.collection_id for each in grants),
        writable=(),
        editable=tuple(each.collection_id for each in grants if may_write(each.role)),
    )
