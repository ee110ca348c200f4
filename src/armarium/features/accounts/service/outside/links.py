"""A person's outside identities: seen, and unlinked as long as another way in remains."""

from collections.abc import Sequence
from uuid import UUID

from armarium.features.accounts import store
from armarium.features.accounts.errors import LastWayIn
from armarium.features.accounts.models import OutsideIdentity
from armarium.features.accounts.service.outside.issuers import Provider
from armarium.features.accounts.service.trail import note
from armarium.features.accounts.store import outside
from armarium.platform.audit import Action
from armarium.platform.database import Database, Scope
from armarium.platform.errors import NotFound


class OutsideLinks:
    """Lists and unlinks."""

    def __init__(self, *, database: Database, providers: Sequence[Provider]) -> None:
        """`providers` are those through which one can log in now."""
        self._database = database
        self._labels = {each.name: each.label for each in providers}
        self._issuers = sorted({each.issuer for each in providers})

    async def list(self, user_id: UUID) -> list[OutsideIdentity]:
        """Oldest first."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            rows = await outside.identities(session, user_id)
        return [
            OutsideIdentity(
                id=row.id,
                provider=row.provider,
                label=self._labels.get(row.provider, row.provider),
                email=row.email,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
            )
            for row in rows
        ]

    async def unlink(self, user_id: UUID, identity_id: UUID) -> None:
        """It logs in nobody from now on; refuses to take the last way in."""
        async with self._database.transaction(Scope(user_id=user_id)) as session:
            # The person's row is held, so that two requests cannot take the last two ways at once.
            await store.user_by_id(session, user_id, lock=True)
            rows = await outside.identities(session, user_id)
            row = next((each for each in rows if each.id == identity_id), None)
            if row is None:
                raise NotFound
            left = await outside.other_ways_in(session, user_id, identity_id, self._issuers)
            if left == 0:
                raise LastWayIn
            await session.delete(row)
            target = ("outside_identity", identity_id)
            await note(
                session, Action.OUTSIDE_UNLINKED, user_id, target=target, provider=row.provider
            )
