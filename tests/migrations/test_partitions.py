"""A space is the unit of partition: any tenant's table can be parted by it without new code."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

from armarium.kit.ids import new_id
from armarium.platform.database.policies import space_table
from armarium.platform.postgres.urls import DatabaseUrls, libpq

LOOSE_KEYS = """
select i.indexrelid::regclass::text
from pg_index i
join pg_class c on c.oid = i.indrelid and c.relnamespace = 'public'::regnamespace
join pg_attribute s on s.attrelid = c.oid and s.attname = 'space_id' and not s.attisdropped
where i.indisunique and not s.attnum = any (i.indkey::int2[])
order by 1
"""
HOUSE_WIDE = {"pk_events", "pk_jobs"}
"""Streams of the whole house, read in one order and soon forgotten; parted by age if ever."""

PARTED = """
create table parted_items (like items including defaults including constraints including indexes)
partition by hash (space_id)
"""
FILL = """
insert into parted_items (space_id, id, kind, title, title_key, subtitle, status, fields,
  own_fields, creator_key, set_key, notes, read_text, quantity, version, created_at, updated_at)
select %s, gen_random_uuid(), 'book', 'T', 't', '', 'on_hand', '{}', '{}', '', '', '', '', 1, 1,
  timestamptz '2020-01-01Z' + n * interval '1 minute', timestamptz '2020-01-01Z'
from generate_series(1, 200) n
"""
PAGE = """
explain (analyze, format json)
select id from parted_items where space_id = %s and deleted_at is null
order by created_at desc, id desc limit 20
"""


@pytest.fixture
def admin(database_urls: DatabaseUrls) -> Iterator[psycopg.Connection]:
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        yield connection


def test_every_unique_key_of_a_tenants_table_holds_the_space(admin: psycopg.Connection) -> None:
    """PostgreSQL parts a table only where each unique key holds the partition key."""
    assert {row[0] for row in admin.execute(LOOSE_KEYS)} <= HOUSE_WIDE


def test_a_page_of_a_parted_table_reads_the_callers_part_alone(
    database_urls: DatabaseUrls,
) -> None:
    engine = create_engine(database_urls.migrator)
    with engine.begin() as connection:
        connection.execute(text(PARTED))
        for part in range(4):
            connection.execute(
                text(
                    f"create table parted_items_{part} partition of parted_items "
                    f"for values with (modulus 4, remainder {part})"
                )
            )
        with Operations.context(MigrationContext.configure(connection)):
            space_table("parted_items")
    engine.dispose()
    spaces = [new_id() for _ in range(8)]
    with psycopg.connect(libpq(database_urls.app), autocommit=True) as connection:
        for space in spaces:
            for setting in ("arm.spaces", "arm.writable"):
                connection.execute("select set_config(%s, %s, false)", (setting, str(space)))
            connection.execute(FILL, (space,))
        (count,) = connection.execute("select count(*) from parted_items").fetchone() or (0,)
        assert count == 200, "the policy of the parent binds"
        (plan,) = connection.execute(PAGE, (spaces[-1],)).fetchone() or ([],)
    read = json.dumps(plan).count('"Relation Name": "parted_items_')
    assert read == 1
