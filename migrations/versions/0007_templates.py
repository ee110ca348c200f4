"""The tables of templates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import space_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "own_fields",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_own_fields"),
        sa.UniqueConstraint("space_id", "name", name="uq_own_fields_space_id_name"),
        sa.CheckConstraint(
            "type in ('text', 'integer', 'decimal', 'date', 'boolean', 'choice')",
            name="ck_own_fields_type",
        ),
    )
    space_table("own_fields")


def downgrade() -> None:
    op.drop_table("own_fields")
