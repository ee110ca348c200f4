"""A program that logs people in here, as OAuth asks it to."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from tests.support.api import Person

API = "/api/v1"
REDIRECT = "https://program.example/answer"
ISSUER = "http://127.0.0.1:8400"
VERIFIER = "a-verifier-as-a-program-would-draw-it-0123456789-abcdefghijklmnop"
SCOPE = "openid email profile items:read items:write"


async def registered(app: FastAPI, *uris: str) -> str:
    body = {"name": "A <b>program</b>", "redirect_uris": list(uris)}
    answer = await app.state.admin.client.post(f"{API}/admin/clients", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["client_id"]


def challenge(verifier: str = VERIFIER) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def question(client_id: str, **changes: str | None) -> dict[str, str]:
    honest = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT,
        "scope": SCOPE,
        "state": "s-1",
        "nonce": "n-1",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**honest, **changes}.items() if value is not None}


def said(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def allow(person: Person, parameters: dict[str, str], *, yes: bool = True) -> str:
    """Where the browser goes back to after the person's answer."""
    body = {"allow": yes, "parameters": parameters}
    answer = await person.client.post(f"{API}/me/authorization", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["redirect_to"]


async def code_of(person: Person, client_id: str, **changes: str | None) -> str:
    return said(await allow(person, question(client_id, **changes)))["code"]


async def trade(program: AsyncClient, client_id: str, code: str, **changes: str | None) -> Response:
    honest = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    form = {name: value for name, value in {**honest, **changes}.items() if value is not None}
    return await program.post("/oauth/token", data=form)


async def renew(program: AsyncClient, client_id: str, token: str) -> Response:
    form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": token}
    return await program.post("/oauth/token", data=form)
