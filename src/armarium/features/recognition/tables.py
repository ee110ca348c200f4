from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.features.recognition.models import DECISIONS, DETECTION_STATES, SCAN_STATUSES
from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The SQL of a CHECK that keeps a text column to a vocabulary."""
    return f"{column} in ({', '.join(repr(value) for value in values)})"


class ScanRow(SpaceOwned, Base):
    __tablename__ = "scans"
    __table_args__ = (
        CheckConstraint(one_of("status", SCAN_STATUSES), name="status"),
        Index("ix_scans_space_id_created_at", "space_id", "created_at", "id"),
    )

    status: Mapped[str] = mapped_column(Text, default="queued")
    kind: Mapped[str | None] = mapped_column(Text)
    catalogue: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ScanPhotoRow(SpaceOwned, Base):
    __tablename__ = "scan_photos"
    __table_args__ = (
        ForeignKeyConstraint(
            ["space_id", "scan_id"], ["scans.space_id", "scans.id"], ondelete="CASCADE"
        ),
        CheckConstraint(one_of("status", SCAN_STATUSES), name="status"),
        Index("ix_scan_photos_space_id_scan_id", "space_id", "scan_id", "position"),
        Index("ix_scan_photos_space_id_media_id", "space_id", "media_id"),
    )

    scan_id: Mapped[UUID]
    media_id: Mapped[UUID]
    position: Mapped[int]
    status: Mapped[str] = mapped_column(Text, default="queued")
    done: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="queued")
    width: Mapped[int | None]
    height: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)


class DetectionRow(SpaceOwned, Base):
    __tablename__ = "detections"
    __table_args__ = (
        ForeignKeyConstraint(
            ["space_id", "photo_id"],
            ["scan_photos.space_id", "scan_photos.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(one_of("decision", DECISIONS), name="decision"),
        CheckConstraint(one_of("state", DETECTION_STATES), name="state"),
        Index("ix_detections_space_id_scan_id", "space_id", "scan_id", "position"),
        Index(
            "ix_detections_space_id_waiting",
            "space_id",
            "photo_id",
            "position",
            "id",
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_detections_space_id_item_id", "space_id", "item_id"),
    )

    scan_id: Mapped[UUID]
    photo_id: Mapped[UUID]
    media_id: Mapped[UUID]
    crop_media_id: Mapped[UUID | None]
    position: Mapped[int]
    box: Mapped[list[Any]] = mapped_column(JSONB)
    score: Mapped[float]
    region: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    ocr: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    quality: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    candidates: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    decision: Mapped[str] = mapped_column(Text, default="unknown")
    state: Mapped[str] = mapped_column(Text, default="pending")
    item_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class ReviewActRow(SpaceOwned, Base):
    __tablename__ = "review_acts"
    __table_args__ = (Index("ix_review_acts_space_id_created_at", "space_id", "created_at", "id"),)

    action: Mapped[str] = mapped_column(Text)
    detection_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    before: Mapped[list[Any]] = mapped_column(JSONB)
    made_items: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    made_detections: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
