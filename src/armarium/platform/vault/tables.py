"""Data keys, one living a space, each wrapped under the server's own secret."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base


class SpaceKeyRow(Base):
    """A generation of a space's key; the highest one seals, older ones open until renewed."""

    __tablename__ = "space_keys"

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes]
    server_key: Mapped[str] = mapped_column(Text)
    """Which of the server's secrets wraps it; no part of the secret itself."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
