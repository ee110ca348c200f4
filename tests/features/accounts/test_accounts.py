"""Registration, login, refresh and logout by the HTTP door."""

import asyncio
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from joserfc import jwt
from joserfc.jwk import ECKey

from armarium.entry.wiring import House
from armarium.features.accounts import Registration, SigningKeys
from tests.support.api import PASSWORD, Person, client_of, register

AUTH = "/api/v1/auth"
ADA = {"email": "ada@example.org", "password": PASSWORD}


@pytest.fixture
async def ada(app: FastAPI) -> Person:
    return await register(app, ADA["email"])


async def test_the_first_account_owns_the_server(client: AsyncClient) -> None:
    state = await client.get(f"{AUTH}/setup")
    assert state.json() == {
        "has_owner": False,
        "registration": "open",
        "registration_open": True,
    }
    made = await client.post(f"{AUTH}/register", json=ADA)
    assert made.status_code == 201, made.text
    tokens = made.json()
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 3600
    assert tokens["refresh_token"]
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    me = await client.get("/api/v1/me", headers=bearer)
    assert me.json()["role"] == "admin"
    assert me.json()["space_id"] == me.json()["id"]
    assert (await client.get(f"{AUTH}/setup")).json()["has_owner"] is True


async def test_only_the_first_of_many_at_once_becomes_the_owner(app: FastAPI) -> None:
    people = await asyncio.gather(*(register(app) for _ in range(5)))
    roles = [(await person.client.get("/api/v1/me")).json()["role"] for person in people]
    assert sorted(roles) == ["admin", "user", "user", "user", "user"]


async def test_a_closed_server_takes_the_first_account_only(
    app: FastAPI, house: House, client: AsyncClient
) -> None:
    house.get(Registration)._mode = "closed"
    await register(app)
    refused = await client.post(f"{AUTH}/register", json=ADA)
    assert refused.status_code == 403
    assert refused.json()["code"] == "registration_closed"
    state = await client.get(f"{AUTH}/setup")
    assert state.json() == {
        "has_owner": True,
        "registration": "closed",
        "registration_open": False,
    }


async def test_one_mailbox_one_account_whatever_its_case(ada: Person, client: AsyncClient) -> None:
    again = await client.post(f"{AUTH}/register", json={**ADA, "email": " ADA@Example.org"})
    assert again.status_code == 409
    assert again.json()["code"] == "email_taken"
    assert again.json()["errors"][0]["pointer"] == "/email"
    shouted = await client.post(f"{AUTH}/login", json={**ADA, "email": "ADA@EXAMPLE.ORG"})
    assert shouted.status_code == 200


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Ab1!", ["password_too_short"]),
        ("armarium-1867", ["password_no_upper"]),
        ("ARMARIUM-1867", ["password_no_lower"]),
        ("Armarium-mdccc", ["password_no_digit"]),
        ("Armarium1867", ["password_no_special"]),
        ("abc", ["password_too_short", "password_no_upper", "password_no_digit"]),
        ("", ["password_too_short", "password_no_upper", "password_no_lower"]),
    ],
)
async def test_each_broken_password_rule_is_named(
    client: AsyncClient, password: str, codes: list[str]
) -> None:
    refused = await client.post(f"{AUTH}/register", json={**ADA, "password": password})
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["code"] == "weak_password"
    assert [error["code"] for error in problem["errors"]][: len(codes)] == codes
    assert {error["pointer"] for error in problem["errors"]} == {"/password"}
    if password:
        assert password not in refused.text


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.org", "a b@example.org", "ada@org", ""])
async def test_what_is_no_address_is_refused(client: AsyncClient, email: str) -> None:
    refused = await client.post(f"{AUTH}/register", json={**ADA, "email": email})
    assert refused.status_code == 422
    assert refused.json()["code"] == "invalid_email"


async def test_wrong_password_and_unknown_address_look_the_same(
    ada: Person, client: AsyncClient
) -> None:
    wrong = await client.post(f"{AUTH}/login", json={**ADA, "password": "Wrong-1867"})
    unknown = await client.post(f"{AUTH}/login", json={**ADA, "email": "nobody@example.org"})
    assert wrong.status_code == unknown.status_code == 401
    differing = {"request_id"}
    first, second = wrong.json(), unknown.json()
    assert {k: v for k, v in first.items() if k not in differing} == {
        k: v for k, v in second.items() if k not in differing
    }
    assert "bearer" in wrong.headers["www-authenticate"].lower()


async def test_guessing_is_slowed_and_ends_by_itself(ada: Person, client: AsyncClient) -> None:
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False) as clock:
        for _ in range(5):
            await client.post(f"{AUTH}/login", json={**ADA, "password": "Wrong-1867"})
        slowed = await client.post(f"{AUTH}/login", json=ADA)
        assert slowed.status_code == 429
        assert slowed.json()["code"] == "too_many_attempts"
        clock.shift(int(slowed.headers["retry-after"]))
        assert (await client.post(f"{AUTH}/login", json=ADA)).status_code == 200


async def test_the_token_says_who_and_until_when(ada: Person, client: AsyncClient) -> None:
    keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert all("d" not in key for key in keys)
    header, claims = (_decoded(part) for part in ada.access_token.split(".")[:2])
    assert header["alg"] == "ES256"
    token = jwt.decode(ada.access_token, ECKey.import_key(keys[0]), algorithms=["ES256"])
    assert claims == token.claims
    assert claims["sub"] == str(ada.id)
    assert claims["email"] == ADA["email"]
    assert claims["email_verified"] is False  # nobody has shown that they read its mail
    assert claims["exp"] - claims["iat"] == 3600
    assert {"aud", "iss", "jti"} <= claims.keys()
    assert header["kid"] == keys[0]["kid"]


async def test_forged_and_expired_tokens_are_refused(
    app: FastAPI, ada: Person, house: House
) -> None:
    head, body, _ = ada.access_token.split(".")
    header, claims = _decoded(head), _decoded(body)
    stranger = ECKey.generate_key("P-256", {"kid": header["kid"]})
    public = next(iter(house.get(SigningKeys)._known.values()))
    forged = {
        "no algorithm": f"{_encoded({**header, 'alg': 'none'})}.{body}.",
        "other key": jwt.encode(header, claims, stranger, algorithms=["ES256"]),
        "public key as HMAC secret": _hmac_signed(
            {**header, "alg": "HS256"}, claims, public.as_pem(private=False)
        ),
        "kid of nobody": jwt.encode(
            {**header, "kid": "../../etc/passwd"}, claims, stranger, algorithms=["ES256"]
        ),
        "key inside": jwt.encode(
            {**header, "kid": "x", "jwk": stranger.as_dict(private=False)},
            claims,
            stranger,
            algorithms=["ES256"],
        ),
        "other audience": await house.get(SigningKeys).sign({**claims, "aud": "elsewhere"}),
        "other issuer": await house.get(SigningKeys).sign({**claims, "iss": "https://evil"}),
        "expired": await house.get(SigningKeys).sign({**claims, "exp": claims["iat"] - 60}),
        "nobody's session": await house.get(SigningKeys).sign({**claims, "sid": claims["sub"]}),
        "no session": await house.get(SigningKeys).sign({**claims, "sid": None}),
        "garbage": "a.b.c",
        "empty": "",
        "long": "a" * 10_000,
    }
    for name, token in forged.items():
        async with client_of(app, token) as forger:
            answer = await forger.get("/api/v1/me")
        assert answer.status_code == 401, name


async def test_a_refresh_token_works_once(app: FastAPI, ada: Person, client: AsyncClient) -> None:
    second = await _refresh(client, ada.refresh_token)
    assert second.status_code == 200
    third = await _refresh(client, second.json()["refresh_token"])
    assert third.status_code == 200
    replayed = await _refresh(client, ada.refresh_token)
    assert replayed.status_code == 401
    assert replayed.json()["code"] == "refresh_token_reused"
    # The whole family is gone, the newest and its access token too.
    assert (await _refresh(client, third.json()["refresh_token"])).status_code == 401
    async with client_of(app, third.json()["access_token"]) as thief:
        assert (await thief.get("/api/v1/me")).status_code == 401


async def test_two_tabs_that_refresh_at_once_both_go_on(ada: Person, client: AsyncClient) -> None:
    answers = await asyncio.gather(*(_refresh(client, ada.refresh_token) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert (await _refresh(client, answers[0].json()["refresh_token"])).status_code == 200


async def test_a_late_second_use_is_a_theft(ada: Person, client: AsyncClient) -> None:
    first = await _refresh(client, ada.refresh_token)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=60)):
        assert (await _refresh(client, ada.refresh_token)).status_code == 401
        assert (await _refresh(client, first.json()["refresh_token"])).status_code == 401


async def test_sessions_and_access_tokens_end(ada: Person, client: AsyncClient) -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        assert (await ada.client.get("/api/v1/me")).status_code == 401
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        gone = await _refresh(client, ada.refresh_token)
    assert gone.status_code == 401
    assert gone.json()["code"] == "invalid_refresh_token"


async def test_log_out_ends_the_session_at_once(ada: Person, client: AsyncClient) -> None:
    assert (await ada.client.get("/api/v1/me")).status_code == 200
    assert (await ada.client.post(f"{AUTH}/logout")).status_code == 204
    assert (await ada.client.get("/api/v1/me")).status_code == 401
    assert (await _refresh(client, ada.refresh_token)).status_code == 401
    again = await client.post(f"{AUTH}/logout", json={"refresh_token": "of nobody"})
    assert again.status_code == 204


async def test_log_out_by_refresh_token(ada: Person, client: AsyncClient) -> None:
    body = {"refresh_token": ada.refresh_token}
    assert (await client.post(f"{AUTH}/logout", json=body)).status_code == 204
    assert (await ada.client.get("/api/v1/me")).status_code == 401


async def test_a_browser_keeps_its_tokens_in_cookies(client: AsyncClient) -> None:
    made = await client.post(f"{AUTH}/register", json={**ADA, "cookies": True})
    assert made.json()["refresh_token"] is None
    cookies = made.headers.get_list("set-cookie")
    assert sum("HttpOnly" in line for line in cookies) == 2
    assert all("SameSite=strict" in line for line in cookies)
    assert (await client.get("/api/v1/me")).status_code == 200
    token = {"X-CSRF-Token": client.cookies["armarium_csrf"]}
    renewed = await client.post(f"{AUTH}/refresh", headers=token)
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] is None
    token = {"X-CSRF-Token": client.cookies["armarium_csrf"]}
    assert (await client.post(f"{AUTH}/logout", headers=token)).status_code == 204
    assert (await client.get("/api/v1/me")).status_code == 401
    assert not client.cookies


async def test_a_cookie_from_another_site_is_refused(client: AsyncClient) -> None:
    await client.post(f"{AUTH}/register", json={**ADA, "cookies": True})
    change = {"display_name": "Mallory"}
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-CSRF-Token": "guessed"},
    ):
        refused = await client.patch("/api/v1/me", json=change, headers=headers)
        assert refused.status_code == 403, headers
        assert refused.json()["code"] == "cross_site_request"
        assert (await client.post(f"{AUTH}/refresh", headers=headers)).status_code == 403
        assert (await client.post(f"{AUTH}/logout", headers=headers)).status_code == 403
    for headers in ({"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}):
        assert (await client.patch("/api/v1/me", json=change, headers=headers)).is_success


async def test_changing_the_profile(ada: Person) -> None:
    before = await ada.client.get("/api/v1/me")
    changed = await ada.client.patch(
        "/api/v1/me",
        json={"display_name": "Ada", "preferences": {"theme": "dark"}},
        headers={"If-Match": before.headers["etag"]},
    )
    assert changed.json()["display_name"] == "Ada"
    assert changed.json()["preferences"] == {"theme": "dark"}
    late = await ada.client.patch(
        "/api/v1/me", json={"display_name": "B"}, headers={"If-Match": before.headers["etag"]}
    )
    assert late.status_code == 412
    only_one = await ada.client.patch("/api/v1/me", json={"preferences": {}})
    assert only_one.json()["display_name"] == "Ada"


async def test_changing_the_password_ends_the_other_sessions(
    app: FastAPI, ada: Person, client: AsyncClient
) -> None:
    other = (await client.post(f"{AUTH}/login", json=ADA)).json()
    body = {"current_password": "Wrong-1867", "new_password": "Cabinet-1901!"}
    wrong = await ada.client.post("/api/v1/me/password", json=body)
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/current_password"
    weak = {"current_password": PASSWORD, "new_password": "weak"}
    refused = await ada.client.post("/api/v1/me/password", json=weak)
    assert refused.json()["errors"][0]["pointer"] == "/new_password"
    body = {"current_password": PASSWORD, "new_password": "Cabinet-1901!"}
    assert (await ada.client.post("/api/v1/me/password", json=body)).status_code == 204
    assert (await ada.client.get("/api/v1/me")).status_code == 200
    async with client_of(app, other["access_token"]) as elsewhere:
        assert (await elsewhere.get("/api/v1/me")).status_code == 401
    assert (await client.post(f"{AUTH}/login", json=ADA)).status_code == 401
    new = {**ADA, "password": "Cabinet-1901!"}
    assert (await client.post(f"{AUTH}/login", json=new)).status_code == 200


async def test_keys_rotate_and_older_tokens_stay_valid(
    app: FastAPI, ada: Person, house: House, client: AsyncClient
) -> None:
    kid = await house.get(SigningKeys).rotate()
    login = (await client.post(f"{AUTH}/login", json=ADA)).json()
    assert _decoded(login["access_token"].split(".")[0])["kid"] == kid
    assert (await ada.client.get("/api/v1/me")).status_code == 200
    async with client_of(app, login["access_token"]) as renewed:
        assert (await renewed.get("/api/v1/me")).status_code == 200
    assert len((await client.get("/.well-known/jwks.json")).json()["keys"]) == 2


async def _refresh(client: AsyncClient, token: str):
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token})


def _decoded(part: str) -> dict:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _encoded(value: dict | bytes) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _hmac_signed(header: dict, claims: dict, secret: bytes) -> str:
    signed = f"{_encoded(header)}.{_encoded(claims)}"
    return f"{signed}.{_encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"
