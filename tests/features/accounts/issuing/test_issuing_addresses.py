"""Where a program may send a person back to, and what it may ask."""

from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.support.api import Person, client_of
from tests.support.issuing import (
    API,
    ISSUER,
    REDIRECT,
    allow,
    challenge,
    code_of,
    question,
    registered,
    said,
    trade,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": challenge()},
        {"redirect_uri": f"{REDIRECT}/"},
        {"redirect_uri": None},
        {"client_id": "armarium-cli"},
        {"code": "invented"},
    ],
    ids=str,
)
async def test_a_code_is_bound_to_who_asked(
    app: FastAPI,
    person: Person,
    program: AsyncClient,
    client_id: str,
    changes: dict[str, str | None],
) -> None:
    code = await code_of(person, client_id)
    answer = await trade(program, **{"client_id": client_id, "code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    if "code" not in changes:
        honest = await trade(program, client_id, code)
        assert honest.json()["error"] == "invalid_grant", "a wrong use burns the code"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"scope": " "}, "invalid_scope"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://evil.example"}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"nonce": "n" * 600}, "invalid_request"),
    ],
    ids=str,
)
async def test_a_wrong_question_is_answered_to_the_program(  # noqa: PLR0917  # fixtures
    app: FastAPI,
    person: Person,
    program: AsyncClient,
    client_id: str,
    changes: dict[str, str | None],
    error: str,
) -> None:
    """No downgrade: without PKCE by S256 there is no code, whatever the person says."""
    asked = question(client_id, **changes)
    page = await program.get("/oauth/authorize", params=asked)
    assert page.status_code == 200
    assert f"error={error}" in page.text
    back = said(await allow(person, asked))
    assert (back["error"], back["state"], back["iss"]) == (error, "s-1", ISSUER)
    assert "code" not in back


EVIL = [
    "https://evil.example/answer",
    "https://program.example@evil.example/answer",
    "https://program.example:443/answer",
    "https://program.example/answer/",
    "https://program.example/answer/../evil",
    "https://program.example/answer?x=1",
    "https://program.example/answer#x",
    "https://program.example/Answer",
    "https://PROGRAM.example/answer",
    "https://program.example/%61nswer",
    "https://program.example.evil.example/answer",
    "https://program.example\\@evil.example/answer",
    "https://pr\u043egram.example/answer",
    "http://program.example/answer",
    "//program.example/answer",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://program.example/answer",
    "https://program.example/answer\n",
    "",
]


@pytest.mark.parametrize("uri", EVIL)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    app: FastAPI, person: Person, program: AsyncClient, client_id: str, uri: str
) -> None:
    asked = question(client_id, redirect_uri=uri)
    page = await program.get("/oauth/authorize", params=asked)
    assert page.status_code == 400
    assert "evil" not in page.text
    assert "refresh" not in page.text
    body = {"allow": True, "parameters": asked}
    answer = await person.client.post(f"{API}/me/authorization", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "redirect_not_allowed")


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state"])
async def test_a_parameter_comes_once(
    app: FastAPI, program: AsyncClient, client_id: str, name: str
) -> None:
    query = f"{urlencode(question(client_id))}&{name}=other"
    answer = await program.get(f"/oauth/authorize?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_an_unknown_program_is_nobody(
    app: FastAPI, person: Person, program: AsyncClient
) -> None:
    page = await program.get("/oauth/authorize", params=question("invented"))
    assert page.status_code == 400
    asked = question("invented")
    answer = await person.client.get(f"{API}/me/authorization", params=asked)
    assert answer.json()["code"] == "unknown_client"


@pytest.mark.parametrize(
    ("known", "asked", "is_right"),
    [
        ("http://127.0.0.1/cb", "http://127.0.0.1:50123/cb", True),
        ("http://127.0.0.1:9/cb", "http://127.0.0.1:50123/cb", True),
        ("http://[::1]/cb", "http://[::1]:50123/cb", True),
        ("http://localhost/cb", "http://localhost:50123/cb", True),
        ("http://127.0.0.1/cb", "http://localhost:50123/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:50123/other", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:50123/cb?x=1", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:99999/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", False),
        ("http://127.0.0.1/cb", "https://127.0.0.1:50123/cb", False),
        ("com.example.app:/cb", "com.example.app:/cb", True),
        ("com.example.app:/cb", "com.example.app:/cb2", False),
    ],
)
async def test_a_native_program_listens_on_any_port_of_its_own_machine(
    app: FastAPI, person: Person, known: str, asked: str, is_right: object
) -> None:
    native = await registered(app, known)
    parameters = question(native, redirect_uri=asked)
    body = {"allow": True, "parameters": parameters}
    answer = await person.client.post(f"{API}/me/authorization", json=body)
    assert answer.status_code == (200 if is_right else 422), answer.text
    if is_right:
        shown = await person.client.get(f"{API}/me/authorization", params=parameters)
        assert shown.json()["needs_consent"] is True, "anyone on the device may pretend to be it"


@pytest.mark.parametrize(
    "uri",
    [
        "http://program.example/answer",
        "https://*.program.example/answer",
        "https://user@program.example/answer",
        "https://program.example/answer#part",
        "https://pr\u043egram.example/answer",
        "https://",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "myapp:/cb",
        "http://127.0.0.1:80@evil.example/",
        "https://program.example/\\evil",
        "https://program.example/ space",
        "x" * 600,
    ],
)
async def test_a_dangerous_address_is_not_registered(app: FastAPI, uri: str) -> None:
    body = {"name": "x", "redirect_uris": [REDIRECT, uri]}
    answer = await app.state.admin.client.post(f"{API}/admin/clients", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "redirect_not_allowed")
    async with client_of(app) as stranger:
        asked = await stranger.post("/oauth/register", json={"redirect_uris": [uri]})
        assert (asked.status_code, asked.json()["error"]) == (400, "invalid_redirect_uri")
