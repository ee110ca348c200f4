"""Whether a catalogue's lookup index has all of its entries.

An import that was cut off before its index was made left entries that nothing ever took up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CUT_OFF = """
update catalogues c set unindexed = gen_random_uuid() where exists (
  select from catalogue_imports i where i.catalogue_id = c.id and i.state <> 'done')
"""
"""Their next import makes the index anew."""


def upgrade() -> None:
    op.add_column("catalogues", sa.Column("unindexed", sa.Uuid()))
    op.execute(CUT_OFF)


def downgrade() -> None:
    op.drop_column("catalogues", "unindexed")
