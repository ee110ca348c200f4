"""The tables of invitations, verification, second factors and keys of programs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from armarium.platform.database.policies import grant_table

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = (
    "accounts_login",
    "accounts_invitation",
    "accounts_email_change",
    "accounts_one_time",
    "accounts_api_key",
    "accounts_totp",
    "accounts_recovery_code",
    "accounts_passkey",
    "accounts_challenge",
)


def upgrade() -> None:
    op.add_column(
        "accounts_session",
        sa.Column("method", sa.Text(), server_default=sa.text("'password'"), nullable=False),
    )
    op.add_column(
        "accounts_session",
        sa.Column("second_factor", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("accounts_session", sa.Column("proved_at", INSTANT))
    _create_logins()
    _create_invitations()
    _create_one_time()
    _create_api_keys()
    _create_second_factors()
    for table in TABLES:
        grant_table(table)


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["accounts_user.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def _create_logins() -> None:
    table = "accounts_login"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("ip", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.Column("session_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _person(table),
        sa.CheckConstraint("outcome in ('success', 'failure')", name=f"ck_{table}_outcome"),
    )
    op.create_index(f"ix_{table}_user_id_id", table, ["user_id", "id"])
    op.create_index(f"ix_{table}_at", table, ["at"])


def _create_invitations() -> None:
    table = "accounts_invitation"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("created_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts_user.id"], name=f"fk_{table}_created_by", ondelete="SET NULL"
        ),
        sa.CheckConstraint("role in ('user', 'moderator', 'admin')", name=f"ck_{table}_role"),
        sa.CheckConstraint("uses between 0 and max_uses", name=f"ck_{table}_uses"),
    )


def _create_one_time() -> None:
    table = "accounts_email_change"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("old_email", sa.Text(), nullable=False),
        sa.Column("new_email", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("undone_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    table = "accounts_one_time"
    op.create_table(
        table,
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("invitation_id", sa.Uuid()),
        sa.Column("email_change_id", sa.Uuid()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        _person(table),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["accounts_invitation.id"],
            name=f"fk_{table}_invitation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["email_change_id"],
            ["accounts_email_change.id"],
            name=f"fk_{table}_email_change_id",
            ondelete="CASCADE",
        ),
    )
    for column in ("user_id", "invitation_id", "email_change_id"):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _create_api_keys() -> None:
    table = "accounts_api_key"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("last_used_at", INSTANT),
        sa.Column("last_used_ip", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("hash", name=f"uq_{table}_hash"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])


def _create_second_factors() -> None:
    table = "accounts_totp"
    op.create_table(
        table,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_jwe", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("last_step", sa.BigInteger()),
        sa.PrimaryKeyConstraint("user_id", name=f"pk_{table}"),
        _person(table),
    )
    table = "accounts_recovery_code"
    op.create_table(
        table,
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    table = "accounts_passkey"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("transports", ARRAY(sa.Text()), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("credential_id", name=f"uq_{table}_credential_id"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    table = "accounts_challenge"
    op.create_table(
        table,
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("nonce", sa.LargeBinary()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for column in ("proved_at", "second_factor", "method"):
        op.drop_column("accounts_session", column)
