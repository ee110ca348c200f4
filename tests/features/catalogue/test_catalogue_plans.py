"""What everybody asks of catalogues uses its index, as the role that policies bind, at volume."""

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from armarium.features.catalogue import store
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope, Session
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.plans import nodes

COUNT = 20_000
CATALOGUES = """
insert into catalogues (id, slug, name, kind, source, licence, state, entry_count, generation,
  created_at, updated_at)
select gen_random_uuid(), 'c' || n, 'C' || n, 'card', 'f', '', 'ready', :count, 1, now(), now()
from generate_series(1, 2) n
"""
SETS = """
insert into catalogue_sets (id, catalogue_id, code, name, names, external_ids)
select gen_random_uuid(), c.id, 'set' || n, 'Set', '{}', '{}'
from catalogues c, generate_series(1, 200) n
"""
ENTRIES = """
insert into catalogue_entries (id, catalogue_id, key, kind, title, subtitle, sort_key, names,
  creators, number, set_code, identifiers, external_ids, fields, variants, attributes, digest,
  updated_at)
select gen_random_uuid(), c.id, 'k' || n, 'card', 'Title ' || n, '', lpad(n::text, 7, '0'), '{}',
  '{}', n::text, 'set' || n % 200, '{}', '{}', '{}', '[]', '{}', 'd', now()
from catalogues c, generate_series(1, :count) n
"""
OWN = """
insert into catalogue_own_entries (space_id, id, kind, title, fields, version, created_at,
  updated_at)
select :space, gen_random_uuid(), (array['card', 'book'])[1 + n % 2], 'Own', '{}', 1, now(), now()
from generate_series(1, 2000) n
"""
OVERRIDES = """
insert into catalogue_overrides (space_id, id, entry_id, title, fields, note, version, created_at,
  updated_at)
select :space, gen_random_uuid(), id, 'Mine', '{}', '', 1, now(), now()
from catalogue_entries where key like 'k1%'
"""
IMAGES = """
insert into catalogue_images (id, catalogue_id, entry_id, source, blob_key, content_type, state)
select gen_random_uuid(), catalogue_id, id, 'i', 'k', 'image/jpeg', 'pending'
from catalogue_entries
"""
TABLES = (
    "catalogues", "catalogue_sets", "catalogue_entries", "catalogue_own_entries",
    "catalogue_overrides", "catalogue_images",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    database: Database
    space: UUID
    catalogue: UUID
    entries: list[UUID]

    async def plans(self, ask: Callable[[Session], Awaitable[Any]]) -> list[dict[str, Any]]:
        """The plan nodes of all that `ask` sends, with the values it was run with."""
        found: list[dict[str, Any]] = []
        async with self.database.transaction(Scope.of_space(self.space)) as session:
            with statements(self.database) as seen:
                await ask(session)
            connection = await session.connection()
            for statement, parameters in seen:
                plan = await connection.exec_driver_sql(
                    f"explain (analyze, timing off, format json) {statement}", parameters
                )
                read = plan.scalar_one()
                tree = json.loads(read) if isinstance(read, str) else read
                found += nodes(tree[0]["Plan"])
        assert found
        return found


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def see(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", see)


@pytest.fixture(scope="module")
async def library(module_database_urls: DatabaseUrls) -> Any:
    database, superuser = Database(module_database_urls.app), Database(module_database_urls.admin)
    mine, other = new_id(), new_id()
    async with superuser.transaction(Scope()) as session:
        for fill in (CATALOGUES, SETS, ENTRIES, IMAGES):
            given = {"count": COUNT} if ":count" in fill else {}
            await session.execute(text(fill), given)
        for space in (mine, other):
            await session.execute(text(OWN), {"space": space})
            await session.execute(text(OVERRIDES), {"space": space})
        await session.execute(text(f"analyze {', '.join(TABLES)}"))
        catalogue = await session.scalar(text("select id from catalogues where slug = 'c1'"))
        ids = await session.scalars(
            text("select id from catalogue_entries where catalogue_id = :id limit 50"),
            {"id": catalogue},
        )
        entries = list(ids)
    yield Library(database, mine, catalogue, entries)
    await database.close()
    await superuser.close()


ASKS: dict[str, Callable[[Library, Session], Awaitable[Any]]] = {
    "a page of a catalogue": lambda lib, session: store.list_entries(
        session, lib.catalogue, PageParams(50, None), space_id=lib.space
    ),
    "a page of a set": lambda lib, session: store.list_entries(
        session, lib.catalogue, PageParams(50, None), space_id=lib.space, set_code="set7"
    ),
    "entries by id": lambda lib, session: store.get_entries(session, lib.entries, lib.space),
    "own entries by id": lambda lib, session: store.get_entries(session, [new_id()], lib.space),
    "which are of a set": lambda lib, session: store.in_set(session, lib.entries, "set7"),
    "ids by key": lambda lib, session: store.ids_by_key(
        session, lib.catalogue, [f"k{number}" for number in range(50)]
    ),
    "a correction": lambda lib, session: store.get_override(session, lib.entries[0], lib.space),
    "an own entry": lambda lib, session: store.get_own(session, new_id(), lib.space),
    "pictures to describe": lambda lib, session: store.pending_images(session, lib.catalogue, 8),
    "pictures of entries": lambda lib, session: store.of_entries(session, lib.entries, "m"),
}


async def next_page(lib: Library, session: Session) -> Any:
    first = await store.list_entries(
        session, lib.catalogue, PageParams(50, None), space_id=lib.space
    )
    return await store.list_entries(
        session, lib.catalogue, PageParams(50, first.next_cursor), space_id=lib.space
    )


ASKS["the page after it"] = next_page
SMALL = {"catalogues"}
"""A handful of rows for everybody: read whole."""


@pytest.mark.parametrize("name", ASKS)
async def test_no_hot_question_reads_whole_tables(library: Library, name: str) -> None:
    found = await library.plans(lambda session: ASKS[name](library, session))
    whole = {node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"} - SMALL
    assert not whole, f"reads all of {whole}: {found}"
    read = max(node["Actual Rows"] * node["Actual Loops"] for node in found)
    assert read <= 250, f"reads {read} rows"


async def test_the_overlay_of_a_space_reads_that_space_only(library: Library) -> None:
    """It goes into every identification; it may read what the space has, and nothing more."""
    for ask in (
        lambda session: store.overlay(session, library.space, "card"),
        lambda session: store.overlay_state(session, library.space),
    ):
        found = await library.plans(ask)
        whole = {
            node["Relation Name"]
            for node in found
            if node["Node Type"] == "Seq Scan" and node.get("Rows Removed by Filter", 0) > 0
        }
        assert not whole - SMALL, found
