"""What an invitation's link tells whoever holds it, before they have an account or log in.

Names and the role, so that nobody takes a seat blindly; no ids, no addresses. A token that was
never made, was answered or withdrawn or has expired is answered alike.
"""

from armarium.features.accounts import Throttle, link_buckets, people_by_id
from armarium.features.spaces.errors import NoSuchInvitation
from armarium.features.spaces.models import InvitationGlance
from armarium.features.spaces.service.invitations import token_hash
from armarium.features.spaces.store import collections as collection_store
from armarium.features.spaces.store import invitations as store
from armarium.features.spaces.store import members as member_store
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope, rescope


class InvitationLookup:
    """Reads invitations for strangers."""

    def __init__(self, *, database: Database, throttle: Throttle) -> None:
        self._database = database
        self._throttle = throttle

    async def look(self, token: str, *, ip: str | None) -> InvitationGlance:
        """Who offers a seat where.

        Raises:
            NoSuchInvitation: nothing can be accepted with it.
            TooManyAttempts: after many links that led nowhere, from this place.
        """
        buckets = link_buckets(ip)
        await self._throttle.check(buckets)
        found = await self._found(token_hash(token))
        if found is None:
            await self._throttle.count(buckets)
            raise NoSuchInvitation
        return found

    async def _found(self, digest: bytes) -> InvitationGlance | None:
        async with self._database.transaction(Scope(link=digest)) as session:
            rows = await store.open_for(session, now(), store.with_hash(digest))
            if not rows or not await store.backed(session, rows[0]):
                return None
            row = rows[0]
            rooms = () if row.collection_id is None else (row.collection_id,)
            await rescope(session, Scope(spaces=(row.space_id, *rooms), writable=()))
            space = await member_store.space(session, row.space_id)
            collection = (
                None
                if row.collection_id is None
                else await collection_store.collection(session, row.space_id, row.collection_id)
            )
            inviting = (await people_by_id(session, [row.created_by])).get(row.created_by)
        return InvitationGlance(
            inviter_name=None if inviting is None else inviting.display_name,
            space_name=None if space is None else space.name,
            collection_name=None if collection is None else collection.name,
            role=row.role,
        )
