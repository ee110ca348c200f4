"""The tables of outside identity and clients of our own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from armarium.platform.database.policies import grant_table

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TABLES = (
    "accounts_outside_identity",
    "accounts_outside_flow",
    "accounts_client",
    "accounts_code",
    "accounts_consent",
)


def upgrade() -> None:
    _create_outside()
    _create_clients()
    op.add_column("accounts_session", sa.Column("client_id", sa.Text()))
    op.add_column("accounts_session", sa.Column("scopes", ARRAY(sa.Text())))
    op.add_column(
        "accounts_challenge",
        sa.Column("method", sa.Text(), server_default=sa.text("'password'"), nullable=False),
    )
    op.create_foreign_key(
        "fk_accounts_session_client_id",
        "accounts_session",
        "accounts_client",
        ["client_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_accounts_session_client_id", "accounts_session", ["client_id"])
    for table in TABLES:
        grant_table(table)
    op.execute(
        "insert into accounts_client (id, name, redirect_uris, origin, created_at) values"
        " ('armarium-cli', 'Armarium command line',"
        " '{http://127.0.0.1/callback,\"http://[::1]/callback\"}', 'built_in', now())"
    )


def _person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["accounts_user.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
    )


def _client(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["client_id"], ["accounts_client.id"], name=f"fk_{table}_client_id", ondelete="CASCADE"
    )


def _create_outside() -> None:
    table = "accounts_outside_identity"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("email", sa.Text()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("issuer", "subject", name=f"uq_{table}_issuer_subject"),
        _person(table),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    table = "accounts_outside_flow"
    op.create_table(
        table,
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("browser", sa.LargeBinary()),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        _person(table),
        sa.CheckConstraint("kind in ('login', 'link', 'waiting')", name=f"ck_{table}_kind"),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    op.create_index(f"ix_{table}_expires_at", table, ["expires_at"])


def _create_clients() -> None:
    table = "accounts_client"
    op.create_table(
        table,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("redirect_uris", ARRAY(sa.Text()), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _person(table),
        sa.CheckConstraint(
            "origin in ('built_in', 'admin', 'person', 'dynamic')", name=f"ck_{table}_origin"
        ),
    )
    op.create_index(f"ix_{table}_user_id", table, ["user_id"])
    table = "accounts_code"
    op.create_table(
        table,
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        sa.Column("nonce", sa.Text()),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("login_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.Column("session_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("hash", name=f"pk_{table}"),
        _client(table),
        _person(table),
    )
    for column in ("client_id", "user_id", "expires_at"):
        op.create_index(f"ix_{table}_{column}", table, [column])
    table = "accounts_consent"
    op.create_table(
        table,
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scopes", ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "client_id", name=f"pk_{table}"),
        _person(table),
        _client(table),
    )
    op.create_index(f"ix_{table}_client_id", table, ["client_id"])


def downgrade() -> None:
    op.drop_column("accounts_challenge", "method")
    op.execute("delete from accounts_session where client_id is not null")
    op.drop_constraint("fk_accounts_session_client_id", "accounts_session", type_="foreignkey")
    op.drop_index("ix_accounts_session_client_id", "accounts_session")
    for column in ("scopes", "client_id"):
        op.drop_column("accounts_session", column)
    for table in reversed(TABLES):
        op.drop_table(table)
