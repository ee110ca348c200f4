"""Entries and the chain over them; nothing here is ever updated."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base


class AuditRow(Base):
    """One entry. The log outlives the spaces that it speaks of, so it is not one's own data."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "at", "id"),
        Index(None, "subject_space", "at", "id"),
        Index(None, "actor", "at", "id"),
        Index(None, "action", "at", "id"),
        Index(None, "target_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    action: Mapped[str]
    actor: Mapped[UUID | None]
    subject_space: Mapped[UUID | None]
    target_type: Mapped[str | None]
    target_id: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    impersonator: Mapped[UUID | None]
    ip: Mapped[str | None]
    agent: Mapped[str | None]
    request_id: Mapped[str | None]
    digest: Mapped[bytes]


class ChainRow(Base):
    """An entry's place, written by the database at commit (migration 0016)."""

    __tablename__ = "audit_chain"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(unique=True)
    hash: Mapped[bytes]


class AnchorRow(Base):
    """Where the chain begins since the retention cut it: the last link that was removed."""

    __tablename__ = "audit_anchor"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
