"""Secrets are shown once: no answer that is kept, and no line of the log, holds one."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI

from armarium.entry.wiring import House
from armarium.platform.http.idempotency import SECRETS, holds_secret
from armarium.platform.http.paths import told_path
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.support.api import client_of, register, running_app
from tests.support.items import CHARIZARD, add_item
from tests.support.media import send_picture

ROOT = Path(__file__).resolve().parents[3]
SOUNDS_SECRET = re.compile(r"token|secret|password|_codes$|(^|_)key$|otpauth|redirect_to")
HARMLESS = {
    "api_key",  # the record beside the secret
    "has_password",
    "public_key",
    "token_endpoint_auth_method",
    "token_type",
}


@pytest.fixture
async def app(house: House) -> AsyncIterator[FastAPI]:
    async with running_app(house) as running:
        yield running


async def test_an_answer_with_a_secret_is_done_once_and_not_kept(
    app: FastAPI, database_urls: DatabaseUrls
) -> None:
    """L1."""
    person = await register(app)
    item = await add_item(person.client, CHARIZARD)
    acts: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("/me/api-keys", {"name": "k", "scopes": ["items:read"]}, "secret"),
        ("/shares", {"target": "item", "target_id": item["id"]}, "token"),
        (f"/spaces/{person.id}/invitations", {"role": "viewer"}, "token"),
    )
    for number, (path, body, member) in enumerate(acts):
        key = {"Idempotency-Key": f"once-{number}"}
        first = await person.client.post(f"/api/v1{path}", json=body, headers=key)
        assert first.status_code == 201, first.text
        again = await person.client.post(f"/api/v1{path}", json=body, headers=key)
        assert (again.status_code, again.json()["code"]) == (409, "answer_not_kept"), path
        secret = first.json()[member].encode()
        with psycopg.connect(libpq(database_urls.admin)) as connection:
            rows = connection.execute("select body, headers from http_idempotency").fetchall()
        assert not any(secret in (body or b"") for body, _ in rows), path
    assert len((await person.client.get("/api/v1/me/api-keys")).json()) == 1


async def test_creates_that_name_the_key_happen_once_under_it(app: FastAPI) -> None:
    """Some honored it and named it nowhere; the archive named by neither was never kept."""
    admin = await register(app)
    document = (await admin.client.get("/api/openapi.json")).json()["paths"]
    shelf = await admin.client.post("/api/v1/collections", json={"name": "Verse"})
    room, program = shelf.json()["id"], {"name": "P", "redirect_uris": ["https://p.example/in"]}
    acts: tuple[tuple[str, dict[str, Any] | None, bool], ...] = (
        ("/me/archives", None, False),
        ("/me/api-keys", {"name": "k", "scopes": ["items:read"]}, True),
        ("/me/clients", program, False),
        ("/admin/clients", program, False),
        ("/admin/invitations", {}, True),
        (f"/spaces/{admin.id}/invitations", {"role": "viewer"}, True),
        (f"/collections/{room}/invitations", {"role": "viewer"}, True),
    )
    for number, (path, body, is_secret) in enumerate(acts):
        key = {"Idempotency-Key": f"one-{number}"}
        first, again = [
            await admin.client.post(f"/api/v1{path}", json=body, headers=key) for _ in range(2)
        ]
        assert first.is_success, first.text
        if is_secret:
            assert again.json()["code"] == "answer_not_kept", path
        else:
            assert again.json() == first.json(), path
            assert again.headers["idempotency-replayed"] == "true", path
        named = re.sub(str(admin.id), "{space_id}", path).replace(room, "{collection_id}")
        parameters = document[f"/api/v1{named}"]["post"]["parameters"]
        assert "Idempotency-Key" in {each["name"] for each in parameters}, path


async def test_the_same_key_in_another_space_is_another_request(app: FastAPI) -> None:
    """L2."""
    person = await register(app)
    shop = await person.client.post("/api/v1/spaces", json={"kind": "shop", "name": "Shop"})
    key = {"Idempotency-Key": "once"}
    first = await person.client.post("/api/v1/items", json=CHARIZARD, headers=key)
    assert first.status_code == 201, first.text
    inside = {**key, "X-Space": shop.json()["id"]}
    other = await person.client.post("/api/v1/items", json=CHARIZARD, headers=inside)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_no_living_token_is_in_the_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither that of a shared link nor a signed address, also where it is refused."""
    caplog.set_level("DEBUG", logger="armarium")
    person = await register(app)
    item = await add_item(person.client, CHARIZARD)
    draft = {"target": "item", "target_id": item["id"]}
    token = (await person.client.post("/api/v1/shares", json=draft)).json()["token"]
    shown = await send_picture(person.client)
    signed = (await person.client.post(f"/api/v1/media/{shown['id']}/link")).json()["url"]
    async with client_of(app) as stranger:
        assert (await stranger.get(f"/api/v1/shared/{token}")).status_code == 200
        assert (await stranger.get(f"/api/v1/shared/{token}/items/x")).status_code >= 400
        assert (await stranger.put(f"/api/v1/shared/{token}")).status_code >= 400
        assert (await stranger.get(f"/shared/{token}")).status_code in {200, 404, 503}
        assert (await stranger.get(signed)).status_code == 200
    told = "\n".join(each.getMessage() for each in caplog.records)
    assert "/api/v1/shared/" in told
    assert token not in told
    assert signed.rsplit("/", 1)[-1] not in told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/v1/shared/abc/items/1", "/api/v1/shared/…/items/1"),
        ("/api/v1//blobs//abc.def", "/api/v1//blobs//…"),
        ("/api/v1/items/1", "/api/v1/items/1"),
    ],
)
def test_a_path_is_told_without_its_key(path: str, told: str) -> None:
    assert told_path(path) == told


def test_what_sounds_like_a_secret_is_known_as_one_or_as_harmless() -> None:
    """A new answer of a POST with a `…token` in it is put on one of the two lists."""
    contract = json.loads((ROOT / "contract" / "openapi.json").read_text())
    names = {
        name
        for path in contract["paths"].values()
        for status, answer in path.get("post", {}).get("responses", {}).items()
        if status.startswith("2")
        for content in answer.get("content", {}).values()
        for name in members(contract, content.get("schema", {}), set())
    }
    found = {name for name in names if SOUNDS_SECRET.search(name)}
    assert found - HARMLESS <= SECRETS
    assert "token" in found
    assert holds_secret(b'[{"a": {"token": "x"}}]')
    assert not holds_secret(b'{"token": null}')


def members(contract: Any, schema: Any, seen: set[str]) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name in seen:
            return
        seen.add(name)
        schema = contract["components"]["schemas"][name]
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from members(contract, part, seen)
    nested = [schema[each] for each in ("items",) if isinstance(schema.get(each), dict)]
    for many in ("anyOf", "oneOf", "allOf"):
        nested += schema.get(many, [])
    for part in nested:
        yield from members(contract, part, seen)
