"""Spaces and their members; a person's own space has the person's id."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base

INSTANT = DateTime(timezone=True)


class SpaceRow(Base):
    __tablename__ = "spaces_space"
    __table_args__ = (
        CheckConstraint("kind in ('person', 'household', 'shop', 'gallery')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)


class MemberRow(Base):
    __tablename__ = "spaces_member"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'editor', 'viewer')", name="role"),
        Index(None, "user_id"),
    )

    space_id: Mapped[UUID] = mapped_column(
        ForeignKey("spaces_space.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
