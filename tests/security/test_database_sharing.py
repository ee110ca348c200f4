"""Sharing is the database's work: where the program forgets to ask, it still shows no more.

Everything is made by the real door; then raw SQL runs as the app role in each caller's scope.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from armarium.entry.wiring import House
from armarium.features.spaces import Spaces
from armarium.platform.database import Scope
from armarium.platform.postgres.inspection import unpoliced_tables
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.api import Person
from tests.support.pictures import picture
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"
TABLES = """
select c.relname from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attname = 'space_id' and not a.attisdropped
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
  and has_table_privilege('arm_app', c.oid, 'select') order by 1
"""
CHANGEABLE = """
select column_name from information_schema.column_privileges
where table_name = %s and grantee = 'arm_app' and privilege_type = 'UPDATE'
order by column_name <> 'space_id' limit 1
"""
"""A column that the app role may change, if it may change any."""
GUEST_SEES = {
    "blobs",
    "collection_items",
    "item_history",
    "item_identifiers",
    "item_images",
    "item_tags",
    "item_values",
    "items",
    "media",
    "media_variants",
    "own_fields",
    "search_document",
    "search_vector",
    "spaces_collection",
    "spaces_grant",
}
"""Tables of which a guest sees anything at all; of each, what belongs to the granted collection."""

OWN = {"spaces_member", "spaces_grant"}
"""Where everyone may end their own part."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A household with an open, a granted and a hidden item, and everybody's scope."""

    home: Household
    scopes: dict[str, Scope]
    granted: UUID
    plain: UUID
    hidden: UUID
    room: UUID
    urls: DatabaseUrls

    @contextmanager
    def as_(self, who: str) -> Iterator[psycopg.Connection]:
        """The app role in somebody's scope; nothing is kept."""
        with psycopg.connect(libpq(self.urls.app)) as connection:
            for name, value in self.scopes[who].settings().items():
                connection.execute("select set_config(%s, %s, true)", (f"arm.{name}", value))
            yield connection
            connection.rollback()

    def tables(self) -> list[str]:
        with psycopg.connect(libpq(self.urls.app)) as connection:
            return [row[0] for row in connection.execute(TABLES)]


async def scope_of(house: House, person: Person, space: str) -> Scope:
    principal = await house.get(Spaces).authenticate(person.access_token, UUID(space))
    return principal.writing


@pytest.fixture
async def shared(app: FastAPI, house: House, database_urls: DatabaseUrls) -> AsyncIterator[Shared]:
    async with household(app) as home:
        verse = await home.as_owner.post(f"{V1}/collections", json={"name": "Verse"})
        room = await home.as_editor.post(
            f"{V1}/collections", json={"name": "Presents", "visibility": "private"}
        )
        verse_id, room_id = verse.json()["id"], room.json()["id"]
        ids: list[UUID] = []
        for client, title, inside in (
            (home.as_owner, "Granted", [verse_id]),
            (home.as_owner, "Plain", []),
            (home.as_editor, "Hidden", [room_id]),
        ):
            body = {
                "kind": "book",
                "title": title,
                "tags": [title],
                "fields": {"isbn": "9780140424300", "year": "1857"},
                "collections": inside,
                "cost": {"amount_minor": 100, "currency": "EUR"},
            }
            made = await client.post(f"{V1}/items", json=body)
            assert made.status_code == 201, made.text
            ids.append(UUID(made.json()["id"]))
            photo = {"files": (f"{title}.jpg", picture(), "image/jpeg")}
            await client.post(f"{V1}/items/{ids[-1]}/images", files=photo)
        await home.as_owner.post(f"{V1}/fields", json={"label": "Box", "type": "text"})
        await home.as_owner.post(f"{V1}/shares", json={"target": "item", "target_id": str(ids[0])})
        path = f"{V1}/collections/{verse_id}/invitations"
        await invite(home.as_owner, home.stranger, path, "editor")
        scopes = {
            name: await scope_of(house, person, home.id)
            for name, person in (
                ("owner", home.owner),
                ("editor", home.editor),
                ("viewer", home.viewer),
                ("guest", home.stranger),
            )
        }
        scopes["looker"] = Scope(
            guest=UUID(home.id), collections=(UUID(verse_id),), writable=(), money=()
        )
        scopes["link"] = Scope(guest=UUID(home.id), item=ids[0], writable=(), money=())
        scopes["nobody"] = Scope()
        scopes["elsewhere"] = await scope_of(house, home.owner, str(home.owner.id))
        yield Shared(home, scopes, *ids, UUID(room_id), database_urls)


def test_every_table_tells_readers_from_writers(database_urls: DatabaseUrls) -> None:
    """One policy for all verbs would let a viewer write."""
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as admin:
        assert unpoliced_tables(admin) == ()
        admin.execute("create table loose (space_id uuid, id uuid, primary key (space_id, id))")
        assert unpoliced_tables(admin) == ("loose",)
        admin.execute("alter table loose enable row level security")
        admin.execute("alter table loose force row level security")
        mine = "space_id = any ((select arm_spaces())::uuid[])"
        admin.execute(f"create policy p on loose using ({mine}) with check ({mine})".encode())
        assert unpoliced_tables(admin) == ("loose",)


def items(shared: Shared, who: str) -> set[UUID]:
    with shared.as_(who) as connection:
        return {row[0] for row in connection.execute("select id from items")}


async def test_each_caller_sees_their_items(shared: Shared) -> None:
    granted, plain, hidden = shared.granted, shared.plain, shared.hidden
    assert items(shared, "editor") == {granted, plain, hidden}
    assert items(shared, "owner") == items(shared, "viewer") == {granted, plain}
    assert items(shared, "guest") == items(shared, "looker") == items(shared, "link") == {granted}
    assert items(shared, "nobody") == items(shared, "elsewhere") == set()


async def test_what_belongs_to_a_hidden_item_is_hidden_with_it(shared: Shared) -> None:
    for who, seen in (
        ("owner", {shared.granted, shared.plain}),
        ("viewer", {shared.granted, shared.plain}),
        ("guest", {shared.granted}),
        ("link", {shared.granted}),
        ("editor", {shared.granted, shared.plain, shared.hidden}),
    ):
        with shared.as_(who) as connection:
            for table in (
                "item_identifiers",
                "item_tags",
                "item_images",
                "item_values",
                "item_history",
            ):
                found = connection.execute(
                    sql.SQL("select distinct item_id from {}").format(sql.Identifier(table))
                )
                assert {row[0] for row in found} == seen, (who, table)
            pictures = connection.execute("select count(*) from media").fetchone()
            assert pictures == (len(seen),), who
            words = {row[0] for row in connection.execute("select term from search_term")}
            assert ("hidden" in words) is (who == "editor"), who
            postings = connection.execute(
                "select count(*) from search_posting where term = 'hidden'"
            ).fetchone()
            assert (postings != (0,)) is (who == "editor"), who
            heard = connection.execute(
                "select count(*) from events where subject = %s", (str(shared.hidden),)
            ).fetchone()
            assert (heard != (0,)) is (who == "editor"), who


async def test_money_is_seen_by_those_who_may(shared: Shared) -> None:
    for who, count in (("owner", 2), ("editor", 3), ("viewer", 0), ("guest", 0), ("link", 0)):
        with shared.as_(who) as connection:
            found = connection.execute("select count(*) from item_money").fetchone()
            assert found == (count,), who


async def test_a_guest_sees_nothing_of_any_other_table(shared: Shared) -> None:
    for who in ("guest", "looker", "link", "nobody", "elsewhere"):
        allowed = GUEST_SEES | OWN if who not in {"nobody", "elsewhere"} else set[str]()
        with shared.as_(who) as connection:
            for table in shared.tables():
                if table in allowed or (who == "guest" and is_derived(table)):
                    continue
                count = connection.execute(
                    sql.SQL("select count(*) from {} where space_id = %s").format(
                        sql.Identifier(table)
                    ),
                    (UUID(shared.home.id),),
                ).fetchone()
                # An owner elsewhere still finds their own membership and what it lets them manage.
                if who == "elsewhere" and table in {"spaces_member", "spaces_invitation"}:
                    continue
                assert count == (0,), (who, table)


def is_derived(table: str) -> bool:
    """Open to a guest editor inside a write, since the index follows what they change."""
    return table.startswith("search_")


async def test_those_who_may_look_write_nothing(shared: Shared) -> None:
    for who in ("viewer", "looker", "link", "nobody"):
        with shared.as_(who) as connection:
            for table in shared.tables():
                column = connection.execute(CHANGEABLE, (table,)).fetchone()
                for verb, statement in (
                    ("update", "update {} set {} = {} where space_id = %s"),
                    ("delete", "delete from {} where space_id = %s"),
                ):
                    may = connection.execute(
                        "select has_any_column_privilege(%s, 'update') and %s = 'update'"
                        " or has_table_privilege(%s, 'delete') and %s = 'delete'",
                        (table, verb, table, verb),
                    ).fetchone()
                    if may != (True,) or (verb == "delete" and table in OWN):
                        continue
                    connection.execute("savepoint before")
                    parts = [
                        sql.Identifier(each) for each in (table, *(column or ()), *(column or ()))
                    ]
                    done = connection.execute(
                        sql.SQL(statement).format(*parts), (UUID(shared.home.id),)
                    )
                    assert done.rowcount == 0, (who, verb, table)
                    connection.execute("rollback to savepoint before")


INSERTS = {
    "items": "insert into items select * from items limit 1",
    "item_tags": "insert into item_tags select space_id, item_id, 'new', 'new', 9 from item_tags",
    "spaces_collection": "insert into spaces_collection (space_id, id, name, description,"
    " visibility, position, version, created_at, updated_at)"
    " values (%(space)s, gen_random_uuid(), 'n', '', 'space', 1, 1, now(), now())",
    "spaces_member": "insert into spaces_member (space_id, user_id, role, sees_money, created_at)"
    " values (%(space)s, arm_user(), 'owner', true, now())",
    "spaces_grant": "insert into spaces_grant (space_id, collection_id, user_id, role, sees_money,"
    " created_at) select space_id, collection_id, arm_user(), 'owner', true, now()"
    " from collection_items limit 1",
    "collection_items": "insert into collection_items (space_id, collection_id, item_id, added_at)"
    " select %(space)s, collection_id, %(hidden)s, now() from collection_items limit 1",
    "item_money": "insert into item_money (space_id, item_id, amount_minor, fees_minor, currency,"
    " source, updated_at) values (%(space)s, %(granted)s, 1, 0, 'EUR', '', now())"
    " on conflict do nothing",
}


@pytest.mark.parametrize("who", ["viewer", "looker", "guest", "link", "elsewhere"])
async def test_nobody_lets_themselves_in(shared: Shared, who: str) -> None:
    """Rows that would give more than was given, as the app role could write them."""
    names = {"space": UUID(shared.home.id), "hidden": shared.hidden, "granted": shared.granted}
    for table, statement in INSERTS.items():
        with shared.as_(who) as connection:
            before = items(shared, who)
            try:
                done = connection.execute(statement.encode(), names)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.UniqueViolation):
                continue
            guests_own = who == "guest" and table == "item_tags"
            assert done.rowcount == 0 or guests_own, (who, table)
            seen = {row[0] for row in connection.execute("select id from items")}
            assert seen == before, (who, table)


async def test_an_editor_changes_no_member_and_no_space(shared: Shared) -> None:
    with shared.as_("editor") as connection:
        for statement in (
            b"update spaces_member set role = 'owner' where role <> 'owner'",
            b"update spaces_space set name = 'mine' where kind = 'household'",
            b"delete from spaces_space where kind = 'household'",
            b"delete from spaces_member where user_id <> arm_user()",
        ):
            assert connection.execute(statement).rowcount == 0, statement


GIVEN = {
    "grant": "insert into spaces_grant (space_id, collection_id, user_id, role, sees_money,"
    " created_at) values (%(space)s, %(verse)s, %(viewer)s, 'viewer', {}, now())",
    "offer": "insert into spaces_invitation (space_id, id, collection_id, role, sees_money,"
    " created_by, created_at, expires_at) values (%(space)s, gen_random_uuid(), %(verse)s,"
    " 'viewer', {}, %(maker)s, now(), now() + interval '1 day')",
    "link": "insert into spaces_link (space_id, id, token_hash, target, target_id, label,"
    " with_prices, views, created_by, created_at, expires_at) values (%(space)s,"
    " gen_random_uuid(), 'x', 'item', %(granted)s, '', {}, 0, %(maker)s, now(),"
    " now() + interval '1 day')",
}
RAISED = (
    "update spaces_grant set sees_money = true where collection_id = %(verse)s and role = 'owner'",
    "update spaces_grant set user_id = user_id",
    "update spaces_invitation set sees_money = true",
    "update spaces_invitation set role = 'owner'",
    "update spaces_link set with_prices = true",
)


async def test_nobody_gives_more_sight_than_they_have(shared: Shared, house: House) -> None:
    home = shared.home
    members = f"{V1}/spaces/{home.id}/members/{home.editor.id}"
    verse = str(shared.scopes["guest"].collections[0])
    given = await home.as_owner.put(
        f"{V1}/collections/{verse}/grants/{home.editor.id}", json={"role": "owner"}
    )
    assert given.status_code == 200, given.text
    names = {
        "space": UUID(home.id),
        "verse": UUID(verse),
        "viewer": home.viewer.id,
        "maker": home.editor.id,
        "granted": shared.granted,
    }

    def allowed(statement: str, **more: object) -> bool:
        with shared.as_("editor") as connection:
            try:
                return connection.execute(statement.encode(), {**names, **more}).rowcount == 1
            except psycopg.errors.InsufficientPrivilege:
                return False

    for sees in (True, False):
        await home.owner.client.patch(members, json={"sees_money": sees})
        shared.scopes["editor"] = await scope_of(house, home.editor, home.id)
        for what, statement in GIVEN.items():
            assert allowed(statement.format("false")), what
            assert allowed(statement.format("true")) is sees, what
            in_another_name = {"maker": home.owner.id}
            if what != "grant":
                assert not allowed(statement.format("false"), **in_another_name), what
        assert allowed(RAISED[0]) is sees
        for statement in RAISED[1:]:
            assert not allowed(statement), statement


async def test_a_guest_editor_writes_in_the_granted_collection_only(shared: Shared) -> None:
    with shared.as_("guest") as connection:
        changed = connection.execute("update items set title = 'mine' returning id").fetchall()
        assert changed == [(shared.granted,)]
        tagged = connection.execute("update item_tags set name = 'mine' returning item_id")
        assert {row[0] for row in tagged} == {shared.granted}
        assert connection.execute("delete from items").rowcount == 0
        assert connection.execute("delete from collection_items").rowcount == 0
        assert connection.execute("update own_fields set label = 'mine'").rowcount == 0
