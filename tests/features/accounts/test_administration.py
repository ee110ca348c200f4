"""What administrators may do with other people's accounts, and what they may not."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pyotp.totp import TOTP

from armarium.entry.wiring import House
from armarium.kit.instants import now
from armarium.platform.audit import AuditFilter, AuditLog
from armarium.platform.paging import PageParams
from tests.support.items import CHARIZARD

SignIn = Callable[..., Awaitable[AsyncClient]]
PASSWORD = "Correct-Horse-42"


async def id_of(client: AsyncClient) -> str:
    return (await client.get("/api/v1/me")).json()["id"]


async def test_roles_locks_and_logouts(sign_in: SignIn, client: AsyncClient) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    me, person = await id_of(admin), await id_of(ada)
    users = "/api/v1/admin/users"
    assert (await ada.get(users)).status_code == 403
    assert (await client.get(users)).status_code == 401
    found = (await admin.get(users, params={"q": "ADA@"})).json()
    assert [each["id"] for each in found] == [person]
    page = await admin.get(users, params={"limit": 1})
    assert 'rel="next"' in page.headers["Link"]
    for refused in (
        await admin.put(f"{users}/{me}/role", json={"role": "user"}),
        await admin.post(f"{users}/{me}/disable"),
    ):
        assert refused.status_code == 409
        assert refused.json()["code"] == "last_admin"
    made = await admin.put(f"{users}/{person}/role", json={"role": "admin"})
    assert made.json()["role"] == "admin"
    assert (await ada.get(f"{users}/{me}")).json()["email"] == "admin@example.org"
    await admin.put(f"{users}/{person}/role", json={"role": "user"})
    assert (await ada.get(users)).status_code == 403

    assert (await admin.post(f"{users}/{person}/logout")).json() == {"ended": 1}
    assert (await ada.get("/api/v1/me")).status_code == 401
    assert (await admin.post(f"{users}/{person}/disable")).json()["disabled_at"]
    body = {"email": "ada@example.org", "password": PASSWORD}
    assert (await client.post("/api/v1/auth/login", json=body)).status_code == 401
    assert (await admin.post(f"{users}/{person}/enable")).json()["disabled_at"] is None
    assert (await client.post("/api/v1/auth/login", json=body)).status_code == 200
    assert (await admin.post(f"{users}/{person}/password-reset")).status_code == 202
    assert (await admin.delete(f"{users}/{person}/second-factors")).json() == {"ended": 0}
    assert (await admin.get(f"{users}/{me[:-4]}0000")).status_code == 404


async def test_acting_as_somebody_is_short_bounded_and_written_down(
    sign_in: SignIn, house: House
) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    boss, person = await id_of(admin), await id_of(ada)
    users = "/api/v1/admin/users"
    assert (await ada.post(f"{users}/{boss}/impersonate")).status_code == 403
    assert (await admin.post(f"{users}/{boss}/impersonate")).json()["code"] == "not_this_person"
    begun = (await admin.post(f"{users}/{person}/impersonate")).json()
    acting = ada
    own = ada.headers["Authorization"]
    acting.headers["Authorization"] = f"Bearer {begun['access_token']}"
    shown = (await acting.get("/api/v1/me")).json()
    assert (shown["id"], shown["impersonator"]) == (person, boss)
    assert (await acting.post("/api/v1/items", json=CHARIZARD)).status_code == 201
    change = {"current_password": PASSWORD, "new_password": "Taken-Over-42"}
    for refused in (
        await acting.post("/api/v1/me/password", json=change),
        await acting.post("/api/v1/me/deletion"),
        await acting.post("/api/v1/me/archives"),
        await acting.get("/api/v1/me/archives"),
        await acting.patch("/api/v1/me", json={"display_name": "x"}),
        await acting.get(users),
        await acting.post("/api/v1/me/second-factors/totp"),
        await acting.post("/api/v1/shares", json={"item_id": person}),
        await acting.put(f"/api/v1/collections/{person}/grants/{boss}", json={"role": "viewer"}),
        await acting.post(f"/api/v1/collections/{person}/invitations", json={}),
        await acting.post("/api/v1/invitations/accept", json={"token": "x"}),
        await acting.put("/api/v1/profile", json={}),
        await acting.patch(f"/api/v1/collections/{person}", json={"visibility": "public"}),
        await acting.post("/api/v1/collections", json={"name": "x", "visibility": "public"}),
    ):
        assert refused.status_code == 403, refused.text
        assert refused.json()["code"] == "not_while_impersonating"
    log = await house.get(AuditLog).page(AuditFilter(action="admin"), PageParams(limit=50))
    acts = [(each.action, str(each.actor), str(each.impersonator)) for each in log.rows]
    assert acts == [
        ("admin.impersonated", person, boss),
        ("admin.impersonation_started", boss, boss),
    ]
    assert (await acting.delete("/api/v1/me/impersonation")).status_code == 204
    assert (await acting.get("/api/v1/me")).status_code == 401
    again = (await admin.post(f"{users}/{person}/impersonate")).json()
    acting.headers["Authorization"] = f"Bearer {again['access_token']}"
    with time_machine.travel(now() + timedelta(minutes=31), tick=True):
        assert (await acting.get("/api/v1/me")).status_code == 401
    ada.headers["Authorization"] = own
    assert (await ada.delete("/api/v1/me/impersonation")).json()["code"] == "not_impersonated"


@pytest.mark.parametrize("how", ["demoted", "disabled", "logged out", "closing"])
async def test_acting_as_somebody_ends_with_the_administrator(sign_in: SignIn, how: str) -> None:
    """Whoever lost the role went on as their victim for up to half an hour."""
    boss, second = await sign_in("admin@example.org"), await sign_in("second@example.org")
    victim, other = await sign_in("ada@example.org"), await id_of(second)
    users = "/api/v1/admin/users"
    assert (await boss.put(f"{users}/{other}/role", json={"role": "admin"})).is_success
    begun = await second.post(f"{users}/{await id_of(victim)}/impersonate")
    victim.headers["Authorization"] = f"Bearer {begun.json()['access_token']}"
    assert (await victim.get("/api/v1/me")).json()["impersonator"] == other
    match how:
        case "demoted":
            done = await boss.put(f"{users}/{other}/role", json={"role": "user"})
        case "disabled":
            done = await boss.post(f"{users}/{other}/disable")
        case "logged out":
            done = await boss.post(f"{users}/{other}/logout")
        case _:
            done = await second.post("/api/v1/me/deletion")
    assert done.is_success, done.text
    assert (await victim.get("/api/v1/me")).status_code == 401


async def test_an_administrators_key_is_one_only_by_its_scope(sign_in: SignIn) -> None:
    """A key for the catalogue changed what all spaces share."""
    admin = await sign_in("admin@example.org")
    own = {"catalogue:write", "jobs:read"}
    seen: list[int] = []
    for scopes in (own, own | {"admin"}):
        key = {"name": "robot", "scopes": sorted(scopes), "expires_in_days": 1}
        made = (await admin.post("/api/v1/me/api-keys", json=key)).json()["secret"]
        headers = {"Authorization": f"Bearer {made}"}
        seen.append((await admin.delete("/api/v1/catalogues/none", headers=headers)).status_code)
    assert seen == [403, 404]


async def test_a_list_tells_who_is_about_and_can_be_narrowed(
    sign_in: SignIn, client: AsyncClient
) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    boss, person = await id_of(admin), await id_of(ada)
    users = "/api/v1/admin/users"
    await client.post("/api/v1/auth/login", json={"email": "ada@example.org", "password": PASSWORD})
    shown = (await admin.get(f"{users}/{person}")).json()
    assert (shown["sessions"], shown["has_second_factor"]) == (2, False)
    assert shown["last_seen_at"] >= shown["created_at"]
    await admin.post(f"{users}/{person}/impersonate")
    assert (await admin.get(f"{users}/{person}")).json()["sessions"] == 2
    secret = (await ada.post("/api/v1/me/second-factors/totp")).json()["secret"]
    code = {"code": TOTP(secret).now()}
    assert (await ada.post("/api/v1/me/second-factors/totp/confirm", json=code)).is_success

    async def found(**narrowed: object) -> list[str]:
        answer = await admin.get(users, params=narrowed)
        return [each["id"] for each in answer.json()]

    listed = {each["id"]: each for each in (await admin.get(users)).json()}
    assert [listed[each]["has_second_factor"] for each in (boss, person)] == [False, True]
    assert await found(id=[boss]) == [boss]
    assert await found(state="disabled") == []
    await admin.post(f"{users}/{person}/disable")
    assert await found(state="disabled") == [person]
    assert await found(state="active") == [boss]
    assert await found(state="closing") == []
    assert (await admin.get(users, params={"state": "gone"})).status_code == 422


async def test_permissions_are_told_to_those_who_hold_them(sign_in: SignIn) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    assert "audit:read" in (await admin.get("/api/v1/me")).json()["permissions"]
    assert (await ada.get("/api/v1/me")).json()["permissions"] == []
    key = {"name": "robot", "scopes": ["account:read"], "expires_in_days": 1}
    made = (await admin.post("/api/v1/me/api-keys", json=key)).json()["secret"]
    admin.headers["Authorization"] = f"Bearer {made}"
    assert (await admin.get("/api/v1/me")).json()["permissions"] == []


async def test_what_could_take_an_account_over_asks_who_is_there(sign_in: SignIn) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    person = f"/api/v1/admin/users/{await id_of(ada)}"
    with time_machine.travel(now() + timedelta(minutes=11), tick=True):
        for refused in (
            await admin.put(f"{person}/role", json={"role": "admin"}),
            await admin.delete(f"{person}/second-factors"),
            await admin.post(f"{person}/impersonate"),
        ):
            assert refused.json()["code"] == "proof_required"
        assert (await admin.post("/api/v1/me/proof", json={"password": PASSWORD})).is_success
        assert (await admin.post(f"{person}/impersonate")).status_code == 200


async def test_a_browser_acts_as_somebody_and_comes_back(app: FastAPI, sign_in: SignIn) -> None:
    admin, ada = await sign_in("admin@example.org"), await sign_in("ada@example.org")
    boss, person = await id_of(admin), await id_of(ada)
    site = {"Origin": "http://armarium.test"}
    transport = ASGITransport(app)
    async with AsyncClient(
        transport=transport, base_url="http://armarium.test", headers=site
    ) as page:
        body = {"email": "admin@example.org", "password": PASSWORD, "cookies": True}
        assert (await page.post("/api/v1/auth/login", json=body)).status_code == 200
        begun = await page.post(f"/api/v1/admin/users/{person}/impersonate", json={"cookies": True})
        assert begun.json()["access_token"] is None
        cookie = begun.headers["Set-Cookie"]
        assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/api;"))
        shown = (await page.get("/api/v1/me")).json()
        assert (shown["id"], shown["impersonator"]) == (person, boss)
        assert shown["permissions"] == []
        assert (await page.post("/api/v1/auth/refresh")).status_code == 403
        assert (await page.delete("/api/v1/me/impersonation")).status_code == 204
        assert (await page.get("/api/v1/me")).status_code == 401
        assert (await page.post("/api/v1/auth/refresh")).status_code == 200
        assert (await page.get("/api/v1/me")).json()["id"] == boss
