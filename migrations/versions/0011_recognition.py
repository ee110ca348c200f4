"""The tables of recognition: scans, their photos, detections, and the acts of the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import space_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATUSES = "status in ('queued', 'running', 'done', 'failed')"


def upgrade() -> None:
    op.create_table(
        "scans",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("catalogue", sa.Text()),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(STATUSES, name=op.f("ck_scans_status")),
        sa.PrimaryKeyConstraint("space_id", "id", name=op.f("pk_scans")),
    )
    op.create_index("ix_scans_space_id_created_at", "scans", ["space_id", "created_at", "id"])
    op.create_table(
        "scan_photos",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("error", sa.Text()),
        sa.CheckConstraint(STATUSES, name=op.f("ck_scan_photos_status")),
        sa.ForeignKeyConstraint(
            ["space_id", "scan_id"],
            ["scans.space_id", "scans.id"],
            name=op.f("fk_scan_photos_space_id_scan_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("space_id", "id", name=op.f("pk_scan_photos")),
    )
    op.create_index(
        "ix_scan_photos_space_id_scan_id", "scan_photos", ["space_id", "scan_id", "position"]
    )
    op.create_index("ix_scan_photos_space_id_media_id", "scan_photos", ["space_id", "media_id"])
    create_detections()
    create_acts()
    for table in ("scans", "scan_photos", "detections", "review_acts"):
        space_table(table)


def create_detections() -> None:
    op.create_table(
        "detections",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=False),
        sa.Column("crop_media_id", sa.Uuid()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("box", postgresql.JSONB(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ocr", postgresql.JSONB(), nullable=False),
        sa.Column("quality", postgresql.JSONB(), nullable=False),
        sa.Column("candidates", postgresql.JSONB(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision in ('accepted', 'review', 'unknown')", name=op.f("ck_detections_decision")
        ),
        sa.CheckConstraint(
            "state in ('pending', 'open', 'accepted', 'discarded', 'split', 'merged')",
            name=op.f("ck_detections_state"),
        ),
        sa.ForeignKeyConstraint(
            ["space_id", "photo_id"],
            ["scan_photos.space_id", "scan_photos.id"],
            name=op.f("fk_detections_space_id_photo_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("space_id", "id", name=op.f("pk_detections")),
    )
    op.create_index(
        "ix_detections_space_id_scan_id", "detections", ["space_id", "scan_id", "position"]
    )
    op.create_index(
        "ix_detections_space_id_waiting",
        "detections",
        ["space_id", "photo_id", "position", "id"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_detections_space_id_item_id", "detections", ["space_id", "item_id"])


def create_acts() -> None:
    op.create_table(
        "review_acts",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detection_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("made_items", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("made_detections", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("space_id", "id", name=op.f("pk_review_acts")),
    )
    op.create_index(
        "ix_review_acts_space_id_created_at", "review_acts", ["space_id", "created_at", "id"]
    )


def downgrade() -> None:
    for table in ("review_acts", "detections", "scan_photos", "scans"):
        op.drop_table(table)
