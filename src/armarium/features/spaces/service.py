"""A person's spaces, and the person behind a token as the whole program sees them."""

from uuid import UUID

from armarium.features.accounts import Sessions, User
from armarium.features.spaces import store
from armarium.features.spaces.errors import NoSuchSpace
from armarium.features.spaces.models import Membership, Space
from armarium.features.spaces.tables import MemberRow, SpaceRow
from armarium.kit.instants import now
from armarium.platform.cache import Cache
from armarium.platform.database import Database, Scope, Session
from armarium.platform.http.principal import Principal


class Spaces:
    """Makes each new person a space, and resolves who acts where."""

    def __init__(self, *, database: Database, sessions: Sessions, cache: Cache) -> None:
        self._database = database
        self._sessions = sessions
        self._cache = cache

    async def add_person(self, session: Session, user: User) -> None:
        """Give a new person their own space, in the transaction that makes the person."""
        at = now()
        session.add(SpaceRow(id=user.id, kind="person", name=None, version=1, created_at=at))
        await session.flush()
        session.add(MemberRow(space_id=user.id, user_id=user.id, role="owner", created_at=at))
        await session.flush()

    async def remove_person(self, session: Session, user_id: UUID) -> None:
        """Delete a person's own space; what it held must be gone before."""
        await store.delete_space(session, user_id)

    async def of_person(self, user_id: UUID) -> list[Space]:
        """The spaces that a person may act in."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            return await store.spaces_of(session, user_id)

    async def authenticate(self, token: str, space_id: UUID | None) -> Principal:
        """The caller behind an access token, acting in `space_id` or in their own space.

        The database then shows the rows of that one space only.
        """
        user, identity = await self._sessions.identify(token)
        chosen = space_id or user.id
        roles = {item.space_id: item.role for item in await self._memberships(user.id)}
        if chosen not in roles:
            raise NoSuchSpace(pointer="header:X-Space")
        return Principal(
            user_id=user.id,
            email=user.email,
            space_id=chosen,
            spaces=(chosen,),
            is_admin=user.is_admin,
            role=user.role,
            space_role=roles[chosen],
            session_id=identity.session_id,
        )

    async def _memberships(self, user_id: UUID) -> list[Membership]:
        async def load() -> list[Membership]:
            async with self._database.transaction(Scope(user_id=user_id)) as session:
                return await store.memberships(session, user_id)

        return await self._cache.get(f"member:{user_id}", load)
