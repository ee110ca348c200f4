"""Reference entries, shared by all spaces, and what a space lays over them.

Shared tables carry no `space_id`: a catalogue is the same for everyone, and only administrators
change it. Corrections and private entries are a space's own rows, under row-level security.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pgvector.sqlalchemy import BIT, VECTOR
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned

Instant = DateTime(timezone=True)


class CatalogueRow(Base):
    __tablename__ = "catalogues"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("state in ('empty', 'importing', 'ready')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(Text, default="empty")
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    generation: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of its lookup index; caches compare it."""
    unindexed: Mapped[UUID | None]
    """Another value with each change of its entries; null when the lookup index has them all."""
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)


class SetRow(Base):
    __tablename__ = "catalogue_sets"
    __table_args__ = (UniqueConstraint("catalogue_id", "code"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    catalogue_id: Mapped[UUID] = mapped_column(ForeignKey("catalogues.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    names: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    series: Mapped[str | None] = mapped_column(Text)
    official_count: Mapped[int | None] = mapped_column(Integer)
    released: Mapped[str | None] = mapped_column(Text)
    external_ids: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class EntryRow(Base):
    __tablename__ = "catalogue_entries"
    __table_args__ = (
        UniqueConstraint("catalogue_id", "key"),
        Index("ix_catalogue_entries_catalogue_id_sort_key_id", "catalogue_id", "sort_key", "id"),
        Index(
            "ix_catalogue_entries_catalogue_id_set_code_sort_key_id",
            "catalogue_id",
            "set_code",
            "sort_key",
            "id",
            postgresql_where=text("set_code is not null"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    catalogue_id: Mapped[UUID] = mapped_column(ForeignKey("catalogues.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Text)
    """What makes it the same entry at the next import of the source."""
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text(collation="C"))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    creators: Mapped[list[str]] = mapped_column(ARRAY(Text))
    number: Mapped[str | None] = mapped_column(Text)
    set_code: Mapped[str | None] = mapped_column(Text)
    set_name: Mapped[str | None] = mapped_column(Text)
    series: Mapped[str | None] = mapped_column(Text)
    year_first: Mapped[int | None] = mapped_column(SmallInteger)
    year_last: Mapped[int | None] = mapped_column(SmallInteger)
    identifiers: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """`scheme:value`, comparable (kinds.Kind.identifiers_of)."""
    external_ids: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """As an item of the kind takes them."""
    variants: Mapped[list[Any]] = mapped_column(JSONB)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the source says beyond the kind's fields."""
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """Of everything above; an import touches only rows whose digest differs."""
    updated_at: Mapped[datetime] = mapped_column(Instant)


class ImageRow(Base):
    __tablename__ = "catalogue_images"
    __table_args__ = (
        UniqueConstraint("entry_id", "source"),
        CheckConstraint("state in ('pending', 'ready', 'failed')", name="state"),
        Index("ix_catalogue_images_catalogue_id_state_id", "catalogue_id", "state", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    catalogue_id: Mapped[UUID] = mapped_column(ForeignKey("catalogues.id", ondelete="CASCADE"))
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_entries.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(Text)
    """Its name in the source: a file beside the catalogue file."""
    blob_key: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="pending")
    error: Mapped[str | None] = mapped_column(Text)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    feature_model: Mapped[str | None] = mapped_column(Text)
    phash: Mapped[str | None] = mapped_column(BIT(256))
    embedding: Mapped[Any] = mapped_column(VECTOR(), nullable=True)
    """Comparable within one `feature_model`, whose size it has."""
    local: Mapped[bytes | None] = mapped_column(LargeBinary)


class ImportRow(Base):
    __tablename__ = "catalogue_imports"
    __table_args__ = (
        CheckConstraint("state in ('running', 'done', 'failed')", name="state"),
        Index("ix_catalogue_imports_catalogue_id_started_at", "catalogue_id", "started_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    catalogue_id: Mapped[UUID] = mapped_column(ForeignKey("catalogues.id", ondelete="CASCADE"))
    format: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text)
    """Of file, format and mapping; an unfinished import with the same one is taken up again."""
    state: Mapped[str] = mapped_column(Text, default="running")
    position: Mapped[int] = mapped_column(Integer, default=0)
    """Records of the file that are safely in."""
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    error: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class LookupRow(Base):
    """The lookup index of a catalogue in parts; a projection of its entries, made by an import."""

    __tablename__ = "catalogue_lookups"

    catalogue_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalogues.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(Text, primary_key=True)
    generation: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class OverrideRow(SpaceOwned, Base):
    __tablename__ = "catalogue_overrides"
    __table_args__ = (UniqueConstraint("space_id", "entry_id"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("catalogue_entries.id", ondelete="CASCADE"))
    title: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)


class OwnEntryRow(SpaceOwned, Base):
    __tablename__ = "catalogue_own_entries"
    __table_args__ = (Index("ix_catalogue_own_entries_space_id_kind", "space_id", "kind"),)

    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)
