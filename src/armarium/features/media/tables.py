"""Blobs (objects in the store), media (pictures as people know them), and their variants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned


class BlobRow(SpaceOwned, Base):
    """One object; `references_count` says how many media and variants show it."""

    __tablename__ = "blobs"
    __table_args__ = (
        UniqueConstraint("space_id", "key"),
        CheckConstraint("state in ('pending', 'stored')", name="state"),
        CheckConstraint("references_count >= 0", name="references_count"),
        Index("ix_blobs_sha256", "space_id", "sha256", postgresql_where=text("sha256 is not null")),
        Index(
            "ix_blobs_unreferenced",
            "space_id",
            "unreferenced_at",
            postgresql_where=text("unreferenced_at is not null"),
        ),
    )

    key: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    references_count: Mapped[int] = mapped_column(BigInteger, default=1)
    unreferenced_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class MediaRow(SpaceOwned, Base):
    """A photo or crop; `holds` counts the items and scans that use it."""

    __tablename__ = "media"
    __table_args__ = (
        ForeignKeyConstraint(["space_id", "blob_id"], ["blobs.space_id", "blobs.id"]),
        ForeignKeyConstraint(["space_id", "parent_id"], ["media.space_id", "media.id"]),
        CheckConstraint(
            "status in ('awaiting_upload', 'stored', 'ready', 'failed')", name="status"
        ),
        CheckConstraint("holds >= 0", name="holds"),
        Index("ix_media_blob", "space_id", "blob_id"),
        Index(
            "ix_media_parent",
            "space_id",
            "parent_id",
            postgresql_where=text("parent_id is not null"),
        ),
        Index(
            "ix_media_unheld",
            "space_id",
            "unheld_since",
            postgresql_where=text("unheld_since is not null"),
        ),
    )

    blob_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    filename: Mapped[str] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    placeholder: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    problem: Mapped[str | None] = mapped_column(Text)
    region: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    holds: Mapped[int] = mapped_column(BigInteger, default=0)
    unheld_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=now)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    created_by: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    """The private room of the item that shows it; settled with the item."""


class VariantRow(Base):
    """A smaller picture of a medium, by name (`128`, `256`, `512`, `display`)."""

    __tablename__ = "media_variants"
    __table_args__ = (
        ForeignKeyConstraint(["space_id", "media_id"], ["media.space_id", "media.id"]),
        ForeignKeyConstraint(["space_id", "blob_id"], ["blobs.space_id", "blobs.id"]),
        Index("ix_media_variants_blob", "space_id", "blob_id"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    media_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    blob_id: Mapped[UUID]
    width: Mapped[int]
    height: Mapped[int]
