"""What items cost; the policies show nothing of it to those who may not see it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from armarium.features.collection.models import Cost
from armarium.features.collection.tables import MoneyRow
from armarium.platform.database import Session


class MoneyStore:
    """One transaction's view of costs; the scope decides which."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def of(self, spaces: Collection[UUID], ids: Sequence[UUID]) -> dict[UUID, Cost]:
        """By item, of those that have one and show it; a scope without money asks nothing."""
        if not self._session.info["scope"].sees_money_in(spaces):
            return {}
        rows = await self._session.scalars(
            select(MoneyRow)
            .where(MoneyRow.space_id.in_(spaces), MoneyRow.item_id.in_(ids))
            .execution_options(populate_existing=True)
        )
        return {row.item_id: cost_of(row) for row in rows}

    async def put(self, space_id: UUID, item_id: UUID, cost: Cost | None, *, at: datetime) -> None:
        """Set what an item cost, or take it away."""
        if cost is None:
            await self._session.execute(
                delete(MoneyRow).where(MoneyRow.space_id == space_id, MoneyRow.item_id == item_id)
            )
            return
        values = {
            "amount_minor": cost.amount_minor,
            "fees_minor": cost.fees_minor,
            "currency": cost.currency,
            "acquired_on": cost.acquired_on,
            "source": cost.source,
            "updated_at": at,
        }
        await self._session.execute(
            upsert(MoneyRow)
            .values(space_id=space_id, item_id=item_id, **values)
            .on_conflict_do_update(index_elements=["space_id", "item_id"], set_=values)
        )


def cost_of(row: MoneyRow) -> Cost:
    """The row as the rest of the program sees it."""
    return Cost(
        amount_minor=row.amount_minor,
        currency=row.currency,
        fees_minor=row.fees_minor,
        acquired_on=row.acquired_on,
        source=row.source,
    )
