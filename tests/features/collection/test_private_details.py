"""What is sealed stays sealed: in the database, the search, exports, and after an erasure."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from httpx2 import AsyncClient
from psycopg import sql
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.operations import Archives
from armarium.platform.archive import ArchiveReader
from armarium.platform.audit import AuditLog
from armarium.platform.database import Scope
from armarium.platform.owned import OwnedRegister
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.platform.secret import ServerSecret
from armarium.platform.vault import CannotOpen, Rotation, Vault
from tests.support.items import CHARIZARD, add_item

SignIn = Callable[..., Awaitable[AsyncClient]]
TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
"""
SECRET = {"insurance_policy": "AX-11-204", "storage_place": "Safe", "note": "zwiebelfisch"}


def everything(urls: DatabaseUrls) -> str:
    """All text of all tables, as somebody reads it who stole the disk."""
    with psycopg.connect(libpq(urls.admin), autocommit=True) as connection:
        tables = [row[0] for row in connection.execute(TABLES).fetchall()]
        queries = [sql.SQL("select t::text from {} t").format(sql.Identifier(t)) for t in tables]
        return "\n".join(row[0] for each in queries for row in connection.execute(each))


async def keep(client: AsyncClient) -> str:
    item = await add_item(client, CHARIZARD)
    path = f"/api/v1/items/{item['id']}/private"
    put = await client.put(path, json=SECRET)
    assert put.status_code == 200, put.text
    return path


async def test_the_database_holds_no_word_of_it(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    person, stranger = await sign_in(), await sign_in()
    path = await keep(person)
    read = await person.get(path)
    assert read.json() == SECRET
    tag = read.headers["ETag"]
    following = await person.put(path, json=SECRET, headers={"If-Match": tag})
    assert following.status_code == 200
    stale = await person.put(path, json={"note": "x"}, headers={"If-Match": 'W/"7"'})
    assert stale.status_code == 412
    assert (await stranger.get(path)).status_code == 404
    dumped = everything(house.urls)
    assert "Charizard" in dumped
    for word in SECRET.values():
        if word != "Safe":
            assert word not in dumped
            assert word.encode().hex() not in dumped
    assert (await person.get("/api/v1/search", params={"q": "zwiebelfisch"})).json() == []
    assert "zwiebelfisch" not in (await person.get("/api/v1/items")).text
    me = UUID((await person.get("/api/v1/me")).json()["id"])
    await house.get(Archives).write(me, tmp_path / "a.zip")
    with ArchiveReader(tmp_path / "a.zip") as archive:
        kept = list(archive.rows("item_private"))
    assert [{**each, "item_id": None} for each in kept] == [{**SECRET, "item_id": None}]
    assert (await person.put(path, json={})).json()["note"] == ""
    assert (await person.get(path)).headers["ETag"] == 'W/"0"'


async def test_a_tag_of_what_was_emptied_fits_nothing_later(sign_in: SignIn) -> None:
    person = await sign_in()
    path = await keep(person)
    old = (await person.get(path)).headers["ETag"]
    await person.put(path, json={})
    await person.put(path, json={"note": "new"})
    late = await person.put(path, json=SECRET, headers={"If-Match": old})
    assert late.status_code == 412
    assert (await person.get(path)).json()["note"] == "new"


async def test_bytes_open_only_where_they_were_sealed(sign_in: SignIn, house: House) -> None:
    person, other = await sign_in(), await sign_in()
    one, two = [UUID((await each.get("/api/v1/me")).json()["id"]) for each in (person, other)]
    vault = house.get(Vault)
    async with house.database.transaction(Scope(spaces=(one, two))) as session:
        sealed = await vault.seal(session, one, "p", one, b"plain")
        await vault.seal(session, two, "p", two, b"other")
        assert await vault.open(session, one, "p", one, sealed) == b"plain"
        assert sealed != await vault.seal(session, one, "p", one, b"plain")
        broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
        for args in (
            (two, "p", one, sealed),
            (one, "q", one, sealed),
            (one, "p", two, sealed),
            (one, "p", one, broken),
            (one, "p", one, b"\x02" + sealed[1:]),
            (one, "p", one, b""),
        ):
            with pytest.raises(CannotOpen):
                await vault.open(session, *args)


async def generations(rotation: Rotation, space_id: UUID) -> list[int]:
    return [each.generation for each in await rotation.states() if each.space_id == space_id]


async def test_keys_are_renewed_and_shredded(sign_in: SignIn, house: House) -> None:
    person = await sign_in()
    path = await keep(person)
    me = UUID((await person.get("/api/v1/me")).json()["id"])
    rotation = house.get(Rotation)
    assert await generations(rotation, me) == [1]
    assert await rotation.renew(me) == 1
    assert await generations(rotation, me) == [2]
    assert (await person.get(path)).json() == SECRET
    assert await rotation.rewrap() == 0

    async with house.database.transaction(Scope.of_space(me)) as session:
        row = (await session.execute(text("select sealed, item_id from item_secrets"))).one()
    backup, item_id = bytes(row[0]), row[1]
    async with house.database.transaction(Scope.of_space(me)) as session:
        for owned in reversed(house.get(OwnedRegister)):
            await owned.erase(session, me)
    async with house.database.transaction(Scope.of_space(me)) as session:
        with pytest.raises(CannotOpen, match="gone"):
            await house.get(Vault).open(session, me, "item-private", item_id, backup)
    assert (await house.get(AuditLog).verify()).broken is None


async def test_a_key_outlives_whoever_is_sealing_with_it(sign_in: SignIn, house: House) -> None:
    """A renewal waits for a writer that took the older key, and seals that row again too."""
    person = await sign_in()
    path = await keep(person)
    me = UUID((await person.get("/api/v1/me")).json()["id"])
    other = UUID((await add_item(person, CHARIZARD))["id"])
    rotation, vault = house.get(Rotation), house.get(Vault)
    insert = text(
        "insert into item_secrets (space_id, item_id, sealed, version, updated_at)"
        " values (:space, :item, :sealed, 1, now())"
    )
    async with house.database.transaction(Scope.of_space(me)) as session:
        sealed = await vault.seal(session, me, "item-private", other, json.dumps(SECRET).encode())
        await session.execute(insert, {"space": me, "item": other, "sealed": sealed})
        renewing = asyncio.create_task(rotation.renew(me))
        await asyncio.sleep(0.5)
        assert not renewing.done()
    assert await renewing == 2
    assert await generations(rotation, me) == [2]
    for each in (path, f"/api/v1/items/{other}/private"):
        assert (await person.get(each)).json() == SECRET


async def test_a_new_server_secret_wraps_every_key_again(sign_in: SignIn, house: House) -> None:
    person = await sign_in()
    path = await keep(person)
    old, rotation = house.get(ServerSecret), house.get(Rotation)
    before = {state.server_key for state in await rotation.states()}
    old.renew()
    waiting = [state for state in await rotation.states() if not state.is_current]
    assert waiting
    assert await rotation.rewrap() == len(waiting)
    assert await rotation.rewrap() == 0
    assert before.isdisjoint({state.server_key for state in await rotation.states()})
    old.forget_older()
    assert (await person.get(path)).json() == SECRET
