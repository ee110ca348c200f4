"""The tables of media."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import space_table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "blobs",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("references_count", sa.BigInteger(), nullable=False, server_default="1"),
        sa.Column("unreferenced_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_blobs"),
        sa.UniqueConstraint("space_id", "key", name="uq_blobs_space_id_key"),
        sa.CheckConstraint("state in ('pending', 'stored')", name="ck_blobs_state"),
        sa.CheckConstraint("references_count >= 0", name="ck_blobs_references_count"),
    )
    op.create_index(
        "ix_blobs_sha256",
        "blobs",
        ["space_id", "sha256"],
        postgresql_where=sa.text("sha256 is not null"),
    )
    op.create_index(
        "ix_blobs_unreferenced",
        "blobs",
        ["space_id", "unreferenced_at"],
        postgresql_where=sa.text("unreferenced_at is not null"),
    )
    space_table("blobs")
    _create_media()
    _create_variants()


def _create_media() -> None:
    op.create_table(
        "media",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("placeholder", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.Column("region", postgresql.JSONB()),
        sa.Column("holds", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("unheld_since", INSTANT, server_default=sa.func.now()),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.Uuid()),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_media"),
        sa.ForeignKeyConstraint(
            ["space_id", "blob_id"],
            ["blobs.space_id", "blobs.id"],
            name="fk_media_space_id_blob_id",
        ),
        sa.ForeignKeyConstraint(
            ["space_id", "parent_id"],
            ["media.space_id", "media.id"],
            name="fk_media_space_id_parent_id",
        ),
        sa.CheckConstraint(
            "status in ('awaiting_upload', 'stored', 'ready', 'failed')", name="ck_media_status"
        ),
        sa.CheckConstraint("holds >= 0", name="ck_media_holds"),
    )
    op.create_index("ix_media_blob", "media", ["space_id", "blob_id"])
    op.create_index(
        "ix_media_parent",
        "media",
        ["space_id", "parent_id"],
        postgresql_where=sa.text("parent_id is not null"),
    )
    op.create_index(
        "ix_media_unheld",
        "media",
        ["space_id", "unheld_since"],
        postgresql_where=sa.text("unheld_since is not null"),
    )
    space_table("media")


def _create_variants() -> None:
    op.create_table(
        "media_variants",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "media_id", "name", name="pk_media_variants"),
        sa.ForeignKeyConstraint(
            ["space_id", "media_id"],
            ["media.space_id", "media.id"],
            name="fk_media_variants_space_id_media_id",
        ),
        sa.ForeignKeyConstraint(
            ["space_id", "blob_id"],
            ["blobs.space_id", "blobs.id"],
            name="fk_media_variants_space_id_blob_id",
        ),
    )
    op.create_index("ix_media_variants_blob", "media_variants", ["space_id", "blob_id"])
    space_table("media_variants")


def downgrade() -> None:
    op.drop_table("media_variants")
    op.drop_table("media")
    op.drop_table("blobs")
