"""People, their sessions, and the keys that sign their tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from armarium.kit.ids import new_id
from armarium.platform.database import Base

INSTANT = DateTime(timezone=True)


class UserRow(Base):
    __tablename__ = "accounts_user"
    __table_args__ = (
        CheckConstraint("role in ('user', 'moderator', 'admin')", name="role"),
        Index(None, "closes_at", postgresql_where=text("closes_at is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Text)
    email_key: Mapped[str] = mapped_column(Text, unique=True)
    email_verified: Mapped[bool] = mapped_column(Boolean)
    """Whether somebody has shown that they read its mail, and nothing else."""
    display_name: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    preferences: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    disabled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    closes_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the account is erased, as its person asked; until then they may take it back."""
    proof_waived: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """They may log in without proving the address: whoever runs the server let them in."""


class SessionRow(Base):
    """One login on one device; the family of its refresh tokens."""

    __tablename__ = "accounts_session"
    __table_args__ = (Index(None, "user_id"), Index(None, "client_id"), Index(None, "impersonator"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    last_used_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    ip: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text, server_default=text("'password'"))
    second_factor: Mapped[bool] = mapped_column(Boolean, server_default=false())
    proved_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the person last proved who they are; sensitive acts ask for a recent proof."""
    client_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_client.id", ondelete="CASCADE")
    )
    """The program that this person let act for them; None for a login of their own."""
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What such a program may do."""
    impersonator: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE")
    )
    """The administrator who acts as this person."""


class RefreshTokenRow(Base):
    """One link of a session's chain, known by its SHA-256 only."""

    __tablename__ = "accounts_refresh_token"
    __table_args__ = (Index(None, "session_id"),)

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_session.id", ondelete="CASCADE"))
    parent: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class SigningKeyRow(Base):
    """A key pair of access tokens; the private half is encrypted under the server's secret."""

    __tablename__ = "accounts_signing_key"

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_jwe: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)


class AttemptRow(Base):
    """Failed logins in a row from one place at one address; forgotten after the window."""

    __tablename__ = "accounts_attempt"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(INSTANT)


class LoginRow(Base):
    """One login that succeeded or failed; of an unknown mailbox too, so that both cost the same."""

    __tablename__ = "accounts_login"
    __table_args__ = (
        CheckConstraint("outcome in ('success', 'failure')", name="outcome"),
        Index(None, "user_id", "id"),
        Index(None, "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(INSTANT)
    outcome: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    ip: Mapped[str | None] = mapped_column(Text)
    agent: Mapped[str | None] = mapped_column(Text)
    session_id: Mapped[UUID | None]


class InvitationRow(Base):
    """An administrator's permission to make an account here."""

    __tablename__ = "accounts_invitation"
    __table_args__ = (
        CheckConstraint("role in ('user', 'moderator', 'admin')", name="role"),
        CheckConstraint("uses between 0 and max_uses", name="uses"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    max_uses: Mapped[int] = mapped_column(Integer)
    uses: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_by: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )


class EmailChangeRow(Base):
    """A new address that its person asked for, from the first letter to the end of the undo."""

    __tablename__ = "accounts_email_change"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    old_email: Mapped[str] = mapped_column(Text)
    new_email: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    confirmed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    undone_at: Mapped[datetime | None] = mapped_column(INSTANT)


class OneTimeRow(Base):
    """A token that travelled in a letter or a link, known by its SHA-256 only."""

    __tablename__ = "accounts_one_time"
    __table_args__ = (
        Index(None, "user_id"),
        Index(None, "invitation_id"),
        Index(None, "email_change_id"),
    )

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    invitation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts_invitation.id", ondelete="CASCADE")
    )
    email_change_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts_email_change.id", ondelete="CASCADE")
    )
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    mailed: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """It left in a letter and nowhere else, so that whoever has it reads that mailbox."""


class ApiKeyRow(Base):
    """A program's key, known by its SHA-256 and its first letters."""

    __tablename__ = "accounts_api_key"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    hash: Mapped[bytes] = mapped_column(unique=True)
    prefix: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_used_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_used_ip: Mapped[str | None] = mapped_column(Text)


class TotpRow(Base):
    """A shared secret for time-based codes, encrypted under the server's secret."""

    __tablename__ = "accounts_totp"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    secret_jwe: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    confirmed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest half minute whose code was used; that code and older ones are spent."""


class RecoveryCodeRow(Base):
    """One of ten codes for the day the phone is lost, known by a keyed hash."""

    __tablename__ = "accounts_recovery_code"
    __table_args__ = (Index(None, "user_id"),)

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class PasskeyRow(Base):
    """The public half of a key pair that an authenticator keeps."""

    __tablename__ = "accounts_passkey"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    backed_up: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    last_used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class ChallengeRow(Base):
    """A ceremony that has begun: a login that waits for its second factor, or a passkey's nonce."""

    __tablename__ = "accounts_challenge"
    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    nonce: Mapped[bytes | None]
    method: Mapped[str] = mapped_column(Text, server_default=text("'password'"))
    """By what the person came this far."""
    failures: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)


class OutsideIdentityRow(Base):
    """Who a person is to an outside issuer; the pair (issuer, subject) logs in one account."""

    __tablename__ = "accounts_outside_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), Index(None, "user_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    last_used_at: Mapped[datetime] = mapped_column(INSTANT)


class OutsideFlowRow(Base):
    """A login at an outside provider that is under way, or an identity that waits to be linked.

    Known by the SHA-256 of its secret; `browser` is that of the cookie which must come along.
    """

    __tablename__ = "accounts_outside_flow"
    __table_args__ = (
        CheckConstraint("kind in ('login', 'link', 'waiting')", name="kind"),
        Index(None, "user_id"),
        Index(None, "expires_at"),
    )

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    provider: Mapped[str] = mapped_column(Text)
    browser: Mapped[bytes | None]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)


class ClientRow(Base):
    """A program that may ask people to log in here; a public client, which keeps no secret."""

    __tablename__ = "accounts_client"
    __table_args__ = (
        CheckConstraint("origin in ('built_in', 'admin', 'person', 'dynamic')", name="origin"),
        Index(None, "user_id"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    redirect_uris: Mapped[list[str]] = mapped_column(ARRAY(Text))
    origin: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    last_used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class CodeRow(Base):
    """An authorization code, known by its SHA-256; kept after its use to notice a second one."""

    __tablename__ = "accounts_code"
    __table_args__ = (Index(None, "client_id"), Index(None, "user_id"), Index(None, "expires_at"))

    hash: Mapped[bytes] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("accounts_client.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    redirect_uri: Mapped[str] = mapped_column(Text)
    challenge: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    nonce: Mapped[str | None] = mapped_column(Text)
    second_factor: Mapped[bool] = mapped_column(Boolean)
    login_at: Mapped[datetime] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)
    session_id: Mapped[UUID | None]


class ConsentRow(Base):
    """What a person let a program do, remembered so that it need not be asked again."""

    __tablename__ = "accounts_consent"
    __table_args__ = (Index(None, "client_id"),)

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    client_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_client.id", ondelete="CASCADE"), primary_key=True
    )
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    changed_at: Mapped[datetime] = mapped_column(INSTANT)
