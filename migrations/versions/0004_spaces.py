"""The tables of spaces."""

import sqlalchemy as sa
from alembic import op

from armarium.platform.database.policies import grant_table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "spaces_space",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spaces_space"),
        sa.CheckConstraint(
            "kind in ('person', 'household', 'shop', 'gallery')", name="ck_spaces_space_kind"
        ),
    )
    op.create_table(
        "spaces_member",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("space_id", "user_id", name="pk_spaces_member"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces_space.id"],
            name="fk_spaces_member_space_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name="fk_spaces_member_user_id",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("role in ('owner', 'editor', 'viewer')", name="ck_spaces_member_role"),
    )
    op.create_index("ix_spaces_member_user_id", "spaces_member", ["user_id"])
    _police()


def _police() -> None:
    """People read what they are members of; only an owner changes a space or its members.

    The role is asked by a function, since a policy that reads its own table recurses; the
    function itself sees the caller's own memberships by the first policy.
    """
    for table in ("spaces_space", "spaces_member"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        grant_table(table)
    op.execute(
        """
        create policy members_read on spaces_member for select using (
          user_id = (select arm_user()) or space_id = any ((select arm_spaces())::uuid[]))
        """
    )
    op.execute(
        """
        create function arm_role_in(space uuid) returns text language plpgsql stable as $$
        begin
          return (select role from spaces_member m
                  where m.space_id = space and m.user_id = arm_user());
        end $$
        """
    )
    op.execute("grant execute on function arm_role_in(uuid) to arm_app")
    for verb, clause in (("insert", "with check"), ("update", "using"), ("delete", "using")):
        op.execute(
            f"""
            create policy owners_{verb} on spaces_member for {verb} {clause} (
              space_id = (select arm_user()) or arm_role_in(space_id) = 'owner')
            """
        )
        op.execute(
            f"""
            create policy owners_{verb} on spaces_space for {verb} {clause} (
              id = (select arm_user()) or arm_role_in(id) = 'owner')
            """
        )
    op.execute(
        """
        create policy members_read on spaces_space for select using (
          id = any ((select arm_spaces())::uuid[]) or arm_role_in(id) is not null)
        """
    )


def downgrade() -> None:
    op.execute("drop policy members_read on spaces_space")
    for verb in ("insert", "update", "delete"):
        op.execute(f"drop policy owners_{verb} on spaces_space")
        op.execute(f"drop policy owners_{verb} on spaces_member")
    op.execute("drop function arm_role_in(uuid)")
    op.drop_table("spaces_member")
    op.drop_table("spaces_space")
