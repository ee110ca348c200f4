"""What the HTTP pipe itself stores."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base


class IdempotencyRow(Base):
    """A claim on an Idempotency-Key and, once the request ended well, its answer."""

    __tablename__ = "http_idempotency"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    route: Mapped[str] = mapped_column(Text)
    body_hash: Mapped[bytes]
    status: Mapped[int | None]
    headers: Mapped[str | None] = mapped_column(Text)
    body: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
