"""Archives that were asked for; the files themselves lie in the blob store."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base, SpaceOwned

INSTANT = DateTime(timezone=True)


class ArchiveRow(SpaceOwned, Base):
    """One archive of a person's own space, from the request to its expiry."""

    __tablename__ = "operations_archive"
    __table_args__ = (
        CheckConstraint("status in ('queued', 'ready', 'failed', 'expired')", name="status"),
    )

    status: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    ready_at: Mapped[datetime | None] = mapped_column(INSTANT)
    expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
