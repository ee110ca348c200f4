"""Other programs log people in here: codes, tokens, and what goes wrong on purpose."""

import base64
import hashlib
import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from joserfc import jwt
from joserfc.jwk import KeySet

from armarium.kit.instants import now
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, client_of, make_house, register, running_app
from tests.support.issuing import (
    API,
    ISSUER,
    REDIRECT,
    SCOPE,
    allow,
    code_of,
    question,
    registered,
    renew,
    said,
    trade,
)

pytestmark = pytest.mark.anyio


async def test_the_discovery_documents_lead_to_every_endpoint(
    app: FastAPI, program: AsyncClient
) -> None:
    found = (await program.get("/.well-known/openid-configuration")).json()
    assert found == (await program.get("/.well-known/oauth-authorization-server")).json()
    assert found["issuer"] == ISSUER
    assert found["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization", "token", "userinfo", "revocation", "registration"):
        path = found[f"{name}_endpoint"].removeprefix(ISSUER)
        assert (await program.request("OPTIONS", path)).status_code == 405, name
    keys = await program.get(found["jwks_uri"].removeprefix(ISSUER))
    assert keys.json()["keys"]
    resource = (await program.get("/.well-known/oauth-protected-resource")).json()
    assert resource["authorization_servers"] == [ISSUER]


async def test_a_program_logs_a_person_in(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    shown = await person.client.get(f"{API}/me/authorization", params=question(client_id))
    assert shown.json() | {"client_id": ""} == {
        "client_id": "",
        "name": "A <b>program</b>",
        "place": "program.example",
        "is_verified": True,
        "scopes": SCOPE.split(),
        "email": person.email,
        "needs_consent": True,
    }
    back = await allow(person, question(client_id))
    assert back.startswith(f"{REDIRECT}?")
    answer = said(back)
    assert (answer["state"], answer["iss"]) == ("s-1", ISSUER)
    traded = await trade(program, client_id, answer["code"])
    assert traded.status_code == 200, traded.text
    assert traded.headers["cache-control"] == "no-store"
    tokens = traded.json()
    assert tokens["scope"] == " ".join(sorted(SCOPE.split()))

    keys = KeySet.import_key_set((await program.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    assert claims["iss"] == ISSUER
    assert claims["aud"] == client_id
    assert claims["sub"] == str(person.id)
    assert claims["nonce"] == "n-1"
    assert claims["email"] == person.email
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")
    access = jwt.decode(tokens["access_token"], keys, algorithms=["ES256"]).claims
    assert (access["client_id"], access["exp"] - access["iat"]) == (client_id, 3600)

    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    who = (await program.get("/oauth/userinfo", headers=bearer)).json()
    assert who["sub"] == str(person.id)
    assert who["email"] == person.email
    assert (await program.get(f"{API}/items", headers=bearer)).json() == []
    again = await person.client.get(f"{API}/me/authorization", params=question(client_id))
    assert again.json()["needs_consent"] is False


async def test_a_program_does_what_was_allowed_and_never_manages_the_account(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    everything = "openid account:read account:write admin"
    code = await code_of(person, client_id, scope=everything)
    token = (await trade(program, client_id, code)).json()["access_token"]
    program.headers["Authorization"] = f"Bearer {token}"
    assert (await program.get(f"{API}/me")).status_code == 200
    assert (await program.get(f"{API}/items")).json()["code"] == "missing_scope"
    key = {"name": "x", "scopes": ["admin"]}
    for method, path, body in (
        ("POST", "/me/api-keys", key),
        ("GET", "/me/sessions", None),
        ("GET", "/me/programs", None),
        ("POST", "/me/identities/test/link", None),
        ("POST", "/me/authorization", {"allow": True, "parameters": question(client_id)}),
        ("POST", "/me/clients", {"name": "x", "redirect_uris": [REDIRECT]}),
    ):
        answer = await program.request(method, f"{API}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "session_required"), path
    proof = await program.post(f"{API}/me/proof", json={"password": "x"})
    assert proof.status_code == 403


async def test_an_id_token_opens_no_api(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    tokens = (await trade(program, client_id, await code_of(person, client_id))).json()
    program.headers["Authorization"] = f"Bearer {tokens['id_token']}"
    assert (await program.get(f"{API}/me")).status_code == 401
    assert (await program.get("/oauth/userinfo")).status_code == 401


async def test_a_code_is_good_once_and_its_replay_ends_what_it_gave(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    code = await code_of(person, client_id)
    tokens = (await trade(program, client_id, code)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await program.get(f"{API}/items", headers=bearer)).status_code == 200
    again = await trade(program, client_id, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await program.get(f"{API}/items", headers=bearer)).status_code == 401
    assert (await renew(program, client_id, tokens["refresh_token"])).status_code == 400


async def test_a_code_lives_a_minute(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    code = await code_of(person, client_id)
    with time_machine.travel(now() + timedelta(seconds=61), tick=True):
        answer = await trade(program, client_id, code)
    assert answer.json()["error"] == "invalid_grant"


async def test_refresh_tokens_rotate_and_a_second_use_ends_the_session(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    first = (await trade(program, client_id, await code_of(person, client_id))).json()
    second = (await renew(program, client_id, first["refresh_token"])).json()
    third = (await renew(program, client_id, second["refresh_token"])).json()
    assert third["scope"] == first["scope"]
    assert (await renew(program, client_id, first["refresh_token"])).json()["error"] == (
        "invalid_grant"
    )
    bearer = {"Authorization": f"Bearer {third['access_token']}"}
    assert (await program.get(f"{API}/items", headers=bearer)).status_code == 401
    assert (await renew(program, client_id, third["refresh_token"])).status_code == 400


async def test_a_refresh_token_is_good_for_its_program_alone(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    token = (await trade(program, client_id, await code_of(person, client_id))).json()
    other = await registered(app, REDIRECT)
    stolen = await renew(program, other, token["refresh_token"])
    assert stolen.json()["error"] == "invalid_grant"
    body = {"refresh_token": token["refresh_token"]}
    assert (await program.post(f"{API}/auth/refresh", json=body)).status_code == 401
    own = await renew(program, client_id, person.refresh_token)
    assert own.json()["error"] == "invalid_grant", "nor is a person's own good for a program"
    wider = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "refresh_token": token["refresh_token"],
        "scope": "openid admin",
    }
    assert (await program.post("/oauth/token", data=wider)).json()["error"] == "invalid_scope"


async def test_what_a_program_got_can_be_taken_back(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    async def connect() -> dict[str, Any]:
        tokens = (await trade(program, client_id, await code_of(person, client_id))).json()
        return {"Authorization": f"Bearer {tokens['access_token']}", "_": tokens["refresh_token"]}

    async def works(held: dict[str, Any]) -> bool:
        headers = {"Authorization": held["Authorization"]}
        return (await program.get(f"{API}/items", headers=headers)).status_code == 200

    held = await connect()
    strange = {"token": held["_"], "client_id": "armarium-cli"}
    assert (await program.post("/oauth/revoke", data=strange)).status_code == 200
    assert await works(held)
    for name in ("_", "Authorization"):
        held = await connect()
        form = {"token": held[name].removeprefix("Bearer "), "client_id": client_id}
        assert (await program.post("/oauth/revoke", data=form)).status_code == 200
        assert not await works(held)

    held, unspent = await connect(), await code_of(person, client_id)
    (listed,) = (await person.client.get(f"{API}/me/programs")).json()
    assert (listed["client_id"], listed["name"]) == (client_id, "A <b>program</b>")
    stranger = await register(app)
    answer = await stranger.client.delete(f"{API}/me/programs/{client_id}")
    assert answer.status_code == 404
    assert (await person.client.delete(f"{API}/me/programs/{client_id}")).status_code == 204
    assert not await works(held)
    assert (await trade(program, client_id, unspent)).status_code == 400
    shown = await person.client.get(f"{API}/me/authorization", params=question(client_id))
    assert shown.json()["needs_consent"] is True


async def test_a_program_that_is_removed_is_out_at_once(
    app: FastAPI, person: Person, program: AsyncClient
) -> None:
    gone = await registered(app, REDIRECT)
    tokens = (await trade(program, gone, await code_of(person, gone))).json()
    code = await code_of(person, gone)
    admin = app.state.admin.client
    assert (await person.client.delete(f"{API}/admin/clients/{gone}")).status_code == 403
    assert (await admin.delete(f"{API}/admin/clients/{gone}")).status_code == 204
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await program.get(f"{API}/items", headers=bearer)).status_code == 401
    assert (await trade(program, gone, code)).json()["error"] == "invalid_grant"
    assert (await admin.delete(f"{API}/admin/clients/armarium-cli")).status_code == 404


async def test_what_a_person_registers_logs_in_that_person_alone(
    app: FastAPI, person: Person
) -> None:
    """Nobody lures others to a program of their own."""
    body = {"name": "Lure", "redirect_uris": [REDIRECT]}
    made = (await person.client.post(f"{API}/me/clients", json=body)).json()
    assert "code" in said(await allow(person, question(made["client_id"])))
    victim = await register(app)
    asked = {"allow": True, "parameters": question(made["client_id"])}
    answer = await victim.client.post(f"{API}/me/authorization", json=asked)
    assert answer.json()["code"] == "unknown_client"
    assert (await victim.client.delete(f"{API}/me/clients/{made['client_id']}")).status_code == 404
    mine = (await person.client.get(f"{API}/me/clients")).json()
    assert [each["client_id"] for each in mine] == [made["client_id"]]
    assert (await person.client.delete(f"{API}/me/clients/{made['client_id']}")).status_code == 204


async def test_a_program_registers_itself_where_it_may(
    app: FastAPI, person: Person, program: AsyncClient, database_urls: DatabaseUrls, tmp_path: Any
) -> None:
    body = {
        "client_name": "Assistant",
        "redirect_uris": ["http://localhost/callback"],
        "token_endpoint_auth_method": "none",
        "software_id": "ignored",
    }
    made = await program.post("/oauth/register", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["token_endpoint_auth_method"] == "none"
    asked = question(made.json()["client_id"], redirect_uri="http://localhost:3000/callback")
    shown = (await person.client.get(f"{API}/me/authorization", params=asked)).json()
    assert (shown["is_verified"], shown["needs_consent"]) == (False, True)
    async with (
        running_app(make_house(database_urls, tmp_path)) as closed,
        client_of(closed) as stranger,
    ):
        answer = await stranger.post("/oauth/register", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "clients_closed")
        found = (await stranger.get("/.well-known/openid-configuration")).json()
        assert "registration_endpoint" not in found


async def test_the_pages_work_without_a_script(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    asked = question(client_id, state='"><script>alert(1)</script>')
    first = await program.get("/oauth/authorize", params=asked)
    assert "default-src 'none'" in first.headers["content-security-policy"]
    assert "/api/v1/me/authorization/page?" in first.text
    stranger = await program.get(f"{API}/me/authorization/page", params=asked)
    assert "Log in first" in stranger.text
    page = await person.client.get(f"{API}/me/authorization/page", params=asked)
    assert "A &lt;b&gt;program&lt;/b&gt;" in page.text
    assert "<script" not in page.text
    form = {**asked, "allow": "yes"}
    answer = await person.client.post(f"{API}/me/authorization/page", data=form)
    assert f"{REDIRECT}?code=" in answer.text
    assert "<script" not in answer.text
    refused = await person.client.post(
        f"{API}/me/authorization/page", data={**asked, "allow": "no"}
    )
    assert "error=access_denied" in refused.text


async def test_another_site_cannot_answer_for_a_person(
    app: FastAPI, person: Person, client_id: str
) -> None:
    async with client_of(app) as browser:
        login = {"email": person.email, "password": "Armarium-1867", "cookies": True}
        await browser.post(f"{API}/auth/login", json=login)
        for path, sent in (
            ("/me/authorization/page", {"data": {**question(client_id), "allow": "yes"}}),
            ("/me/authorization", {"json": {"allow": True, "parameters": question(client_id)}}),
        ):
            answer = await browser.post(
                f"{API}{path}", headers={"Origin": "https://evil.example"}, **sent
            )
            assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "client_id": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_id": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": "x"}, 400, "invalid_grant"),
        ({"grant_type": "x" * 200}, 400, "invalid_request"),
    ],
)
async def test_the_token_endpoint_refuses_in_oauths_words(
    program: AsyncClient, app: FastAPI, form: dict[str, str], status: int, error: str
) -> None:
    answer = await program.post("/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"}


async def test_an_old_login_does_not_answer_where_a_fresh_one_is_asked_for(
    app: FastAPI, person: Person, client_id: str
) -> None:
    asked = question(client_id, max_age="60")
    assert "code" in said(await allow(person, asked))
    with time_machine.travel(now() + timedelta(minutes=2), tick=True):
        assert said(await allow(person, asked))["error"] == "login_required"


async def test_userinfo_shows_what_was_allowed(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    for scope, names in (("openid", {"sub"}), ("openid email", {"sub", "email", "email_verified"})):
        code = await code_of(person, client_id, scope=scope)
        token = (await trade(program, client_id, code)).json()["access_token"]
        answer = await program.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})
        assert set(answer.json()) == names
    code = await code_of(person, client_id, scope="items:read")
    granted = (await trade(program, client_id, code)).json()
    assert granted["id_token"] is None
    bearer = {"Authorization": f"Bearer {granted['access_token']}"}
    assert (await program.get("/oauth/userinfo", headers=bearer)).status_code == 401
    assert json.loads((await program.get("/oauth/userinfo")).text)["code"] == "unauthenticated"


async def test_a_silent_question_gives_what_was_allowed_before_and_no_more(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    page = f"{API}/me/authorization/page"
    silent = question(client_id, prompt="none", scope="openid email")

    async def answered(client: AsyncClient, asked: dict[str, str]) -> dict[str, str]:
        shown = await client.get(page, params=asked)
        assert shown.status_code == 200, shown.text
        url = unescape(shown.text.split('href="')[1].split('"')[0])
        assert url.startswith(REDIRECT)
        return said(url)

    hop = await program.get("/oauth/authorize", params=silent)
    assert "/api/v1/me/authorization/page?" in hop.text
    assert (await answered(program, silent))["error"] == "login_required"
    assert (await answered(person.client, silent))["error"] == "consent_required"
    await allow(person, question(client_id, scope="openid email"))
    got = await answered(person.client, silent)
    assert (got["state"], got["iss"]) == ("s-1", ISSUER)
    assert (await trade(program, client_id, got["code"])).status_code == 200
    more = question(client_id, prompt="none", scope="openid email items:read")
    assert (await answered(person.client, more))["error"] == "consent_required"
    both = question(client_id, prompt="none login")
    torn = await program.get("/oauth/authorize", params=both)
    assert "invalid_request" in torn.text
    with time_machine.travel(now() + timedelta(minutes=2)):
        old = question(client_id, prompt="none", scope="openid email", max_age="60")
        assert (await answered(person.client, old))["error"] == "login_required"


async def test_a_program_asks_to_log_out_and_the_person_decides(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str
) -> None:
    leaving = f"{API}/me/authorization/leaving"
    wish = {"client_id": client_id, "post_logout_redirect_uri": REDIRECT, "state": "<s>"}
    hop = await program.get("/oauth/logout", params=wish)
    assert "/api/v1/me/authorization/leaving?" in hop.text
    found = (await program.get("/.well-known/openid-configuration")).json()
    assert found["end_session_endpoint"] == f"{ISSUER}/oauth/logout"
    for wrong in (
        {**wish, "post_logout_redirect_uri": "https://evil.example/"},
        {**wish, "client_id": "nobody"},
        {"post_logout_redirect_uri": REDIRECT, "id_token_hint": "a.b.c"},
        {"post_logout_redirect_uri": REDIRECT, "id_token_hint": f"a.{'W1tb' * 500}.c"},
    ):
        refused = await program.get("/oauth/logout", params=wrong)
        assert refused.status_code == 400, refused.text
        assert (
            await person.client.post(leaving, data={**wrong, "leave": "yes"})
        ).status_code == 400
    asked = await person.client.get(leaving, params=wish)
    assert "Log out here, too?" in asked.text
    stays = await person.client.post(leaving, data={**wish, "leave": "no"})
    assert f"{REDIRECT}?state=%3Cs%3E" in stays.text
    assert (await person.client.get(f"{API}/me")).status_code == 200
    code = await code_of(person, client_id)
    hint = (await trade(program, client_id, code)).json()["id_token"]
    by_hint = {"post_logout_redirect_uri": REDIRECT, "id_token_hint": hint}
    assert (await program.get("/oauth/logout", params=by_hint)).status_code == 200
    async with client_of(app) as browser:
        login = {"email": person.email, "password": "Armarium-1867", "cookies": True}
        await browser.post(f"{API}/auth/login", json=login)
        evil = {"Origin": "https://evil.example"}
        forged = await browser.post(leaving, data={**wish, "leave": "yes"}, headers=evil)
        assert forged.status_code == 403
        here = {"Sec-Fetch-Site": "same-origin"}
        left = await browser.post(leaving, data={**by_hint, "leave": "yes"}, headers=here)
        assert f'href="{REDIRECT}"' in left.text
        assert (await browser.get(f"{API}/me")).status_code == 401
    # Other devices go on.
    assert (await person.client.get(f"{API}/me")).status_code == 200
