"""The lookup index of each catalogue, in parts that a process loads into its cache."""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import grant_table

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalogue_lookups",
        sa.Column("catalogue_id", sa.Uuid, nullable=False),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("catalogue_id", "part", name="pk_catalogue_lookups"),
        sa.ForeignKeyConstraint(
            ["catalogue_id"],
            ["catalogues.id"],
            name="fk_catalogue_lookups_catalogue_id",
            ondelete="CASCADE",
        ),
    )
    # Arrays of numbers: compression costs more than it saves.
    op.execute("alter table catalogue_lookups alter column data set storage external")
    grant_table("catalogue_lookups")


def downgrade() -> None:
    op.drop_table("catalogue_lookups")
