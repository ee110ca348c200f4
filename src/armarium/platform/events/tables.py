"""The outbox: what happened, kept until it has been handed to every subscriber."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.ids import new_id
from armarium.platform.database import Base
from armarium.platform.owned import OwnedTables


class EventRow(Base):
    """One event. `space_id` is null for what concerns the whole instance."""

    __tablename__ = "events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    space_id: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    """The private room whose people alone hear of it."""
    user_id: Mapped[UUID | None]
    type: Mapped[str]
    version: Mapped[int]
    source: Mapped[str]
    subject: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    dispatched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


Index(
    "ix_events_undispatched",
    EventRow.id,
    postgresql_where=EventRow.dispatched_at.is_(None),
)
Index("ix_events_space_id_id", EventRow.space_id, EventRow.id)
Index("ix_events_created_at", EventRow.created_at)


OWNED = OwnedTables("events", EventRow, written_once=True)
"""What the outbox still holds of a space."""
