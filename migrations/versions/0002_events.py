"""The outbox of events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MINE = "(space_id is null or space_id = any ((select arm_spaces())::uuid[]))"


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.clock_timestamp(),
            nullable=False,
        ),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index(
        "ix_events_undispatched",
        "events",
        ["id"],
        postgresql_where=sa.text("dispatched_at is null"),
    )
    op.create_index("ix_events_space_id_id", "events", ["space_id", "id"])
    op.create_index("ix_events_created_at", "events", ["created_at"])
    op.execute("alter table events enable row level security")
    op.execute("alter table events force row level security")
    op.execute(f"create policy space_rows on events using {MINE} with check {MINE}")
    op.execute("grant select, insert, delete on events to arm_app")
    # The dispatcher delivers for all spaces, but touches nothing except the mark of delivery.
    op.execute("create policy delivery on events to arm_wf using (true)")
    op.execute("grant select, delete, update (dispatched_at) on events to arm_wf")
    op.execute(
        """
        create function events_announce() returns trigger language plpgsql as $$
        begin
          perform pg_notify('arm_outbox', '');
          perform pg_notify('arm_events', jsonb_build_object(
            'id', new.id, 'type', new.type, 'version', new.version, 'source', new.source,
            'subject', new.subject, 'spaceid', new.space_id, 'time', new.created_at,
            -- A notification holds 8,000 bytes; the page asks again when the facts are left out.
            'data', case when octet_length(new.data::text) < 6000 then new.data else '{}' end
          )::text);
          return null;
        end $$
        """
    )
    op.execute(
        "create trigger announce after insert on events"
        " for each row execute function events_announce()"
    )


def downgrade() -> None:
    op.drop_table("events")
    op.execute("drop function events_announce()")
