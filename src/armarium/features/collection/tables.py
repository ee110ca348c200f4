"""Items and what belongs to them. `item_values` is a projection for filters, made by policy."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kinds import ITEM_STATUSES
from armarium.kit.instants import now
from armarium.platform.database import Base, SpaceOwned

LIVE, TRASHED = text("deleted_at is null"), text("deleted_at is not null")
STATUS_CHECK = f"status in ({', '.join(repr(value) for value in ITEM_STATUSES.values)})"
ITEM_KEY = ["items.space_id", "items.id"]
PLAIN = "C"
"""Keys are folded already; comparing them by bytes is fast and the same on every server."""


def of_item() -> ForeignKeyConstraint:
    """What belongs to an item goes with it."""
    return ForeignKeyConstraint(["space_id", "item_id"], ITEM_KEY, ondelete="CASCADE")


class ItemRow(SpaceOwned, Base):
    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint(STATUS_CHECK, name="status"),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_items_created", "space_id", "created_at", "id", postgresql_where=LIVE),
        Index("ix_items_updated", "space_id", "updated_at", "id", postgresql_where=LIVE),
        Index("ix_items_title", "space_id", "title_key", "id", postgresql_where=LIVE),
        Index("ix_items_kind", "space_id", "kind", "created_at", "id", postgresql_where=LIVE),
        Index(
            "ix_items_status",
            "space_id",
            "status",
            "created_at",
            "id",
            postgresql_include=["kind", "room_id"],
            postgresql_where=LIVE,
        ),
        Index("ix_items_creator", "space_id", "creator_key", "id", postgresql_where=LIVE),
        Index("ix_items_set", "space_id", "set_key", "id", postgresql_where=LIVE),
        Index(
            "ix_items_catalogue_entry",
            "space_id",
            "catalogue_entry_id",
            postgresql_where=text("catalogue_entry_id is not null"),
        ),
        Index("ix_items_trash", "space_id", "deleted_at", "id", postgresql_where=TRASHED),
        ForeignKeyConstraint(
            ["space_id", "room_id"], ["spaces_collection.space_id", "spaces_collection.id"]
        ),
        Index("ix_items_room", "space_id", "room_id", postgresql_where=text("room_id is not null")),
    )

    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    title_key: Mapped[str] = mapped_column(Text(collation=PLAIN))
    subtitle: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    own_fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    creator_key: Mapped[str] = mapped_column(Text(collation=PLAIN))
    set_key: Mapped[str] = mapped_column(Text(collation=PLAIN))
    year: Mapped[int | None] = mapped_column(BigInteger)
    notes: Mapped[str] = mapped_column(Text)
    read_text: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    catalogue_entry_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[UUID | None]
    room_id: Mapped[UUID | None]
    """The private room that hides the item from the space's other members; settled by SQL."""


class IdentifierRow(Base):
    __tablename__ = "item_identifiers"
    __table_args__ = (
        of_item(),
        Index("ix_item_identifiers_value", "space_id", "scheme", "value"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(Text(collation=PLAIN), primary_key=True)
    value: Mapped[str] = mapped_column(Text(collation=PLAIN), primary_key=True)
    derived: Mapped[bool]
    position: Mapped[int]


class TagRow(Base):
    __tablename__ = "item_tags"
    __table_args__ = (of_item(), Index("ix_item_tags_key", "space_id", "key", "item_id"))

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text(collation=PLAIN), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class ImageRow(Base):
    __tablename__ = "item_images"
    __table_args__ = (
        of_item(),
        ForeignKeyConstraint(["space_id", "media_id"], ["media.space_id", "media.id"]),
        Index("ix_item_images_media", "space_id", "media_id"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    media_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text)
    position: Mapped[int]


class ValueRow(Base):
    """One filterable value, in the column of its type (operators there are leakproof)."""

    __tablename__ = "item_values"
    __table_args__ = (
        of_item(),
        CheckConstraint(
            "num_nonnulls(text_value, bigint_value, float_value, instant_value) = 1", name="one"
        ),
        *(
            Index(
                f"ix_item_values_{name}",
                "space_id",
                "field",
                f"{name}_value",
                "item_id",
                postgresql_where=text(f"{name}_value is not null"),
            )
            for name in ("text", "bigint", "float", "instant")
        ),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(Text(collation=PLAIN), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text_value: Mapped[str | None] = mapped_column(Text(collation=PLAIN))
    bigint_value: Mapped[int | None] = mapped_column(BigInteger)
    float_value: Mapped[float | None] = mapped_column(Double)
    instant_value: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CollectedRow(Base):
    """That an item is in a named collection (`spaces_collection`)."""

    __tablename__ = "collection_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["space_id", "collection_id"],
            ["spaces_collection.space_id", "spaces_collection.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["space_id", "item_id"],
            ITEM_KEY,
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_collection_items_item", "space_id", "item_id", "collection_id"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    added_by: Mapped[UUID | None]


class MoneyRow(Base):
    """What an item cost; apart from the item, under a policy of its own."""

    __tablename__ = "item_money"
    __table_args__ = (
        of_item(),
        Index("ix_item_money_amount", "space_id", "currency", "amount_minor", "item_id"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    fees_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(Text(collation=PLAIN))
    acquired_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class SecretRow(Base):
    """What only members who see prices may read of an item; sealed under the space's key."""

    __tablename__ = "item_secrets"
    __table_args__ = (of_item(),)

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    version: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class HistoryRow(SpaceOwned, Base):
    """What was done to an item; kept while the item is."""

    __tablename__ = "item_history"
    __table_args__ = (of_item(), Index("ix_item_history_item", "space_id", "item_id", "id"))

    item_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    actor: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
