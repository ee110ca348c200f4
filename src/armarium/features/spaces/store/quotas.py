"""Rows of quotas and of paid calls."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from armarium.features.spaces.tables import ModelCallRow, QuotaRow, SpaceRow
from armarium.kit.ids import new_id
from armarium.platform.database import Session

LOCK = text("select pg_advisory_xact_lock(:family, hashtext(:what))")
LOCK_FAMILY = 0x41524D31


async def limits_of(session: Session, space_id: UUID) -> Mapping[str, int | None]:
    """What was set for this space; None stands for the server's own bound."""
    row = await session.get(QuotaRow, space_id)
    names = ("storage_bytes", "items", "model_calls")
    return {name: None if row is None else getattr(row, name) for name in names}


async def version_of(session: Session, space_id: UUID) -> int:
    """How often they were set; 0 for never."""
    row = await session.get(QuotaRow, space_id)
    return 0 if row is None else row.version


async def save(
    session: Session, space_id: UUID, limits: Mapping[str, Any], *, by: UUID, at: datetime
) -> None:
    """Set all of a space's bounds."""
    values = {**limits, "changed_by": by, "changed_at": at}
    statement = insert(QuotaRow).values(space_id=space_id, **values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[QuotaRow.space_id],
            set_={**values, "version": QuotaRow.version + 1},
        )
    )


async def exists(session: Session, space_id: UUID) -> bool:
    """Whether there is such a space."""
    return await session.get(SpaceRow, space_id) is not None


async def lock(session: Session, space_id: UUID, resource: str) -> None:
    """One at a time from here to the commit, for one space and resource."""
    what = {"family": LOCK_FAMILY, "what": f"{space_id}:{resource}"}
    await session.execute(LOCK, what)


async def add_call(
    session: Session, space_id: UUID, user_id: UUID | None, call: Mapping[str, str], at: datetime
) -> bool:
    """Count one call; False when its source was counted before."""
    values = {"space_id": space_id, "id": new_id(), "user_id": user_id, "at": at, **call}
    made = await session.execute(
        insert(ModelCallRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["space_id", "source"])
        .returning(ModelCallRow.id)
    )
    return made.first() is not None


async def calls_since(session: Session, user_id: UUID | None, space_id: UUID, at: datetime) -> int:
    """Calls of a person wherever they acted; of nobody, those of the space itself."""
    whose = (
        ModelCallRow.user_id == user_id
        if user_id is not None
        else (ModelCallRow.user_id.is_(None) & (ModelCallRow.space_id == space_id))
    )
    statement = select(func.count()).select_from(ModelCallRow).where(whose, ModelCallRow.at >= at)
    return (await session.execute(statement)).scalar_one()
