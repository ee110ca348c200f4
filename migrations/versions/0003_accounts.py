"""The tables of accounts, and the claims of one-time requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from armarium.platform.database.policies import grant_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("display_name", sa.Text()),
        sa.Column("password_hash", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("preferences", JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_user"),
        sa.UniqueConstraint("email_key", name="uq_accounts_user_email_key"),
        sa.CheckConstraint("role in ('user', 'moderator', 'admin')", name="ck_accounts_user_role"),
    )
    op.create_table(
        "accounts_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("revoked_reason", sa.Text()),
        sa.Column("ip", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_accounts_session"),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name="fk_accounts_session_user_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_accounts_session_user_id", "accounts_session", ["user_id"])
    op.create_table(
        "accounts_refresh_token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("parent", sa.LargeBinary()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("hash", name="pk_accounts_refresh_token"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["accounts_session.id"],
            name="fk_accounts_refresh_token_session_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_accounts_refresh_token_session_id", "accounts_refresh_token", ["session_id"]
    )
    op.create_table(
        "accounts_signing_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_jwk", JSONB(), nullable=False),
        sa.Column("private_jwe", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("retired_at", INSTANT),
        sa.PrimaryKeyConstraint("kid", name="pk_accounts_signing_key"),
    )
    op.create_table(
        "accounts_attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_accounts_attempt"),
    )
    _create_idempotency()
    for table in ("user", "session", "refresh_token", "signing_key", "attempt"):
        grant_table(f"accounts_{table}")


def _create_idempotency() -> None:
    op.create_table(
        "http_idempotency",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.Text()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_http_idempotency"),
    )
    # Stored answers are as private as the request was.
    mine = "user_id = (select arm_user())"
    op.execute("alter table http_idempotency enable row level security")
    op.execute("alter table http_idempotency force row level security")
    op.execute(f"create policy own_rows on http_idempotency using ({mine}) with check ({mine})")
    grant_table("http_idempotency")


def downgrade() -> None:
    for table in (
        "http_idempotency",
        "accounts_attempt",
        "accounts_signing_key",
        "accounts_refresh_token",
        "accounts_session",
        "accounts_user",
    ):
        op.drop_table(table)
