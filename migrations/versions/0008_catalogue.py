"""Catalogues, sets, entries, images and imports; a space's corrections and own entries."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import BIT, VECTOR
from sqlalchemy.dialects.postgresql import JSONB

from armarium.platform.database.policies import grant_table, space_table

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
SHARED = (
    "catalogues",
    "catalogue_sets",
    "catalogue_entries",
    "catalogue_images",
    "catalogue_imports",
)


def catalogue_id() -> sa.Column[sa.Uuid]:
    return sa.Column("catalogue_id", sa.Uuid, nullable=False)


def of_catalogue(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["catalogue_id"], ["catalogues.id"], name=f"fk_{table}_catalogue_id", ondelete="CASCADE"
    )


def of_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["entry_id"], ["catalogue_entries.id"], name=f"fk_{table}_entry_id", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "catalogues",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("entry_count", sa.Integer, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogues"),
        sa.UniqueConstraint("slug", name="uq_catalogues_slug"),
        sa.CheckConstraint("state in ('empty', 'importing', 'ready')", name="state"),
    )
    op.create_table(
        "catalogue_sets",
        sa.Column("id", sa.Uuid, nullable=False),
        catalogue_id(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("names", JSONB, nullable=False),
        sa.Column("series", sa.Text),
        sa.Column("official_count", sa.Integer),
        sa.Column("released", sa.Text),
        sa.Column("external_ids", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_sets"),
        of_catalogue("catalogue_sets"),
        sa.UniqueConstraint("catalogue_id", "code", name="uq_catalogue_sets_catalogue_id_code"),
    )
    create_entries()
    create_images_and_imports()
    create_space_tables()
    for table in SHARED:
        grant_table(table)


def create_entries() -> None:
    op.create_table(
        "catalogue_entries",
        sa.Column("id", sa.Uuid, nullable=False),
        catalogue_id(),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("subtitle", sa.Text, nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("names", JSONB, nullable=False),
        sa.Column("creators", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("set_code", sa.Text),
        sa.Column("set_name", sa.Text),
        sa.Column("series", sa.Text),
        sa.Column("year_first", sa.SmallInteger),
        sa.Column("year_last", sa.SmallInteger),
        sa.Column("identifiers", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("external_ids", JSONB, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("variants", JSONB, nullable=False),
        sa.Column("attributes", JSONB, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_entries"),
        of_catalogue("catalogue_entries"),
        sa.UniqueConstraint("catalogue_id", "key", name="uq_catalogue_entries_catalogue_id_key"),
    )
    op.create_index(
        "ix_catalogue_entries_catalogue_id_sort_key_id",
        "catalogue_entries",
        ["catalogue_id", "sort_key", "id"],
    )
    op.create_index(
        "ix_catalogue_entries_catalogue_id_set_code_sort_key_id",
        "catalogue_entries",
        ["catalogue_id", "set_code", "sort_key", "id"],
        postgresql_where=sa.text("set_code is not null"),
    )


def create_images_and_imports() -> None:
    op.create_table(
        "catalogue_images",
        sa.Column("id", sa.Uuid, nullable=False),
        catalogue_id(),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("blob_key", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.Column("feature_model", sa.Text),
        sa.Column("phash", BIT(256)),
        sa.Column("embedding", VECTOR()),
        sa.Column("local", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_images"),
        of_catalogue("catalogue_images"),
        of_entry("catalogue_images"),
        sa.UniqueConstraint("entry_id", "source", name="uq_catalogue_images_entry_id_source"),
        sa.CheckConstraint("state in ('pending', 'ready', 'failed')", name="state"),
    )
    op.create_index(
        "ix_catalogue_images_catalogue_id_state_id",
        "catalogue_images",
        ["catalogue_id", "state", "id"],
    )
    op.create_table(
        "catalogue_imports",
        sa.Column("id", sa.Uuid, nullable=False),
        catalogue_id(),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_imports"),
        of_catalogue("catalogue_imports"),
        sa.CheckConstraint("state in ('running', 'done', 'failed')", name="state"),
    )
    op.create_index(
        "ix_catalogue_imports_catalogue_id_started_at",
        "catalogue_imports",
        ["catalogue_id", "started_at"],
    )


def create_space_tables() -> None:
    op.create_table(
        "catalogue_overrides",
        sa.Column("space_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_catalogue_overrides"),
        of_entry("catalogue_overrides"),
        sa.UniqueConstraint(
            "space_id", "entry_id", name="uq_catalogue_overrides_space_id_entry_id"
        ),
    )
    space_table("catalogue_overrides")
    op.create_table(
        "catalogue_own_entries",
        sa.Column("space_id", sa.Uuid, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_catalogue_own_entries"),
    )
    op.create_index(
        "ix_catalogue_own_entries_space_id_kind", "catalogue_own_entries", ["space_id", "kind"]
    )
    space_table("catalogue_own_entries")


def downgrade() -> None:
    for table in ("catalogue_own_entries", "catalogue_overrides", *reversed(SHARED)):
        op.drop_table(table)
