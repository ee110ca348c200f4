"""Jobs, leases and outcomes, and the only functions by which the app role reaches the engine.

The functions live in the schema `engine` and run as `arm_wf`: the app role can enqueue JSON and
read its own spaces' jobs, but can neither read nor write the tables of the workflow engine.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def stamp(name: str, *, nullable: bool = False) -> sa.Column:
    default = None if nullable else sa.func.clock_timestamp()
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def upgrade() -> None:
    create_tables()
    op.execute("create schema engine")
    op.execute("grant usage on schema engine to arm_app")
    # Owning a function takes CREATE on its schema at the moment of the hand-over only.
    op.execute("grant usage, create on schema engine to arm_wf")
    # The engine's own schema is made after this history; bodies are checked when first called.
    op.execute("set local check_function_bodies = off")
    # The engine makes its own schema after this history (platform/workflows/migrate.py).
    op.execute("set local check_function_bodies = off")
    for signature, sql in FUNCTIONS.items():
        op.execute(sql)
        op.execute(f"alter function engine.{signature} owner to arm_wf")
        op.execute(f"revoke all on function engine.{signature} from public")
        op.execute(f"grant execute on function engine.{signature} to arm_app")
    op.execute("revoke create on schema engine from arm_wf")


def create_tables() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("space_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("command", postgresql.JSONB(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        stamp("created_at"),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        stamp("dismissed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_space_id_created_at", "jobs", ["space_id", "created_at", "id"])
    op.create_index("ix_jobs_created_at", "jobs", ["created_at", "id"])
    op.execute("alter table jobs enable row level security")
    op.execute("alter table jobs force row level security")
    mine = "space_id = any ((select arm_spaces())::uuid[])"
    op.execute(f"create policy space_rows on jobs using ({mine}) with check ({mine})")
    op.execute("create policy engine on jobs to arm_wf using (true) with check (true)")
    op.execute("grant select on jobs to arm_app")
    op.execute("grant select, insert, update, delete on jobs to arm_wf")
    op.create_table(
        "executors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        stamp("started_at"),
        stamp("beat_at"),
        sa.PrimaryKeyConstraint("id", name="pk_executors"),
    )
    op.execute("grant select, insert, update, delete on executors to arm_wf")
    op.create_table(
        "job_outcomes",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=False),
        stamp("created_at"),
        sa.PrimaryKeyConstraint("job_id", "step", name="pk_job_outcomes"),
    )
    op.execute("grant select, insert, update, delete on job_outcomes to arm_wf")


DEFINER = "security definer set search_path = pg_catalog, public, pg_temp"

JOB_COLUMNS = """
  id text, space_id uuid, user_id uuid, name text, queue text, request_id text,
  created_at timestamptz, done integer, total integer, note text, dismissed_at timestamptz,
  state text, attempts bigint, error text, error_details text,
  started_at timestamptz, finished_at timestamptz
"""

JOB_SELECT = """
  select j.id, j.space_id, j.user_id, j.name, j.queue, j.request_id,
         j.created_at, j.done, j.total, j.note, j.dismissed_at,
         s.status, s.recovery_attempts, coalesce(o.error, s.error), null::text,
         to_timestamp(s.started_at_epoch_ms / 1000.0), to_timestamp(s.completed_at / 1000.0)
  from public.jobs j
  join dbos.workflow_status s on s.workflow_uuid = j.id
  left join dbos.workflow_output o on o.workflow_uuid = j.id
"""

FUNCTIONS = {
    # Idempotent by id. A job of a space can only be enqueued by who acts in that space.
    "enqueue(text, text, text, json, uuid, integer, bigint, text)": f"""
        create function engine.enqueue(
          p_id text, p_name text, p_queue text, p_command json, p_space uuid,
          p_priority integer, p_delay_ms bigint, p_request_id text
        ) returns boolean language plpgsql {DEFINER} as $$
        begin
          if p_space is not null and not (p_space = any (arm_spaces())) then
            raise insufficient_privilege using message = 'the job belongs to a space out of scope';
          end if;
          insert into jobs (id, space_id, user_id, name, queue, command, request_id)
          values (p_id, p_space, arm_user(), p_name, p_queue, p_command, p_request_id)
          on conflict (id) do nothing;
          if not found then
            return false;
          end if;
          perform dbos.enqueue_workflow(
            workflow_name => p_name, queue_name => p_queue, workflow_id => p_id,
            positional_args => array[
              p_command,
              json_build_object('request_id', p_request_id, 'user_id', arm_user())
            ],
            priority => p_priority, application_name => 'armarium',
            delay_until_epoch_ms => case when p_delay_ms > 0 then
              (extract(epoch from clock_timestamp()) * 1000)::bigint + p_delay_ms end
          );
          return true;
        end $$
    """,
    "progress(text, integer, integer, text)": f"""
        create function engine.progress(
          p_id text, p_done integer, p_total integer, p_note text
        ) returns void language plpgsql {DEFINER} as $$
        declare
          job jobs;
        begin
          update jobs set done = p_done, total = p_total, note = p_note where id = p_id
          returning * into job;
          if found then
            perform pg_notify('arm_events', jsonb_build_object(
              'type', 'JobChanged', 'source', 'armarium.workflows', 'subject', job.id,
              'spaceid', job.space_id, 'time', clock_timestamp(),
              'data', jsonb_build_object(
                'job_id', job.id, 'name', job.name, 'queue', job.queue, 'status', 'running',
                'done', p_done, 'total', p_total, 'note', left(p_note, 500)))::text);
          end if;
        end $$
    """,
    # `p_everything` is for administrators; the operations room decides who is one.
    "jobs(boolean, text[], text, timestamptz, text, integer)": f"""
        create function engine.jobs(
          p_everything boolean, p_states text[], p_queue text,
          p_before timestamptz, p_before_id text, p_limit integer
        ) returns table ({JOB_COLUMNS}) language sql stable {DEFINER} as $$
          {JOB_SELECT}
          where (p_everything or j.space_id = any ((select arm_spaces())::uuid[]))
            and (p_states is null or s.status = any (p_states))
            -- Deliveries of events are plumbing: shown when asked for, or when they fail.
            and case when p_queue is not null then j.queue = p_queue
                else j.queue <> 'events' or s.status <> all ('{{ENQUEUED,PENDING,SUCCESS}}') end
            and (p_before is null or (j.created_at, j.id) < (p_before, p_before_id))
          order by j.created_at desc, j.id desc
          limit p_limit
        $$
    """,
    "dead_letters(boolean, timestamptz, text, integer)": f"""
        create function engine.dead_letters(
          p_everything boolean, p_before timestamptz, p_before_id text, p_limit integer
        ) returns table ({JOB_COLUMNS}) language sql stable {DEFINER} as $$
          {JOB_SELECT}
          where (p_everything or j.space_id = any ((select arm_spaces())::uuid[]))
            and s.status in ('ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
            and j.dismissed_at is null
            and (p_before is null or (j.created_at, j.id) < (p_before, p_before_id))
          order by j.created_at desc, j.id desc
          limit p_limit
        $$
    """,
    "job(boolean, text)": f"""
        create function engine.job(p_everything boolean, p_id text)
        returns table ({JOB_COLUMNS}) language sql stable {DEFINER} as $$
          {JOB_SELECT}
          where j.id = p_id
            and (p_everything or j.space_id = any ((select arm_spaces())::uuid[]))
        $$
    """,
    "job_steps(boolean, text)": f"""
        create function engine.job_steps(p_everything boolean, p_id text)
        returns table (
          number integer, name text, error text, started_at timestamptz, finished_at timestamptz
        ) language sql stable {DEFINER} as $$
          select o.function_id, o.function_name, o.error,
                 to_timestamp(o.started_at_epoch_ms / 1000.0),
                 to_timestamp(o.completed_at_epoch_ms / 1000.0)
          from public.jobs j
          join dbos.operation_outputs o on o.workflow_uuid = j.id
          where j.id = p_id
            and (p_everything or j.space_id = any ((select arm_spaces())::uuid[]))
          order by o.function_id
        $$
    """,
    "dismiss(boolean, text)": f"""
        create function engine.dismiss(p_everything boolean, p_id text)
        returns boolean language plpgsql {DEFINER} as $$
        begin
          update jobs j set dismissed_at = clock_timestamp()
          from dbos.workflow_status s
          where j.id = p_id and s.workflow_uuid = j.id
            and s.status in ('ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
            and (p_everything or j.space_id = any (arm_spaces()));
          return found;
        end $$
    """,
    "outcome(text, integer)": f"""
        create function engine.outcome(p_job text, p_step integer)
        returns jsonb language sql stable {DEFINER} as $$
          select answer from public.job_outcomes where job_id = p_job and step = p_step
        $$
    """,
    "keep_outcome(text, integer, jsonb)": f"""
        create function engine.keep_outcome(p_job text, p_step integer, p_answer jsonb)
        returns boolean language plpgsql {DEFINER} as $$
        begin
          insert into job_outcomes (job_id, step, answer) values (p_job, p_step, p_answer)
          on conflict do nothing;
          return found;
        end $$
    """,
    # The worker's dispatcher: a batch of the outbox, locked until its transaction ends.
    "take_events(integer)": f"""
        create function engine.take_events(p_limit integer)
        returns setof public.events language plpgsql {DEFINER} as $$
        begin
          return query
            update public.events e set dispatched_at = clock_timestamp()
            where e.id in (
              select u.id from public.events u where u.dispatched_at is null
              order by u.id limit p_limit for update skip locked)
            returning e.*;
        end $$
    """,
    "executors()": f"""
        create function engine.executors()
        returns table (id text, host text, pid integer, started_at timestamptz, beat_at timestamptz)
        language sql stable {DEFINER} as $$
          select id, host, pid, started_at, beat_at from public.executors
          where beat_at > clock_timestamp() - interval '4 seconds' order by started_at
        $$
    """,
    "queue_depths()": f"""
        create function engine.queue_depths()
        returns table (queue text, state text, jobs bigint, oldest timestamptz)
        language sql stable {DEFINER} as $$
          select queue_name, status, count(*), to_timestamp(min(created_at) / 1000.0)
          from dbos.workflow_status
          where status in ('ENQUEUED', 'PENDING')
          group by queue_name, status
        $$
    """,
}


def downgrade() -> None:
    op.execute("drop schema engine cascade")
    op.drop_table("job_outcomes")
    op.drop_table("executors")
    op.drop_table("jobs")
