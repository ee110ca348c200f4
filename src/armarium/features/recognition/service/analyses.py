"""What was read of an item's pictures, for its page and for those who judge it later."""

from uuid import UUID

from armarium.features.collection import ItemReader
from armarium.features.recognition import store
from armarium.features.recognition.models import Analysis
from armarium.platform.database import Database
from armarium.platform.http.principal import Principal


class AnalysisReader:
    """Shows the analyses of items."""

    def __init__(self, *, database: Database, items: ItemReader) -> None:
        self._database = database
        self._items = items

    async def of_item(self, principal: Principal, item_id: UUID) -> list[Analysis]:
        """Newest first; empty for an item that was made by hand.

        Raises `NotFound` for an item that is not the caller's.
        """
        await self._items.get(principal.scope, item_id)
        async with self._database.transaction(principal.scope) as session:
            return await store.analyses_of_item(session, item_id)
