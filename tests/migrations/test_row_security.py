"""Tenancy is the database's work: a forgotten filter shows nothing of another space."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from psycopg import sql
from sqlalchemy import create_engine, text

from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.database.policies import space_table
from armarium.platform.database.sessions import OutOfScope
from armarium.platform.postgres.inspection import unpoliced_tables
from armarium.platform.postgres.names import APP_ROLE
from armarium.platform.postgres.urls import DatabaseUrls, libpq

PLANNING_KB = 3000
"""Twice what the dearest takes; policies that expand into each other took 23,500."""
TENANT_TABLES = """
select c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'space_id' and not a.attisdropped
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1
"""
FOREIGN_KEYS = """
select conrelid::regclass::text, conname, confrelid::regclass::text,
  (select array_agg(a.attname::text order by k.n) from unnest(conkey) with ordinality k(num, n)
   join pg_attribute a on a.attrelid = conrelid and a.attnum = k.num),
  (select array_agg(a.attname::text order by k.n) from unnest(confkey) with ordinality k(num, n)
   join pg_attribute a on a.attrelid = confrelid and a.attnum = k.num)
from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
"""
LOOSE_FUNCTIONS = """
select p.oid::regprocedure::text from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema', 'dbos')
  and not coalesce(array_to_string(p.proconfig, ',') ~ 'search_path=', false)
"""


@pytest.fixture(scope="module")
def admin(module_database_urls: DatabaseUrls) -> Iterator[psycopg.Connection]:
    """The superuser: sees the catalog and every row."""
    with psycopg.connect(libpq(module_database_urls.admin), autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def tenant_tables(admin: psycopg.Connection) -> list[str]:
    return [row[0] for row in admin.execute(TENANT_TABLES)]


def test_every_table_with_spaces_is_policed(
    admin: psycopg.Connection, tenant_tables: list[str]
) -> None:
    """`alembic check` does not see policies: a new table would be open to everyone."""
    assert len(tenant_tables) > 3
    assert unpoliced_tables(admin) == ()


def test_references_between_tenants_rows_carry_the_space(
    admin: psycopg.Connection, tenant_tables: list[str]
) -> None:
    """Key checks bypass row-level security: a plain id could point into another space."""
    plain = [
        name
        for table, name, target, columns, targets in admin.execute(FOREIGN_KEYS)
        if table in tenant_tables
        and target in tenant_tables
        and not ("space_id" in columns and columns.index("space_id") == targets.index("space_id"))
    ]
    assert plain == []


def test_functions_with_the_owners_rights_fix_their_search_path(admin: psycopg.Connection) -> None:
    """Otherwise the caller's schema decides which table the owner touches."""
    assert [row[0] for row in admin.execute(LOOSE_FUNCTIONS)] == []


def test_the_app_role_without_a_scope_sees_no_row_of_any_space(
    module_database_urls: DatabaseUrls, tenant_tables: list[str]
) -> None:
    with psycopg.connect(libpq(module_database_urls.app), autocommit=True) as connection:
        for table in tenant_tables:
            privilege = connection.execute(
                "select has_table_privilege(%s, 'select')", (table,)
            ).fetchone()
            if privilege == (True,):
                count = connection.execute(
                    sql.SQL("select count(*) from {}").format(sql.Identifier(table))
                ).fetchone()
                assert count == (0,), table


@pytest.fixture
def notes(database_urls: DatabaseUrls) -> DatabaseUrls:
    """A tenant table made as migrations make them, with a row in each of two spaces."""
    engine = create_engine(database_urls.migrator)
    with engine.begin() as connection:
        connection.execute(
            text(
                "create table notes (space_id uuid, id uuid, body text, primary key (space_id, id))"
            )
        )
        with Operations.context(MigrationContext.configure(connection)):
            space_table("notes")
    engine.dispose()
    return database_urls


async def write(database: Database, scope: Scope, space_id: object) -> None:
    async with database.transaction(scope) as session:
        await session.execute(
            text("insert into notes values (:space, :id, 'mine')"),
            {"space": space_id, "id": new_id()},
        )


async def count(database: Database, scope: Scope) -> int:
    async with database.transaction(scope) as session:
        return (await session.execute(text("select count(*) from notes"))).scalar_one()


async def test_a_forgotten_filter_shows_ones_own_rows_only(
    notes: DatabaseUrls, database: Database
) -> None:
    mine, other = new_id(), new_id()
    for space in (mine, mine, other):
        await write(database, Scope.of_space(space), space)
    assert await count(database, Scope.of_space(mine)) == 2
    assert await count(database, Scope(spaces=(mine, other))) == 3
    assert await count(database, Scope.of_space(new_id())) == 0
    assert await count(database, Scope()) == 0


async def test_nothing_can_be_written_into_another_space(
    notes: DatabaseUrls, database: Database
) -> None:
    mine, other = new_id(), new_id()
    await write(database, Scope.of_space(other), other)
    with pytest.raises(OutOfScope):
        await write(database, Scope.of_space(mine), other)
    async with database.transaction(Scope.of_space(mine)) as session:
        changed = await session.execute(text("update notes set body = 'taken'"))
        gone = await session.execute(text("delete from notes"))
        assert (changed.rowcount, gone.rowcount) == (0, 0)


async def test_a_pooled_connection_forgets_the_last_caller(
    notes: DatabaseUrls, database_urls: DatabaseUrls
) -> None:
    mine = new_id()
    database = Database(database_urls.app, pool_size=1, max_overflow=0)
    try:
        await write(database, Scope.of_space(mine), mine)
        assert await count(database, Scope()) == 0
        async with database.engine.connect() as connection:
            rows = await connection.execute(text("select count(*) from notes"))
            assert rows.scalar_one() == 0
    finally:
        await database.close()


async def test_the_scope_survives_a_savepoint_that_was_rolled_back(
    notes: DatabaseUrls, database: Database
) -> None:
    mine = new_id()
    await write(database, Scope.of_space(mine), mine)
    async with database.transaction(Scope.of_space(mine)) as session:
        async with session.begin_nested() as savepoint:
            inside = (await session.execute(text("select count(*) from notes"))).scalar_one()
            await savepoint.rollback()
        after = (await session.execute(text("select count(*) from notes"))).scalar_one()
    assert (inside, after) == (1, 1)


def test_a_data_migration_fails_aloud_rather_than_touching_nothing(notes: DatabaseUrls) -> None:
    """FORCE hides the rows from their owner too; env.py turns the silence into an error."""
    with psycopg.connect(libpq(notes.migrator)) as connection:
        connection.execute("set row_security = off")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("update notes set body = 'new'")


def test_the_app_role_owns_nothing_and_may_not_lift_policies(notes: DatabaseUrls) -> None:
    with psycopg.connect(libpq(notes.app), autocommit=True) as connection:
        owned = connection.execute(
            "select count(*) from pg_class where relowner = %s::regrole", (APP_ROLE,)
        ).fetchone()
        assert owned == (0,)
        for statement in (
            b"alter table notes disable row level security",
            b"set role arm_migrator",
            b"create table public.own (n integer)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select * from media m join blobs b on b.space_id = m.space_id and b.id = m.blob_id",
        "select * from media_variants v join blobs b using (space_id) where v.blob_id = b.id",
        "select * from items i join item_images ii using (space_id) where ii.item_id = i.id",
        "update item_values set text_value = ''",
        "select * from collection_items natural join spaces_collection",
        "select * from detections",
        "update blobs set size = 1",
    ],
)
def test_policies_cost_the_planner_little(
    module_database_urls: DatabaseUrls, statement: str
) -> None:
    """A policy that asks a policed table is copied into each statement, and so is that table's."""
    with psycopg.connect(libpq(module_database_urls.app), autocommit=True) as connection:
        plan = connection.execute(sql.SQL("explain (memory, summary) " + statement)).fetchall()
    (used,) = re.findall(r"Memory: used=(\d+)kB", "\n".join(row[0] for row in plan))
    assert int(used) < PLANNING_KB
