"""Archives, accounts that close, impersonation, data keys, and what they seal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import among, grant_table, police, secure, space_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_ADMIN = "coalesce(current_setting('arm.admin', true), '') = 'on'"
ADMIN_READS = ("spaces_space", "spaces_member", "space_keys")


def upgrade() -> None:
    op.add_column("accounts_user", sa.Column("closes_at", INSTANT))
    op.create_index(
        "ix_accounts_user_closes_at",
        "accounts_user",
        ["closes_at"],
        postgresql_where=sa.text("closes_at is not null"),
    )
    op.add_column("accounts_session", sa.Column("impersonator", sa.Uuid()))
    op.create_foreign_key(
        "fk_accounts_session_impersonator",
        "accounts_session",
        "accounts_user",
        ["impersonator"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_accounts_session_impersonator", "accounts_session", ["impersonator"])
    create_archives()
    create_keys()
    create_secrets()
    for table in ADMIN_READS:
        # `arm.admin` is set by the readers of the admin's pages and of key rotation alone.
        op.execute(f"create policy admin_read on {table} for select using ({IS_ADMIN})")


def create_archives() -> None:
    op.create_table(
        "operations_archive",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.Uuid()),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ready_at", INSTANT),
        sa.Column("expires_at", INSTANT),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.Text()),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_operations_archive"),
        sa.CheckConstraint(
            "status in ('queued', 'ready', 'failed', 'expired')",
            name="ck_operations_archive_status",
        ),
    )
    space_table("operations_archive")


def create_keys() -> None:
    op.create_table(
        "space_keys",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("server_key", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "generation", name="pk_space_keys"),
    )
    space_table("space_keys")


def create_secrets() -> None:
    op.create_table(
        "item_secrets",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "item_id", name="pk_item_secrets"),
        sa.ForeignKeyConstraint(
            ["space_id", "item_id"],
            ["items.space_id", "items.id"],
            name="fk_item_secrets_space_id_item_id",
            ondelete="CASCADE",
        ),
    )
    secure("item_secrets")
    grant_table("item_secrets")
    # Members who may see prices, and workers; no guest and no link, whatever they were granted.
    seen = (
        "exists (select from items i where i.space_id = item_secrets.space_id and i.id = item_id)"
    )
    inside = (
        "((select arm_user()) is not null or (select arm_whole())) and (select arm_guest()) is null"
    )
    money, writable = among("space_id", "arm_money"), among("space_id", "arm_writable")
    spaces = among("space_id", "arm_spaces")
    police(
        "item_secrets",
        read=f"{spaces} and {money} and {inside} and {seen}",
        write=f"{writable} and {money} and {inside} and {seen}",
    )


def downgrade() -> None:
    for table in ADMIN_READS:
        op.execute(f"drop policy admin_read on {table}")
    for table in ("item_secrets", "space_keys", "operations_archive"):
        op.drop_table(table)
    op.drop_index("ix_accounts_session_impersonator", "accounts_session")
    op.drop_constraint("fk_accounts_session_impersonator", "accounts_session", type_="foreignkey")
    op.drop_column("accounts_session", "impersonator")
    op.drop_index("ix_accounts_user_closes_at", "accounts_user")
    op.drop_column("accounts_user", "closes_at")
