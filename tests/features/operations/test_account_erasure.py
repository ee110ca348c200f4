"""The end of an account: asked for, hidden, taken back, and then nothing is left of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import psycopg
import time_machine
from httpx2 import AsyncClient
from psycopg import sql

from armarium.entry.wiring import House
from armarium.features.operations import AccountErasure, Archives
from armarium.kit.instants import now
from armarium.platform.audit import AuditLog
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from armarium.ports.blobs import BlobStore
from tests.support.items import CHARIZARD, add_item
from tests.support.media import send_picture

SignIn = Callable[..., Awaitable[AsyncClient]]
PASSWORD = "Correct-Horse-42"
TABLES = """
select table_name from information_schema.tables
where table_schema = 'public' and table_type = 'BASE TABLE' order by 1
"""
PSEUDONYMS = {"audit_entry", "jobs"}
"""The log, and for some weeks the records of jobs, keep the person's random id, which by then
leads to nobody; never their address."""


async def log_in(client: AsyncClient, email: str) -> None:
    answer = await client.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert answer.is_success, answer.text
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def traces(urls: DatabaseUrls, *needles: str) -> dict[str, list[str]]:
    """Every table that holds one of these texts in any column, as the superuser reads it."""
    found: dict[str, list[str]] = {}
    with psycopg.connect(libpq(urls.admin), autocommit=True) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            query = sql.SQL("select t::text from {} t").format(sql.Identifier(table))
            for (row,) in connection.execute(query):
                if any(needle in row for needle in needles):
                    found.setdefault(table, []).append(row)
    return found


async def test_an_account_is_hidden_then_taken_back_then_erased_everywhere(
    sign_in: SignIn, client: AsyncClient, house: House, database_urls: DatabaseUrls
) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    picture = await send_picture(ada)
    item = await add_item(ada, CHARIZARD, images=[{"media_id": picture["id"]}])
    person = (await ada.get("/api/v1/me")).json()["id"]
    shared = {"target": "item", "target_id": item["id"], "label": "x"}
    link = (await ada.post("/api/v1/shares", json=shared)).json()
    assert (await client.get(f"/api/v1/shared/{link['token']}")).status_code == 200
    space = (await admin.post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})).json()
    offered = await admin.post(
        f"/api/v1/spaces/{space['id']}/invitations",
        json={"email": "ada@example.org", "role": "editor"},
    )
    assert offered.is_success, offered.text
    seat = {"token": offered.json()["token"]}
    assert (await ada.post("/api/v1/invitations/accept", json=seat)).is_success
    made = await ada.post("/api/v1/items", json=CHARIZARD, headers={"X-Space": space["id"]})
    assert made.status_code == 201, made.text

    asked = await ada.post("/api/v1/me/deletion")
    assert asked.status_code == 202, asked.text
    assert (await ada.get("/api/v1/me")).status_code == 401
    assert (await client.get(f"/api/v1/shared/{link['token']}")).status_code == 404
    await log_in(ada, "ada@example.org")
    assert (await ada.get("/api/v1/me")).json()["closes_at"] == asked.json()["closes_at"]
    refused = await ada.get("/api/v1/items")
    assert refused.status_code == 403
    assert refused.json()["code"] == "account_closing"
    undone = await ada.delete("/api/v1/me/deletion")
    assert undone.status_code == 204, undone.text
    assert len((await ada.get("/api/v1/items")).json()) == 1
    assert (await ada.delete("/api/v1/me/deletion")).json()["code"] == "not_closing"

    asked = await ada.post("/api/v1/me/deletion")
    await house.get(Archives).make(UUID(person), UUID(asked.json()["archive"]["id"]))
    erasure = house.get(AccountErasure)
    assert await erasure.erase(UUID(person)) == {"erased": False}
    with time_machine.travel(now() + timedelta(days=14, minutes=1), tick=True):
        assert (await erasure.plan())["due"] == 1
        await log_in(ada, "ada@example.org")
        late = await ada.delete("/api/v1/me/deletion")
        assert (late.status_code, late.json()["code"]) == (409, "erasure_under_way")
        assert (await erasure.erase(UUID(person)))["erased"]
        assert not (await erasure.erase(UUID(person)))["erased"]
    left = traces(database_urls, person, "ada@example.org")
    assert set(left) <= PSEUDONYMS, left
    assert "ada@example.org" not in str(left)
    blobs = house.services[BlobStore]
    assert [each.key async for each in blobs.list("") if person in each.key] == []
    assert (await house.get(AuditLog).verify()).broken is None
    assert len((await admin.get("/api/v1/items", headers={"X-Space": space["id"]})).json()) == 1


async def test_a_private_room_in_a_shared_space_passes_on(sign_in: SignIn, house: House) -> None:
    """Its things would stay in the household, and nobody could see, move or delete them."""
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    person = UUID((await ada.get("/api/v1/me")).json()["id"])
    space = (await admin.post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})).json()["id"]
    offer = {"email": "ada@example.org", "role": "editor"}
    offered = await admin.post(f"/api/v1/spaces/{space}/invitations", json=offer)
    await ada.post("/api/v1/invitations/accept", json={"token": offered.json()["token"]})
    there = {"X-Space": space}
    hidden = {"name": "Presents", "visibility": "private"}
    room = (await ada.post("/api/v1/collections", json=hidden, headers=there)).json()["id"]
    body = {**CHARIZARD, "collections": [room]}
    made = await ada.post("/api/v1/items", json=body, headers=there)
    assert made.status_code == 201, made.text
    assert (await admin.get("/api/v1/items", headers=there)).json() == []
    await ada.post("/api/v1/me/deletion")
    with time_machine.travel(now() + timedelta(days=14, minutes=1), tick=True):
        assert (await house.get(AccountErasure).erase(person))["erased"]
    assert len((await admin.get("/api/v1/items", headers=there)).json()) == 1
    owned = (await admin.get(f"/api/v1/collections/{room}/grants", headers=there)).json()
    assert [each["role"] for each in owned] == ["owner"]


async def test_what_others_would_lose_is_handed_over_first(sign_in: SignIn) -> None:
    only = await sign_in("admin@example.org")
    refused = await only.post("/api/v1/me/deletion")
    assert refused.status_code == 409
    assert refused.json()["code"] == "last_admin"
    owner = await sign_in()
    space = (await owner.post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})).json()
    refused = await owner.post("/api/v1/me/deletion")
    assert refused.status_code == 409
    assert refused.json()["spaces"] == [{"id": space["id"], "name": "Shop"}]
    assert (await owner.delete(f"/api/v1/spaces/{space['id']}")).is_success
    assert (await owner.post("/api/v1/me/deletion")).status_code == 202


async def test_the_last_two_administrators_cannot_both_go(sign_in: SignIn) -> None:
    """Each saw the other, and nobody was left."""
    two = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    person = (await two[1].get("/api/v1/me")).json()["id"]
    made = await two[0].put(f"/api/v1/admin/users/{person}/role", json={"role": "admin"})
    assert made.is_success, made.text
    asked = await asyncio.gather(*(each.post("/api/v1/me/deletion") for each in two))
    assert sorted(each.status_code for each in asked) == [202, 409]
    assert {each.json().get("code") for each in asked} == {None, "last_admin"}


async def test_the_last_two_owners_cannot_both_go(sign_in: SignIn) -> None:
    """An owner whose account is closing still counted, and a viewer was left alone."""
    await sign_in("admin@example.org")
    owners = await sign_in(), await sign_in()
    space = (await owners[0].post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})).json()
    path = f"/api/v1/spaces/{space['id']}/invitations"
    token = (await owners[0].post(path, json={"role": "owner"})).json()["token"]
    assert (await owners[1].post("/api/v1/invitations/accept", json={"token": token})).is_success
    assert (await owners[0].post("/api/v1/me/deletion")).status_code == 202
    me = (await owners[1].get("/api/v1/me")).json()["id"]
    left = await owners[1].delete(f"/api/v1/spaces/{space['id']}/members/{me}")
    assert (left.status_code, left.json()["code"]) == (409, "last_owner")
    refused = await owners[1].post("/api/v1/me/deletion")
    assert (refused.status_code, refused.json()["code"]) == (409, "spaces_to_hand_over")
    assert refused.json()["spaces"] == [{"id": space["id"], "name": "Shop"}]
    assert (await owners[1].get("/api/v1/me")).json()["closes_at"] is None


async def test_two_owners_who_go_at_once_leave_one_behind(sign_in: SignIn) -> None:
    await sign_in("admin@example.org")
    owners = await sign_in(), await sign_in()
    space = (await owners[0].post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})).json()
    path = f"/api/v1/spaces/{space['id']}/invitations"
    token = (await owners[0].post(path, json={"role": "owner"})).json()["token"]
    assert (await owners[1].post("/api/v1/invitations/accept", json={"token": token})).is_success
    asked = await asyncio.gather(*(each.post("/api/v1/me/deletion") for each in owners))
    assert sorted(each.status_code for each in asked) == [202, 409]


async def test_only_who_proved_it_a_moment_ago_may_ask(sign_in: SignIn) -> None:
    await sign_in("admin@example.org")
    person = await sign_in()
    with time_machine.travel(now() + timedelta(minutes=15), tick=True):
        refused = await person.post("/api/v1/me/deletion")
        assert refused.status_code == 403
        assert refused.json()["code"] == "proof_required"


async def test_who_owns_a_persons_space_too_cannot_keep_it(
    sign_in: SignIn, house: House, database_urls: DatabaseUrls
) -> None:
    """The trash is for spaces that people make; a person's goes with the person."""
    await sign_in("admin@example.org")
    ada, bea = await sign_in("ada@example.org"), await sign_in("bea@example.org")
    await add_item(ada, CHARIZARD)
    person = (await ada.get("/api/v1/me")).json()["id"]
    offer = await ada.post(f"/api/v1/spaces/{person}/invitations", json={"role": "owner"})
    taken = await bea.post("/api/v1/invitations/accept", json={"token": offer.json()["token"]})
    assert taken.is_success, taken.text
    assert (await ada.post("/api/v1/me/deletion")).status_code == 202
    assert (await bea.get("/api/v1/spaces/trash")).json() == []
    refused = await bea.post(f"/api/v1/spaces/{person}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "own_space")
    with psycopg.connect(libpq(database_urls.admin), autocommit=True) as connection:
        connection.execute("update spaces_space set deleted_at = null")  # however it was done
    with time_machine.travel(now() + timedelta(days=14, minutes=1), tick=True):
        assert (await house.get(AccountErasure).erase(UUID(person)))["erased"]
    left = traces(database_urls, person, "ada@example.org")
    assert set(left) <= PSEUDONYMS, left
