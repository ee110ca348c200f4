"""Spaces, their members and named collections, and who else was let in.

A person's own space has the person's id. A collection whose visibility is `private` is a room that
only its own people enter; the policies of migration 0015 hold all of this.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from armarium.platform.database import Base, SpaceOwned

INSTANT = DateTime(timezone=True)
ROLES = "role in ('owner', 'editor', 'viewer')"
COLLECTION_KEY = ["spaces_collection.space_id", "spaces_collection.id"]


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
    created_by: Mapped[UUID | None]
    deleted_at: Mapped[datetime | None] = mapped_column(INSTANT)


class MemberRow(Base):
    __tablename__ = "spaces_member"
    __table_args__ = (
        CheckConstraint(ROLES, name="role"),
        Index(None, "user_id"),
    )

    space_id: Mapped[UUID] = mapped_column(
        ForeignKey("spaces_space.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(Text)
    sees_money: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CollectionRow(SpaceOwned, Base):
    """A named collection; `visibility` is space, private or public."""

    __tablename__ = "spaces_collection"
    __table_args__ = (
        CheckConstraint("visibility in ('space', 'private', 'public')", name="visibility"),
        ForeignKeyConstraint(["space_id"], ["spaces_space.id"], ondelete="CASCADE"),
    )

    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    cover_media_id: Mapped[UUID | None]
    visibility: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[UUID | None]


class GrantRow(Base):
    """What one person may do with one collection, member of the space or not."""

    __tablename__ = "spaces_grant"
    __table_args__ = (
        CheckConstraint(ROLES, name="role"),
        ForeignKeyConstraint(["space_id", "collection_id"], COLLECTION_KEY, ondelete="CASCADE"),
        Index(None, "user_id"),
    )

    space_id: Mapped[UUID] = mapped_column(primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(Text)
    sees_money: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class InvitationRow(SpaceOwned, Base):
    """A seat offered, by address or to whoever holds the token; of that its SHA-256 is kept."""

    __tablename__ = "spaces_invitation"
    __table_args__ = (
        CheckConstraint(ROLES, name="role"),
        CheckConstraint("answer in ('accepted', 'declined', 'revoked')", name="answer"),
        ForeignKeyConstraint(["space_id"], ["spaces_space.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["space_id", "collection_id"], COLLECTION_KEY, ondelete="CASCADE"),
        UniqueConstraint("space_id", "token_hash"),
        Index(None, "email_key"),
        Index(None, "token_hash"),
    )

    token_hash: Mapped[bytes | None]
    email: Mapped[str | None] = mapped_column(Text)
    email_key: Mapped[str | None] = mapped_column(Text)
    collection_id: Mapped[UUID | None]
    role: Mapped[str] = mapped_column(Text)
    sees_money: Mapped[bool]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    answered_by: Mapped[UUID | None]
    answer: Mapped[str | None] = mapped_column(Text)


class LinkRow(SpaceOwned, Base):
    """A link that shows one thing to whoever holds it; of the token its SHA-256 is kept."""

    __tablename__ = "spaces_link"
    __table_args__ = (
        CheckConstraint("target in ('item', 'collection', 'space')", name="target"),
        ForeignKeyConstraint(["space_id"], ["spaces_space.id"], ondelete="CASCADE"),
        UniqueConstraint("space_id", "token_hash"),
        Index("ix_spaces_link_target", "space_id", "target_id"),
        Index(None, "token_hash"),
    )

    token_hash: Mapped[bytes]
    target: Mapped[str] = mapped_column(Text)
    target_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    with_prices: Mapped[bool]
    views: Mapped[int] = mapped_column(BigInteger)
    last_viewed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)


class ProfileRow(Base):
    """What a person shows to everyone; nothing until `is_public`."""

    __tablename__ = "spaces_profile"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    handle: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    is_public: Mapped[bool]
    shows_wishes: Mapped[bool]
    indexed: Mapped[bool]
    version: Mapped[int]


class QuotaRow(Base):
    """What an administrator allows this space instead of the server's own bounds; 0: no bound."""

    __tablename__ = "spaces_quota"

    space_id: Mapped[UUID] = mapped_column(
        ForeignKey("spaces_space.id", ondelete="CASCADE"), primary_key=True
    )
    storage_bytes: Mapped[int | None] = mapped_column(BigInteger)
    items: Mapped[int | None] = mapped_column(BigInteger)
    model_calls: Mapped[int | None] = mapped_column(BigInteger)
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(INSTANT)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ModelCallRow(SpaceOwned, Base):
    """One paid call of a model, counted once by its source (workflow and step)."""

    __tablename__ = "spaces_model_call"
    __table_args__ = (UniqueConstraint("space_id", "source"), Index(None, "user_id", "at"))

    user_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(INSTANT)
    provider: Mapped[str] = mapped_column(Text)
    model: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
