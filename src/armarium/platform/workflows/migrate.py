"""The engine's schema, made by its own migrations and tied to ours by two triggers."""

from importlib.metadata import version

import psycopg

from armarium.platform.postgres.locks import take_lock
from armarium.platform.postgres.names import WORKER_ROLE
from armarium.platform.postgres.urls import libpq

SCHEMA = "dbos"
LOCK_KEY = 0x41524D03

TRIGGERS = """
grant insert on public.events to arm_wf;
create or replace function dbos.armarium_status_changed() returns trigger
language plpgsql as $$
declare
  job public.jobs;
  dead text[] := array['ERROR', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'];
  turn text;
begin
  -- A queue has work, or room: its worker looks at once in place of at its next poll.
  if new.status <> 'PENDING' then
    perform pg_notify('arm_work', coalesce(new.queue_name, old.queue_name, ''));
  end if;
  select * into job from public.jobs where id = new.workflow_uuid;
  if found then
    perform pg_notify('arm_events', jsonb_build_object(
      'type', 'JobChanged', 'source', 'armarium.workflows', 'subject', job.id,
      'spaceid', job.space_id, 'time', clock_timestamp(),
      'data', jsonb_build_object(
        'job_id', job.id, 'name', job.name, 'queue', job.queue,
        'status', case new.status
          when 'ENQUEUED' then 'queued' when 'DELAYED' then 'queued' when 'PENDING' then 'running'
          when 'SUCCESS' then 'done' when 'CANCELLED' then 'cancelled' else 'failed' end,
        'done', job.done, 'total', job.total, 'note', left(job.note, 500)))::text);
  end if;
  -- A room cannot hear of its job's death from the job: the worker may have been killed. The
  -- deliveries of events are left out, since one that fails would tell of itself for ever.
  if tg_op = 'UPDATE' and job.space_id is not null and job.name <> 'DeliverEvent' then
    turn := case
      when new.status = any (dead) and old.status <> all (dead) then 'JobFailed'
      when old.status = any (dead) and new.status <> all (dead) then 'JobRedriven' end;
    if turn is not null then
      insert into public.events
        (id, space_id, user_id, type, version, source, subject, data, request_id)
      values (uuidv7(), job.space_id, job.user_id, turn, 1, 'armarium.workflows', job.id,
        jsonb_build_object('job_id', job.id, 'name', job.name, 'command', job.command),
        job.request_id);
    end if;
  end if;
  return null;
end $$;
create or replace trigger armarium_enqueued after insert on dbos.workflow_status
  for each row execute function dbos.armarium_status_changed();
create or replace trigger armarium_moved after update of status on dbos.workflow_status
  for each row when (old.status is distinct from new.status)
  execute function dbos.armarium_status_changed();
"""


def migrate_engine(migrator_url: str) -> None:
    """Create or upgrade the engine's schema as the migrator; safe to repeat, quick when current.

    The engine is imported only when there is something to do: it costs a second and 50 MB.
    """
    wanted = f"armarium engine, dbos {version('dbos')}, triggers {_digest()}"
    with psycopg.connect(libpq(migrator_url), autocommit=True) as connection:
        take_lock(connection, LOCK_KEY)
        row = connection.execute(
            "select obj_description(oid) from pg_namespace where nspname = %s", (SCHEMA,)
        ).fetchone()
        if row is not None and row[0] == wanted:
            return
        from dbos import DBOS  # noqa: PLC0415  # see the docstring

        DBOS.migrate(libpq(migrator_url), schema=SCHEMA, application_role=WORKER_ROLE)
        connection.execute(TRIGGERS.encode())
        connection.execute(f"comment on schema {SCHEMA} is '{wanted}'".encode())


def _digest() -> str:
    import hashlib  # noqa: PLC0415  # used once a start

    return hashlib.sha256(TRIGGERS.encode()).hexdigest()[:12]
