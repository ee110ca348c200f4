"""`ARMARIUM_DATABASE_URL`: a server of the user's own, over TCP with passwords."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from armarium.entry.databases import database_for, migrate, urls_of
from armarium.entry.migrating import migrate_all
from armarium.entry.settings import Settings
from armarium.platform.database.migrations import current, head
from armarium.platform.postgres import ServerUnusable
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.inspection import inspect
from armarium.platform.postgres.roles import derived_passwords, prepare_server
from armarium.platform.postgres.urls import libpq, parse, text_of, with_database
from tests.support.external_server import external_server, free_port
from tests.support.postgres import Server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def admin_url() -> Iterator[str]:
    with external_server() as url:
        yield url


def test_the_url_of_an_administrator_is_all_that_is_needed(admin_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=with_database(admin_url, "collection"))
    with database_for(settings) as cluster:
        assert current(cluster.urls.migrator) == head()
        seen = inspect(cluster.urls.admin)
    assert seen.missing_roles == seen.loose_roles == seen.unpoliced == ()
    assert urls_of(settings) == cluster.urls
    with psycopg.connect(libpq(urls_of(settings).app)) as connection:
        assert connection.info.user == "arm_app"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (n integer)")


@pytest.mark.slow
def test_the_same_tests_pass_on_an_external_server() -> None:
    """Those of the pipes stand for all; `make test-all` runs the whole suite so."""
    chosen = ["tests/migrations", "tests/features/test_platform_postgres_harness.py"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.support.external_server"),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def limited_url(postgres: Server, attributes: str) -> str:
    """An administrator with fewer rights, owner of a database of its own."""
    admin = postgres.admin_url
    with psycopg.connect(libpq(with_database(admin, "postgres")), autocommit=True) as connection:
        connection.execute("drop database if exists limited with (force)")
        connection.execute("drop role if exists limited")
        connection.execute(f"create role limited login password 'limited' {attributes}".encode())
        connection.execute("create database limited owner limited")
    return text_of(parse(admin).set(username="limited", password="limited", database="limited"))


@pytest.fixture
def bare(admin_url: str) -> Server:
    """A server on which nothing of ours exists yet."""
    with psycopg.connect(libpq(admin_url), autocommit=True) as connection:
        names = ("arm_migrator", "arm_app", "arm_wf")
        for (database,) in connection.execute(
            "select datname from pg_database where datname not in ('postgres', 'template0',"
            " 'template1')"
        ).fetchall():
            connection.execute(f'drop database "{database}" with (force)'.encode())
        for name in names:
            connection.execute(f"drop role if exists {name}".encode())
    return Server(admin_url)


def test_what_is_missing_is_named(bare: Server) -> None:
    url = limited_url(bare, "")
    with pytest.raises(ServerUnusable, match=r"may not create the roles .*arm_migrator, arm_app"):
        prepare_server(url, derived_passwords(url))
    url = limited_url(bare, "createrole")
    with pytest.raises(ServerUnusable, match="create extension vector"):
        prepare_server(url, derived_passwords(url))


def test_an_administrator_who_is_no_superuser_is_enough(bare: Server) -> None:
    """As on a managed server, where someone else has made the extension."""
    url = limited_url(bare, "createrole")
    with psycopg.connect(libpq(with_database(bare.admin_url, "limited"))) as connection:
        connection.execute("create extension vector")
    urls = prepare_server(url, derived_passwords(url))
    migrate_all(urls)
    assert current(urls.migrator) == head()


def test_roles_made_by_hand_as_the_guide_says_are_enough(bare: Server, tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "how-to" / "use-your-own-postgresql.md").read_text()
    block = guide.partition("```sql\n")[2].partition("```")[0].replace("…", "by hand")
    before, inside = block.split("\\connect armarium\n")
    for url, statements in (
        (bare.admin_url, before),
        (with_database(bare.admin_url, "armarium"), inside),
    ):
        with psycopg.connect(libpq(url), autocommit=True) as connection:
            for statement in filter(str.strip, statements.split(";")):
                connection.execute(statement.encode())
    base = parse(bare.admin_url).set(password="by hand", database="armarium")
    urls = {
        f"{name}_database_url": text_of(base.set(username=role))
        for name, role in (("migrator", "arm_migrator"), ("app", "arm_app"), ("worker", "arm_wf"))
    }
    settings = Settings(data=tmp_path, **urls)
    assert migrate(settings) == urls_of(settings)
    assert current(urls_of(settings).migrator) == head()
    with database_for(settings) as cluster:
        assert inspect(cluster.urls.app).unpoliced == ()
    with psycopg.connect(libpq(bare.admin_url), autocommit=True) as connection:
        connection.execute("alter role arm_app bypassrls")
    with pytest.raises(ServerUnusable, match="bypasses row-level security"):
        migrate(settings)


def test_a_role_above_row_level_security_is_refused(bare: Server) -> None:
    url = with_database(bare.admin_url, "loose")
    with psycopg.connect(libpq(bare.admin_url), autocommit=True) as connection:
        connection.execute("create role arm_app login bypassrls")
    with pytest.raises(ServerUnusable, match="alter role arm_app nosuperuser nobypassrls"):
        prepare_server(url, derived_passwords(url))


def test_an_unreachable_server_is_named() -> None:
    url = f"postgresql://someone:secret@127.0.0.1:{free_port()}/armarium"
    with pytest.raises(ServerUnusable, match="refused the connection") as refusal:
        Cluster.external(url)
    assert "secret" not in str(refusal.value)
    with pytest.raises(ServerUnusable, match="names no database"):
        Cluster.external("postgresql://someone@127.0.0.1")


def test_two_databases_of_one_server_may_be_prepared_at_once(postgres: Server) -> None:
    """Roles are the server's, locks a database's: the two meet at the same catalog rows."""
    with ExitStack() as stack:
        urls = [stack.enter_context(postgres.database(migrated=False)).admin for _ in range(4)]
        passwords = derived_passwords(postgres.admin_url)
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda url: prepare_server(url, passwords), urls * 3))
    assert len({doors.app for doors in done}) == 4
