"""The schema's history: up from empty, equal to the tables in code, down again."""

import os
import subprocess
import sys

import psycopg
import pytest
from alembic.script import ScriptDirectory

from armarium.entry.migrating import migrate_all
from armarium.platform.database.migrations import (
    alembic_config,
    check,
    current,
    downgrade,
    head,
    history,
    migrate,
)
from armarium.platform.postgres import stamp
from armarium.platform.postgres.stamp import is_stamped, newest_revision
from armarium.platform.postgres.urls import DatabaseUrls, libpq

RELATIONS = """
select n.nspname || '.' || c.relname || ' ' || c.relkind::text from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname !~ '^(pg_|information_schema)' and n.nspname <> 'dbos'
  and c.relkind in ('r', 'p', 'v', 'm', 'S', 'i') and not exists (
    select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
"""
FUNCTIONS = """
select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('public', 'engine') and not exists (
  select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
"""


def contents(urls: DatabaseUrls) -> set[str]:
    """Every relation and function of ours."""
    with psycopg.connect(libpq(urls.admin)) as connection:
        found = connection.execute(RELATIONS).fetchall() + connection.execute(FUNCTIONS).fetchall()
        return {row[0] for row in found}


def test_the_history_is_one_line() -> None:
    scripts = ScriptDirectory.from_config(alembic_config(""))
    assert scripts.get_heads() == [head()]
    assert [script.is_merge_point for script in scripts.walk_revisions()].count(True) == 0
    assert next(iter(history())) == "0001"


def test_from_empty_the_schema_equals_the_tables(empty_database_urls: DatabaseUrls) -> None:
    """A difference here is a migration that was forgotten, or a table changed without one."""
    assert current(empty_database_urls.migrator) is None
    migrate_all(empty_database_urls)
    assert current(empty_database_urls.migrator) == head()
    check(empty_database_urls.migrator)


def test_down_and_up_again_ends_where_it_began(empty_database_urls: DatabaseUrls) -> None:
    migrate(empty_database_urls.migrator)
    first = contents(empty_database_urls)
    assert len(first) > 10
    downgrade(empty_database_urls.migrator, "base")
    assert contents(empty_database_urls) <= {
        "public.alembic_version r",
        "public.alembic_version_pkc i",
    }
    migrate(empty_database_urls.migrator)
    assert contents(empty_database_urls) == first


def test_each_step_goes_down_alone(empty_database_urls: DatabaseUrls) -> None:
    """So that a release can be taken back by one step, not only all at once."""
    steps = list(history())
    migrate(empty_database_urls.migrator)
    for target in reversed(steps[:-1]):
        downgrade(empty_database_urls.migrator, target)
        assert current(empty_database_urls.migrator) == target


@pytest.mark.slow
def test_two_processes_may_migrate_at_once(empty_database_urls: DatabaseUrls) -> None:
    urls = empty_database_urls
    env = {
        **os.environ,
        "ARMARIUM_APP_DATABASE_URL": urls.app,
        "ARMARIUM_MIGRATOR_DATABASE_URL": urls.migrator,
        "ARMARIUM_WORKER_DATABASE_URL": urls.worker,
    }
    both = [
        subprocess.Popen([sys.executable, "-m", "armarium.entry.databases"], env=env)
        for _ in range(2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert current(urls.migrator) == head()


def test_a_stamped_database_is_left_alone(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start costs no imports of the migration; any change of the scripts does."""
    assert newest_revision() == head()
    assert is_stamped(database_urls.migrator)
    monkeypatch.setattr(stamp, "shape", lambda: "another program's")
    assert not is_stamped(database_urls.migrator)
    monkeypatch.undo()
    downgrade(database_urls.migrator, "-1")
    assert not is_stamped(database_urls.migrator)
    migrate_all(database_urls)
    assert is_stamped(database_urls.migrator)


def test_the_app_role_cannot_touch_the_history(database_urls: DatabaseUrls) -> None:
    with psycopg.connect(libpq(database_urls.app), autocommit=True) as connection:
        for statement in (b"delete from alembic_version", b"drop table alembic_version"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_what_was_proved_is_told_from_what_was_assumed(empty_database_urls: DatabaseUrls) -> None:
    """An address used to count as proved wherever no proof was asked for."""
    migrate_all(empty_database_urls)
    downgrade(empty_database_urls.migrator, "0020")
    names = ("assumed", "answered", "moved", "vouched", "waiting")
    with psycopg.connect(libpq(empty_database_urls.admin)) as connection:
        for name in names:
            connection.execute(
                "insert into accounts_user (id, email, email_key, email_verified, role,"
                " preferences, version, created_at) values (md5(%s)::uuid, %s, %s, %s, 'user',"
                " '{}', 1, now())",
                (name, name, name, name != "waiting"),
            )
        for name, action, by in (
            ("assumed", "account.registered", "operator"),
            ("answered", "auth.email_verified", None),
            ("vouched", "account.registered", "outside"),
        ):
            connection.execute(
                "insert into audit_entry (id, at, action, subject_space, detail, digest) values"
                " (gen_random_uuid(), now(), %s, md5(%s)::uuid, jsonb_build_object('by', %s::text),"
                " '')",
                (action, name, by),
            )
        connection.execute(
            "insert into accounts_email_change (id, user_id, old_email, new_email, created_at,"
            " confirmed_at) values (gen_random_uuid(), md5('moved')::uuid, 'x', 'moved', now(),"
            " now())"
        )
    migrate_all(empty_database_urls)
    with psycopg.connect(libpq(empty_database_urls.admin)) as connection:
        rows = connection.execute("select email, email_verified, proof_waived from accounts_user")
        found = {email: (proved, waived) for email, proved, waived in rows}
    assert found == {
        "assumed": (False, True),
        "answered": (True, True),
        "moved": (True, True),
        "vouched": (True, True),
        "waiting": (False, False),
    }


def test_a_catalogue_with_a_cut_off_import_is_indexed_at_the_next(
    empty_database_urls: DatabaseUrls,
) -> None:
    migrate_all(empty_database_urls)
    downgrade(empty_database_urls.migrator, "0021")
    with psycopg.connect(libpq(empty_database_urls.admin)) as connection:
        for name in ("done", "failed"):
            connection.execute(
                "insert into catalogues (id, slug, name, kind, source, licence, state, entry_count,"
                " generation, created_at, updated_at) values (md5(%s)::uuid, %s, '', 'book', '',"
                " '', 'ready', 1, 1, now(), now())",
                (name, name),
            )
            connection.execute(
                "insert into catalogue_imports (id, catalogue_id, format, file_name, fingerprint,"
                " state, position, report, started_at) values (gen_random_uuid(), md5(%s)::uuid,"
                " 'csv', '', '', %s, 0, '{}', now())",
                (name, name),
            )
    migrate_all(empty_database_urls)
    with psycopg.connect(libpq(empty_database_urls.admin)) as connection:
        rows = connection.execute("select slug, unindexed is not null from catalogues")
        assert dict(rows.fetchall()) == {"done": False, "failed": True}
