"""Sealed details of items; this file never sees them in the clear."""

import struct
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from armarium.features.collection.tables import SecretRow
from armarium.platform.database import Session


class PrivateStore:
    """One transaction's view; the policies show nothing to guests and links."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def get(self, space_id: UUID, item_id: UUID) -> SecretRow | None:
        """What is kept of an item."""
        return await self._session.get(SecretRow, (space_id, item_id))

    async def put(
        self, space_id: UUID, item_id: UUID, sealed: bytes, version: int, *, at: datetime
    ) -> None:
        """Insert or replace."""
        values = {"sealed": sealed, "version": version, "updated_at": at}
        statement = upsert(SecretRow).values(space_id=space_id, item_id=item_id, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["space_id", "item_id"], set_=values)
        )

    async def remove(self, space_id: UUID, item_id: UUID) -> None:
        """Nothing is kept any more."""
        await self._session.execute(
            delete(SecretRow).where(SecretRow.space_id == space_id, SecretRow.item_id == item_id)
        )

    async def all_of(self, space_id: UUID, after: UUID | None, limit: int) -> list[SecretRow]:
        """Page by page, in the order of ids."""
        chosen = select(SecretRow).where(SecretRow.space_id == space_id)
        if after is not None:
            chosen = chosen.where(SecretRow.item_id > after)
        return list(await self._session.scalars(chosen.order_by(SecretRow.item_id).limit(limit)))

    async def older(self, space_id: UUID, generation: int, limit: int) -> list[SecretRow]:
        """Rows that another generation of the key sealed, held: nobody's edit is overwritten."""
        chosen = select(SecretRow).where(*self._older(space_id, generation)).limit(limit)
        return list(await self._session.scalars(chosen.with_for_update()))

    async def count_older(self, space_id: UUID, generation: int) -> int:
        """How many those are."""
        chosen = select(func.count()).select_from(SecretRow)
        return await self._session.scalar(chosen.where(*self._older(space_id, generation))) or 0

    def _older(self, space_id: UUID, generation: int) -> tuple[ColumnElement[bool], ...]:
        sealed_by = func.substring(SecretRow.sealed, 2, 4)
        return (SecretRow.space_id == space_id, sealed_by != struct.pack(">I", generation))
