"""Versions of seats, grants and quotas, so that nobody writes over what another has just said.

A process of the version before adds rows without one, and changes them without counting.
"""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import APP_ROLE

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = ("spaces_member", "spaces_grant", "spaces_quota")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    # Who was let into a collection and by whom stays as it was made; this may change.
    op.execute(f"grant update (version) on spaces_grant to {APP_ROLE}")


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "version")
