"""The functions that policies read."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create function arm_spaces() returns uuid[] language sql stable parallel safe as $$
          select coalesce(
            string_to_array(nullif(current_setting('arm.spaces', true), ''), ',')::uuid[],
            '{}'::uuid[])
        $$
        """
    )
    op.execute(
        """
        create function arm_user() returns uuid language sql stable parallel safe as $$
          select nullif(current_setting('arm.user', true), '')::uuid
        $$
        """
    )


def downgrade() -> None:
    op.execute("drop function arm_user()")
    op.execute("drop function arm_spaces()")
