"""Sessions as devices, the history of logins, and keys of programs."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.accounts import AccountCare, ApiKeys, Sessions, SigningKeys
from armarium.features.accounts.policy import device_of
from armarium.features.accounts.service.api_keys import is_well_formed, new_key
from armarium.platform.database import Scope
from tests.support.api import PASSWORD, Person, client_of, register
from tests.support.locks import waiting

AUTH = "/api/v1/auth"
ME = "/api/v1/me"
KEYS = f"{ME}/api-keys"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


async def other_device(app: FastAPI, person: Person, agent: str = FIREFOX) -> AsyncClient:
    async with client_of(app) as visitor:
        answer = await visitor.post(
            f"{AUTH}/login",
            json={"email": person.email, "password": PASSWORD},
            headers={"User-Agent": agent},
        )
    return client_of(app, answer.json()["access_token"])


async def test_devices_are_listed_and_logged_out(
    ada: Person, owner: Person, shared_app: FastAPI
) -> None:
    laptop = await other_device(shared_app, ada)
    devices = (await ada.client.get(f"{ME}/sessions")).json()
    assert [device["is_current"] for device in devices].count(True) == 1
    other = next(device for device in devices if not device["is_current"])
    assert other["device"] == "Firefox on Linux"
    assert other["ip"] == "127.0.0.1"
    path = f"{ME}/sessions/{other['id']}"
    assert (await owner.client.delete(path)).status_code == 404
    assert (await laptop.get(ME)).status_code == 200
    assert (await ada.client.delete(path)).status_code == 204
    assert (await laptop.get(ME)).status_code == 401
    assert (await ada.client.delete(path)).status_code == 404
    phones = [await other_device(shared_app, ada) for _ in range(2)]
    assert (await ada.client.delete(f"{ME}/sessions")).json() == {"ended": 2}
    assert [(await phone.get(ME)).status_code for phone in phones] == [401, 401]
    assert (await ada.client.get(ME)).status_code == 200


async def test_the_history_tells_successes_and_failures(
    ada: Person, owner: Person, visitor: AsyncClient, shared_app: FastAPI
) -> None:
    await visitor.post(f"{AUTH}/login", json={"email": ada.email, "password": "Wrong-1867"})
    await other_device(shared_app, ada)
    lines = (await ada.client.get(f"{ME}/logins")).json()
    assert [(line["outcome"], line["method"]) for line in lines] == [
        ("success", "password"),
        ("failure", "password"),
        ("success", "registration"),
    ]
    first = await ada.client.get(f"{ME}/logins", params={"limit": 1})
    following = await ada.client.get(first.links["next"]["url"])
    assert following.json()[0] == lines[1]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (None, None),
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        ("curl/8.9.1", "curl"),
        ("something else", None),
    ],
)
def test_devices_are_guessed_for_the_eye(agent: str | None, device: str | None) -> None:
    assert device_of(agent) == device


async def make_key(person: Person, *scopes: str, **wish: object) -> dict:
    body = {"name": "robot", "scopes": list(scopes), **wish}
    made = await person.client.post(KEYS, json=body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_key_does_what_its_scopes_say_and_no_more(
    ada: Person, shared_app: FastAPI, shared_house: House
) -> None:
    made = await make_key(ada, "items:read", "account:read")
    assert made["secret"].startswith(made["api_key"]["prefix"])
    async with client_of(shared_app, made["secret"]) as robot:
        assert (await robot.get(ME)).json()["email"] == ada.email
        assert (await robot.get("/api/v1/items")).status_code == 200
        refused = await robot.post("/api/v1/items", json={"kind": "book", "title": "Poems"})
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    listed = (await ada.client.get(KEYS)).json()
    assert made["secret"] not in str(listed)
    assert listed[0]["last_used_at"]
    assert listed[0]["last_used_ip"] == "127.0.0.1"
    async with shared_house.database.transaction(Scope()) as session:
        rows = (await session.execute(text("select * from accounts_api_key"))).all()
    assert made["secret"] not in str(rows)


async def test_a_key_manages_no_account_whatever_its_scopes(
    ada: Person, owner: Person, shared_app: FastAPI
) -> None:
    scopes = ("account:read", "account:write", "admin")
    ours = await make_key(ada, *scopes)
    key_id = ours["api_key"]["id"]
    async with client_of(shared_app, ours["secret"]) as robot:
        for method, path, body in (
            ("GET", KEYS, None),
            ("POST", KEYS, {"name": "child", "scopes": ["items:read"]}),
            ("DELETE", f"{KEYS}/{key_id}", None),
            (
                "POST",
                f"{ME}/password",
                {"current_password": PASSWORD, "new_password": "Cabinet-1901!"},
            ),
            ("POST", f"{ME}/email", {"email": "a@example.org"}),
            ("POST", f"{ME}/proof", {"password": PASSWORD}),
            ("GET", f"{ME}/sessions", None),
            ("DELETE", f"{ME}/sessions", None),
            ("GET", f"{ME}/logins", None),
            ("GET", f"{ME}/second-factors", None),
            ("POST", f"{ME}/second-factors/totp", None),
            ("POST", f"{ME}/second-factors/totp/confirm", {"code": "123456"}),
            ("POST", f"{ME}/second-factors/recovery-codes", None),
            ("DELETE", f"{ME}/second-factors/totp", None),
            ("GET", f"{ME}/passkeys", None),
            ("POST", f"{ME}/passkeys/options", None),
        ):
            refused = await robot.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "session_required"), path
        # A role is not widened by a key's scope either.
        assert (await robot.get("/api/v1/admin/invitations")).status_code == 403


async def test_keys_end_by_revocation_and_by_time(
    ada: Person, owner: Person, shared_app: FastAPI
) -> None:
    made = await make_key(ada, "account:read", expires_in_days=1)
    path = f"{KEYS}/{made['api_key']['id']}"
    async with client_of(shared_app, made["secret"]) as robot:
        assert (await robot.get(ME)).status_code == 200
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1)):
            assert (await robot.get(ME)).status_code == 401
        assert (await owner.client.delete(path)).status_code == 404
        assert (await ada.client.delete(path)).status_code == 204
        assert (await robot.get(ME)).status_code == 401
    assert (await ada.client.get(KEYS)).json() == []


async def test_a_locked_person_is_locked_out_at_once_with_every_key(
    ada: Person, shared_app: FastAPI, shared_house: House
) -> None:
    made = await make_key(ada, "account:read")
    async with client_of(shared_app, made["secret"]) as robot:
        assert (await robot.get(ME)).status_code == 200
        async with shared_house.database.transaction(Scope()) as session:
            lock = text("update accounts_user set disabled_at = now() where id = :id")
            await session.execute(lock, {"id": ada.id})
            await shared_house.get(Sessions).forget_person(session, ada.id)
        assert (await robot.get(ME)).status_code == 401
    assert (await ada.client.get(ME)).status_code == 401


async def test_what_is_no_key_costs_no_question_to_the_database(shared_house: House) -> None:
    made = new_key()
    assert is_well_formed(made)
    for wrong in ("arm_", "arm_x", made[:-1], made + "x", made[:8] + "é" + made[9:], made.upper()):
        assert not is_well_formed(wrong)
    assert shared_house.get(ApiKeys).knows(made)


async def test_unknown_scopes_and_empty_ones_are_refused(ada: Person) -> None:
    for scopes in (["everything"], []):
        refused = await ada.client.post(KEYS, json={"name": "a", "scopes": scopes})
        assert refused.status_code == 422


async def test_last_use_is_not_written_with_each_request(ada: Person, shared_app: FastAPI) -> None:
    made = await make_key(ada, "account:read")
    async with client_of(shared_app, made["secret"]) as robot:
        await asyncio.gather(*(robot.get(ME) for _ in range(5)))
        first = (await ada.client.get(KEYS)).json()[0]["last_used_at"]
        await robot.get(ME)
        assert (await ada.client.get(KEYS)).json()[0]["last_used_at"] == first


async def test_retired_signing_keys_are_shown_as_long_as_their_tokens_live(
    ada: Person, visitor: AsyncClient, shared_house: House
) -> None:
    keys = shared_house.get(SigningKeys)
    before = {key["kid"] for key in (await visitor.get("/.well-known/jwks.json")).json()["keys"]}
    kid = await keys.rotate()
    shown = {key["kid"] for key in (await visitor.get("/.well-known/jwks.json")).json()["keys"]}
    assert shown == before | {kid}
    assert (await ada.client.get(ME)).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=63)):
        answer = await visitor.get("/.well-known/jwks.json")
        assert {key["kid"] for key in answer.json()["keys"]} == {kid}


async def test_the_nightly_care_forgets_and_renews(
    shared_app: FastAPI, shared_house: House, visitor: AsyncClient
) -> None:
    person = await register(shared_app)
    care = shared_house.get(AccountCare)
    assert await care.tidy() == {"rotated": False}
    assert len((await person.client.get(f"{ME}/logins")).json()) == 1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91)):
        assert await care.tidy() == {"rotated": True}
        assert await care.tidy() == {"rotated": False}
        async with shared_house.database.transaction(Scope()) as session:
            for statement in (
                "select count(*) from accounts_login",
                "select count(*) from accounts_session",
            ):
                assert await session.scalar(text(statement)) == 0


async def test_no_key_outlives_what_ends_the_login_that_made_it(
    shared_house: House, ada: Person
) -> None:
    """A reset is just shutting everybody out when the key is asked for."""
    me = {"id": (await ada.client.get(ME)).json()["id"]}
    async with shared_house.database.transaction(Scope()) as session:
        await session.execute(text("select 1 from accounts_user where id = :id for update"), me)
        body = {"name": "late", "scopes": ["items:read"]}
        asked = asyncio.create_task(ada.client.post(f"{ME}/api-keys", json=body))
        await waiting(shared_house, [asked])
        await session.execute(
            text("update accounts_session set revoked_at = now() where user_id = :id"), me
        )
    assert (await asked).status_code == 401
    async with shared_house.database.transaction(Scope(user_id=UUID(me["id"]))) as session:
        assert (
            await session.scalar(text("select count(*) from accounts_api_key where name = 'late'"))
            == 0
        )
