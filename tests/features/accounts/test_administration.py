"""What administrators may do with other people's accounts, and what they may not."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import time_machine
from httpx2 import AsyncClient

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
