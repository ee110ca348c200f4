"""The tables of the audit log, limits, quotas and encrypted columns."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from armarium.platform.database.policies import among, grant_table, police, secure

revision = "0016"
down_revision = "0015b"
branch_labels = None
depends_on = None

CHAIN_LOCK = 0x41524D30
DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"


def upgrade() -> None:
    create_audit()
    create_quotas()


def downgrade() -> None:
    op.drop_table("spaces_model_call")
    op.drop_table("spaces_quota")
    drop_audit()


def create_audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("subject_space", sa.Uuid(), nullable=True),
        sa.Column("target_type", sa.Text(), nullable=True),
        sa.Column("target_id", sa.Text(), nullable=True),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.Column("impersonator", sa.Uuid(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    for columns in (
        ["at", "id"],
        ["subject_space", "at", "id"],
        ["actor", "at", "id"],
        ["action", "at", "id"],
        ["target_id"],
    ):
        op.create_index(f"ix_audit_entry_{'_'.join(columns)}", "audit_entry", columns)
    op.create_table(
        "audit_chain",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_chain"),
        sa.UniqueConstraint("entry_id", name="uq_audit_chain_entry_id"),
    )
    op.create_table(
        "audit_anchor",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_anchor"),
    )
    police_audit()
    for sql in FUNCTIONS:
        op.execute(sql)
    op.execute("revoke all on function audit_purge(timestamptz) from public")
    op.execute("grant execute on function audit_purge(timestamptz) to arm_app, arm_wf")
    # Deferred to the commit: the lock that orders the chain is the last thing a transaction takes.
    op.execute(
        "create constraint trigger chain after insert on audit_entry"
        " deferrable initially deferred for each row execute function audit_append()"
    )
    for table in ("audit_entry", "audit_chain", "audit_anchor"):
        op.execute(
            f"create trigger append_only before update or delete on {table}"
            " for each row execute function audit_refuse()"
        )
        op.execute(
            f"create trigger append_only_whole before truncate on {table}"
            " for each statement execute function audit_refuse()"
        )


def police_audit() -> None:
    op.execute("alter table audit_entry enable row level security")
    op.execute("alter table audit_entry force row level security")
    op.execute("create policy append on audit_entry for insert with check (true)")
    # `arm.audit` is set by the log's own reader alone; unset means nothing.
    op.execute(
        """
        create policy reading on audit_entry for select using (
          case current_setting('arm.audit', true)
            when 'all' then true
            when 'space' then subject_space = any ((select arm_spaces())::uuid[])
            else false
          end)
        """
    )
    for verb in ("select", "delete"):
        op.execute(
            f"create policy purging_{verb} on audit_entry for {verb} to current_user using (true)"
        )
    op.execute("grant select, insert on audit_entry to arm_app, arm_wf")
    op.execute("grant select on audit_chain, audit_anchor to arm_app, arm_wf")


FUNCTIONS = (
    f"""
    create function audit_append() returns trigger language plpgsql {DEFINER} as $$
    declare
      last audit_chain;
    begin
      perform pg_advisory_xact_lock({CHAIN_LOCK});
      select * into last from audit_chain order by position desc limit 1;
      if not found then
        select position, null::uuid, hash into last from audit_anchor order by position desc limit 1;
      end if;
      insert into audit_chain (position, entry_id, hash) values (
        coalesce(last.position, 0) + 1, new.id,
        sha256(coalesce(last.hash, decode(repeat('00', 32), 'hex')) || new.digest));
      return null;
    end $$
    """,
    # Whoever may alter tables can switch this off; the chain then shows what was changed.
    """
    create function audit_refuse() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('arm.audit_purge', true) = 'on' then
        return old;
      end if;
      raise insufficient_privilege using message = 'the audit log is append-only';
    end $$
    """,
    # The oldest entries up to a time, as one cut of the chain; the cut's hash is kept.
    f"""
    create function audit_purge(p_before timestamptz) returns bigint language plpgsql {DEFINER} as $$
    declare
      cut audit_chain;
      removed bigint;
    begin
      if p_before > clock_timestamp() - interval '7 days' then
        raise insufficient_privilege using message = 'the audit log keeps at least seven days';
      end if;
      perform pg_advisory_xact_lock({CHAIN_LOCK});
      select c.* into cut from audit_chain c
      where c.position < coalesce(
        -- A place without its entry is evidence, and stays.
        (select min(n.position) from audit_chain n left join audit_entry e on e.id = n.entry_id
         where e.id is null or e.at >= p_before),
        (select max(position) + 1 from audit_chain))
      order by c.position desc limit 1;
      if not found then
        return 0;
      end if;
      perform set_config('arm.audit_purge', 'on', true);
      delete from audit_entry e using audit_chain c
      where c.entry_id = e.id and c.position <= cut.position;
      get diagnostics removed = row_count;
      delete from audit_chain where position <= cut.position;
      delete from audit_anchor;
      insert into audit_anchor values (cut.position, cut.hash, clock_timestamp());
      perform set_config('arm.audit_purge', 'off', true);
      return removed;
    end $$
    """,
)


def drop_audit() -> None:
    for table in ("audit_anchor", "audit_chain", "audit_entry"):
        op.drop_table(table)
    op.execute("drop function audit_purge(timestamptz)")
    op.execute("drop function audit_refuse()")
    op.execute("drop function audit_append()")


def create_quotas() -> None:
    op.create_table(
        "spaces_quota",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("storage_bytes", sa.BigInteger(), nullable=True),
        sa.Column("items", sa.BigInteger(), nullable=True),
        sa.Column("model_calls", sa.BigInteger(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("space_id", name="pk_spaces_quota"),
        sa.ForeignKeyConstraint(
            ["space_id"],
            ["spaces_space.id"],
            name="fk_spaces_quota_space_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "spaces_model_call",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("space_id", "id", name="pk_spaces_model_call"),
        sa.UniqueConstraint("space_id", "source", name="uq_spaces_model_call_space_id_source"),
    )
    op.create_index("ix_spaces_model_call_user_id_at", "spaces_model_call", ["user_id", "at"])
    mine, nobody = among("space_id", "arm_spaces"), "(select arm_user()) is null"
    for table in ("spaces_quota", "spaces_model_call"):
        secure(table)
        grant_table(table)
    # No person's own scope changes them: the services act as the space itself.
    police("spaces_quota", read=mine, write=f"{nobody} and {mine}")
    police(
        "spaces_model_call",
        read=f"{mine} or user_id = (select arm_user())",
        write=f"{nobody} and {mine}",
    )
