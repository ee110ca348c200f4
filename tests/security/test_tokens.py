"""Tokens that somebody forged, found, kept or lost, at every route that demands one."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.accounts import SigningKeys
from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.http import ApiScope
from armarium.platform.http.scopes import scope_of
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, cheap, client_of, register, running_app
from tests.support.routes import PLACEHOLDER, Route, routes_of

AUTH = "/api/v1/auth"
ME = "/api/v1/me"
KEYS = "/api/v1/me/api-keys"
ITEMS = "/api/v1/items"


@pytest.fixture(scope="module")
def house(module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> House:
    options = Settings(data=tmp_path_factory.mktemp("data"), log_level="error")
    return cheap(build(options, module_database_urls))


@pytest.fixture(scope="module")
async def app(house: House) -> AsyncIterator[FastAPI]:
    async with running_app(house) as started:
        yield started


@pytest.fixture(scope="module")
async def admin(app: FastAPI) -> Person:
    """The mightiest account: what is refused to a forged token of hers is refused to all."""
    return await register(app)


def part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def read(text: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def signed_as(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    algorithm = header["alg"]
    return jwt.encode(header, claims, key, algorithms=[algorithm])


def hmac_signed(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    body = f"{part(header)}.{part(claims)}"
    return f"{body}.{part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


async def test_a_token_says_whose_and_for_whom_it_is(house: House, admin: Person) -> None:
    """`cognito:username` is what programs written for Cognito read."""
    claims = read(admin.access_token.split(".")[1])
    person = str(admin.id)
    assert (claims["sub"], claims["cognito:username"]) == (person, person)
    assert (claims["iss"], claims["aud"]) == (house.get(SigningKeys).issuer, "armarium")
    assert claims["exp"] - claims["iat"] == house.settings.access_token_minutes * 60


def unsigned(token: str) -> Iterator[tuple[str, str]]:
    head, body, signature = token.split(".")
    header = read(head)
    for alg in ("none", "None", "NONE", "nOnE", "", None):
        yield f"alg {alg!r}", f"{part({**header, 'alg': alg})}.{body}."
        yield f"alg {alg!r}, old signature", f"{part({**header, 'alg': alg})}.{body}.{signature}"
    yield "no alg", f"{part({k: v for k, v in header.items() if k != 'alg'})}.{body}.{signature}"
    yield "signature left out", f"{head}.{body}."
    yield "zero signature", f"{head}.{body}.{part(bytes(64))}"
    yield "another's claims", f"{head}.{part({**read(body), 'sub': str(new_id())})}.{signature}"
    yield "two parts", f"{head}.{body}"
    yield "encrypted shape", f"{head}.{body}.{signature}.{body}.{signature}"


def other_keys(token: str, public: ECKey) -> Iterator[tuple[str, str]]:
    head, body, _ = token.split(".")
    header, claims = read(head), read(body)
    stranger = ECKey.generate_key("P-256", {"kid": header["kid"]})
    shown = stranger.as_dict(private=False)
    yield "another key by our name", signed_as(header, claims, stranger)
    yield "key inside", signed_as({**header, "jwk": shown}, claims, stranger)
    yield "key inside, new name", signed_as({**header, "kid": "x", "jwk": shown}, claims, stranger)
    elsewhere = "https://attacker.example/keys.json"
    yield "key set elsewhere", signed_as({**header, "jku": elsewhere}, claims, stranger)
    yield "certificate elsewhere", signed_as({**header, "x5u": elsewhere}, claims, stranger)
    yield "certificate inside", signed_as({**header, "x5c": [part(b"x")]}, claims, stranger)
    rsa = RSAKey.generate_key(2048, {"kid": header["kid"]})
    yield "RSA", signed_as({**header, "alg": "RS256"}, claims, rsa)
    edwards = OKPKey.generate_key("Ed25519", {"kid": header["kid"]})
    body_text = f"{part({**header, 'alg': 'EdDSA'})}.{body}"
    yield "Ed25519", f"{body_text}.{part(edwards.private_key.sign(body_text.encode()))}"
    for secret in (public.as_pem(private=False), json.dumps(public.as_dict()).encode(), b"", b"\0"):
        yield (
            f"HMAC by {secret[:12]!r}",
            hmac_signed({**header, "alg": "HS256"}, claims, secret),
        )
    for kid in (
        "../../../../dev/null",
        "/proc/self/environ",
        "x' union select 'secret' --",
        "x\0",
        "",
        "k" * 5000,
        None,
        1,
        True,
        ["a"],
        {"kid": header["kid"]},
        "https://attacker.example/key",
        "|id",
    ):
        named = {**header, "kid": kid}
        # The library would not write some of these, so the parts are put together by hand.
        text = f"{part(named)}.{body}"
        yield f"kid {str(kid)[:20]!r}", f"{text}.{part(bytes([1]) * 64)}"
        yield f"kid {str(kid)[:20]!r}, HMAC", hmac_signed({**named, "alg": "HS256"}, claims, b"")


async def wrong_claims(token: str, keys: SigningKeys) -> dict[str, str]:
    """Signed by our own key: what each claim alone is worth."""
    claims = read(token.split(".")[1])
    moment = int(now().timestamp())
    changes: dict[str, dict[str, Any]] = {
        "expired": {"exp": moment - 60},
        "expired long ago": {"exp": 0},
        "never ends": {"exp": None},
        "an end in words": {"exp": "tomorrow"},
        "other audience": {"aud": "another-service"},
        "no audience": {"aud": None},
        "audiences without ours": {"aud": ["a", "b"]},
        "other issuer": {"iss": "https://attacker.example"},
        "no issuer": {"iss": None},
        "no session": {"sid": None},
        "invented session": {"sid": str(new_id())},
        "session that is no id": {"sid": "' or 1=1 --"},
        "nobody": {"sub": str(new_id())},
        "no person": {"sub": None},
        "person that is no id": {"sub": "admin"},
        "not yet": {"nbf": moment + 3600},
    }
    made = {name: await keys.sign({**claims, **change}) for name, change in changes.items()}
    for name in ("exp", "sub", "sid"):
        made[f"without {name}"] = await keys.sign({k: v for k, v in claims.items() if k != name})
    return made


NONSENSE = {
    "empty": "",
    "a word": "admin",
    "garbage": "a.b.c",
    "dots": ".." * 50,
    "not base64": "!!!.???.###",
    "long": "a" * 20_000,
    "deep": f"{part(b'[' * 3000)}.{part(b'[' * 3000)}.x",
    "a key of nobody": "arm_" + "0" * 38,
    "a key with a wildcard": "arm_%",
}


async def forgeries(house: House, person: Person) -> dict[str, str]:
    keys = house.get(SigningKeys)
    public = next(iter(keys._known.values()))
    return {
        **dict(unsigned(person.access_token)),
        **dict(other_keys(person.access_token, public)),
        **await wrong_claims(person.access_token, keys),
        **NONSENSE,
    }


def addresses(app: FastAPI) -> list[tuple[Route, str]]:
    return [
        (route, PLACEHOLDER.sub(str(new_id()), route.path))
        for route in routes_of(app)
        if not route.open
    ]


async def refused(client: AsyncClient, token: str, method: str, path: str, what: str) -> None:
    answer = await client.request(method, path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401, (what, method, path, answer.status_code)
    assert answer.headers["content-type"] == "application/problem+json", (what, path)
    assert token[:60] not in answer.text or len(token) < 12, (what, path)


async def test_no_forgery_opens_the_account(app: FastAPI, house: House, admin: Person) -> None:
    made = await forgeries(house, admin)
    assert len(made) > 60
    async with client_of(app) as client:
        for what, token in made.items():
            await refused(client, token, "GET", ME, what)
            cookie = {"Cookie": f"armarium_access={token}"} if token.isascii() else {}
            answer = await client.get(ME, headers=cookie)
            assert answer.status_code == 401, what
    assert (await admin.client.get(ME)).status_code == 200


async def test_no_route_takes_a_forgery(app: FastAPI, house: House, admin: Person) -> None:
    """Each route meets each kind once over; every forgery meets some route."""
    made = list((await forgeries(house, admin)).items())
    everywhere = {"alg 'none'", "another key by our name", "key inside", "expired", "garbage"}
    always = [each for each in made if each[0] in everywhere]
    assert len(always) == len(everywhere)
    rest = [each for each in made if each[0] not in everywhere]
    async with client_of(app) as client:
        for number, (route, path) in enumerate(addresses(app)):
            for what, token in (*always, rest[number % len(rest)]):
                await refused(client, token, route.method, path, what)


async def test_what_was_ended_opens_no_route(app: FastAPI, admin: Person) -> None:
    """A log-out, a stolen refresh token's family and a key that was taken back."""
    out = await register(app)
    await out.client.post(f"{AUTH}/logout", json={"refresh_token": out.refresh_token})
    robbed = await register(app)
    robber = robbed.refresh_token
    async with client_of(app) as client:
        renewed = await client.post(f"{AUTH}/refresh", json={"refresh_token": robber})
        again = renewed.json()
        newest = await client.post(
            f"{AUTH}/refresh", json={"refresh_token": again["refresh_token"]}
        )
        replay = await client.post(f"{AUTH}/refresh", json={"refresh_token": robber})
        assert (replay.status_code, replay.json()["code"]) == (401, "refresh_token_reused")
        for token in (again["refresh_token"], newest.json()["refresh_token"]):
            answer = await client.post(f"{AUTH}/refresh", json={"refresh_token": token})
            assert answer.status_code == 401
        key = await make_key(await register(app), "items:read", then_revoked=True)
        ended = {
            "logged out": out.access_token,
            "robbed, first": robbed.access_token,
            "robbed, newest": newest.json()["access_token"],
            "revoked key": key,
        }
        for route, path in addresses(app):
            for what, token in ended.items():
                await refused(client, token, route.method, path, what)


async def test_time_ends_tokens_and_keys_at_every_route(app: FastAPI, admin: Person) -> None:
    person = await register(app)
    key = await make_key(person, "items:read", expires_in_days=1)
    async with client_of(app, key) as robot:
        assert (await robot.get(ITEMS)).status_code == 200
    with time_machine.travel(now() + timedelta(days=1, minutes=1), tick=True):
        async with client_of(app) as client:
            for route, path in addresses(app):
                for what, token in (("session", person.access_token), ("key", key)):
                    await refused(client, token, route.method, path, what)


async def make_key(person: Person, *scopes: str, then_revoked: bool = False, **wish: object) -> str:
    made = await person.client.post(KEYS, json={"name": "robot", "scopes": list(scopes), **wish})
    assert made.status_code == 201, made.text
    if then_revoked:
        gone = await person.client.delete(f"{KEYS}/{made.json()['api_key']['id']}")
        assert gone.status_code == 204
    return made.json()["secret"]


async def test_a_key_without_the_scope_reaches_no_route_of_it(app: FastAPI, admin: Person) -> None:
    """For each scope a key that has all others: the routes of that scope refuse it."""
    scopes = [str(scope) for scope in ApiScope]
    keys = {
        scope: await make_key(admin, *(each for each in scopes if each != scope))
        for scope in scopes
    }
    tried = 0
    async with client_of(app) as client:
        for route, path, tags in tagged(app):
            wanted = scope_of(tags, route.method)
            if wanted is None:
                continue
            headers = {"Authorization": f"Bearer {keys[str(wanted)]}"}
            answer = await client.request(route.method, path, headers=headers)
            assert answer.status_code == 403, (route.name, wanted, answer.status_code)
            assert answer.json()["code"] in {"missing_scope", "session_required"}, route.name
            tried += 1
    assert tried > 50


def tagged(app: FastAPI) -> Iterator[tuple[Route, str, list[str]]]:
    document = app.openapi()["paths"]
    for route, path in addresses(app):
        operation = document.get(route.path, {}).get(route.method.lower())
        if operation is not None:
            yield route, path, operation.get("tags", [])


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "bearer x y", "Basic YWRtaW46YWRtaW4=", "Token x", "Bearer\tx", ","],
)
async def test_odd_authorizations_are_nobody(app: FastAPI, admin: Person, header: str) -> None:
    async with client_of(app) as client:
        answer = await client.get(ME, headers={"Authorization": header})
    assert answer.status_code == 401


async def test_a_token_in_the_address_is_no_login(app: FastAPI, admin: Person) -> None:
    """Addresses end in logs and histories, so a token there is not read."""
    async with client_of(app) as client:
        for name in ("access_token", "token", "authorization", "api_key"):
            answer = await client.get(ME, params={name: admin.access_token})
            assert answer.status_code == 401, name
