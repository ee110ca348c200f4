"""Registration, login, refresh and logout by the HTTP door."""

from httpx2 import AsyncClient

from tests.support.api import PASSWORD, register

AUTH = "/api/v1/auth"
ADA = {"email": "ada@example.org", "password": PASSWORD}


async def test_the_first_account_owns_the_server(client: AsyncClient) -> None:
    state = await client.get(f"{AUTH}/setup")
    assert state.json() == {"has_owner": False, "registration_open": True}
    made = await client.post(f"{AUTH}/register", json=ADA)
    assert made.status_code == 201, made.text
    tokens = made.json()
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 3600
    assert tokens["refresh_token"]
    me = await client.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert me.status_code == 200, me.text
    assert me.json()["role"] == "admin"
    assert me.json()["space_id"] == me.json()["id"]
    assert (await client.get(f"{AUTH}/setup")).json()["has_owner"] is True
