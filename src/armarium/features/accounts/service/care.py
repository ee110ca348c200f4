"""What the room forgets by itself, and the key that it renews."""

from datetime import timedelta

from armarium.features.accounts import store
from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.store import factors, history, letters
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope

HISTORY_KEPT = timedelta(days=90)
SESSIONS_KEPT = timedelta(days=30)
CHANGES_KEPT = timedelta(days=30)


class AccountCare:
    """Runs once a day in the worker."""

    def __init__(self, *, database: Database, keys: SigningKeys) -> None:
        self._database = database
        self._keys = keys

    async def tidy(self) -> dict[str, bool]:
        """Forget what has ended, and rotate the signing key when it is old."""
        at = now()
        async with self._database.transaction(Scope()) as session:
            await history.delete_logins(session, at - HISTORY_KEPT)
            await history.delete_old_sessions(session, at - SESSIONS_KEPT)
            await letters.delete_expired(session, at)
            await letters.delete_old_changes(session, at - CHANGES_KEPT)
            await factors.delete_expired_challenges(session, at)
            await store.delete_dead_keys(session, at - self._keys.kept_after_retirement)
        return {"rotated": await self._keys.rotate_if_old()}
