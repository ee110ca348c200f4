"""Definitions of a space's own fields; their values are the collection room's typed rows."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned


class OwnFieldRow(SpaceOwned, Base):
    __tablename__ = "own_fields"
    __table_args__ = (
        UniqueConstraint("space_id", "name"),
        CheckConstraint(
            "type in ('text', 'integer', 'decimal', 'date', 'boolean', 'choice')", name="type"
        ),
    )

    kind: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[str]] = mapped_column(JSONB, default=list)
    required: Mapped[bool]
    position: Mapped[int]
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
