"""An archive is its person's alone: nobody's private room is in it, and no program fetches it."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from fastapi import FastAPI

from armarium.entry.wiring import House
from armarium.features.operations import ArchiveImport, Archives
from armarium.kit.instants import now
from tests.support.api import Person, register, running_app
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture
from tests.support.sharing import acting, invite

SECRET = "Under-the-third-step"


@pytest.fixture
async def app(house: House) -> AsyncIterator[FastAPI]:
    async with running_app(house) as running:
        yield running


async def contents(house: House, person: Person) -> dict[str, bytes]:
    asked = await person.client.post("/api/v1/me/archives")
    assert asked.status_code == 202, asked.text
    path = f"/api/v1/me/archives/{asked.json()['id']}"
    await house.get(Archives).make(person.id, UUID(asked.json()["id"]))
    link = (await person.client.post(f"{path}/link")).json()
    sent = await person.client.get(link["url"])
    with zipfile.ZipFile(io.BytesIO(sent.content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rows(parts: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in parts[f"data/{table}.jsonl"].splitlines()]


async def test_a_members_private_room_is_not_in_the_owners_archive(
    house: House, app: FastAPI
) -> None:
    """Rows, the picture, the sealed details, the history and the link all stay away."""
    owner, member = await register(app), await register(app)
    await invite(owner.client, member, f"/api/v1/spaces/{owner.id}/invitations", "editor")
    async with acting(app, member, str(owner.id)) as inside:
        draft = {"name": SECRET, "visibility": "private"}
        room = await inside.post("/api/v1/collections", json=draft)
        room_id = room.json()["id"]
        shown = await send_picture(inside)
        hidden = await add_item(
            inside,
            EMMA,
            title=SECRET,
            notes=SECRET,
            tags=[SECRET],
            images=[{"media_id": shown["id"]}],
            cost={"amount_minor": 77, "currency": "EUR"},
            collections=[room_id],
        )
        details = {"storage_place": SECRET}
        path = f"/api/v1/items/{hidden['id']}"
        kept = await inside.put(f"{path}/private", json=details, headers={"If-Match": '"0"'})
        assert kept.is_success, kept.text
        link = {"target": "item", "target_id": hidden["id"], "label": SECRET}
        assert (await inside.post("/api/v1/shares", json=link)).is_success
    open_item = await add_item(owner.client, CHARIZARD)

    parts = await contents(house, owner)
    assert [each["id"] for each in rows(parts, "items")] == [open_item["id"]]
    told = b"".join(parts.values())
    for trace in (SECRET, hidden["id"], shown["id"]):
        assert trace.encode() not in told, trace
    assert not any(name.startswith("pictures/") for name in parts)

    async with acting(app, member, str(owner.id)) as inside:
        granted = await inside.put(
            f"/api/v1/collections/{room_id}/grants/{owner.id}", json={"role": "viewer"}
        )
        assert granted.is_success, granted.text
    with time_machine.travel(now() + timedelta(hours=2), tick=True):
        prove = {"password": "Armarium-1867"}
        parts = await let_in(house, app, owner, prove)
    assert {each["id"] for each in rows(parts, "items")} == {open_item["id"], hidden["id"]}
    assert rows(parts, "item_private")[0]["storage_place"] == SECRET
    assert len([name for name in parts if name.startswith("pictures/")]) == 1


async def let_in(
    house: House, app: FastAPI, owner: Person, prove: dict[str, str]
) -> dict[str, bytes]:
    login = await owner.client.post("/api/v1/auth/login", json={"email": owner.email, **prove})
    owner.client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
    owner.client.cookies.clear()
    return await contents(house, owner)


async def test_no_key_of_a_program_reaches_an_archive(house: House, app: FastAPI) -> None:
    """The scopes of the account are not everything that is kept."""
    person = await register(app)
    body = {"name": "k", "scopes": ["account:read", "account:write"]}
    key = await person.client.post("/api/v1/me/api-keys", json=body)
    assert key.status_code == 201, key.text
    asked = (await person.client.post("/api/v1/me/archives")).json()
    await house.get(Archives).make(person.id, UUID(asked["id"]))
    path = f"/api/v1/me/archives/{asked['id']}"
    bearer = {"Authorization": f"Bearer {key.json()['secret']}"}
    sent = {"Content-Type": "application/octet-stream", **bearer}
    for refused in (
        await person.client.post("/api/v1/me/archives", headers=bearer),
        await person.client.post(f"{path}/link", headers=bearer),
        await person.client.post("/api/v1/me/imports", content=b"x", headers=sent),
    ):
        assert refused.status_code == 403, refused.text
        assert refused.json()["code"] == "session_required"
    assert "url" not in (await person.client.get(path, headers=bearer)).json()


async def test_a_link_lives_minutes_and_asks_for_a_recent_proof(house: House, app: FastAPI) -> None:
    person = await register(app)
    asked = (await person.client.post("/api/v1/me/archives")).json()
    path = f"/api/v1/me/archives/{asked['id']}/link"
    waiting = await person.client.post(path)
    assert (waiting.status_code, waiting.json()["code"]) == (409, "no_archive_file")
    await house.get(Archives).make(person.id, UUID(asked["id"]))
    first = (await person.client.post(path)).json()["url"]
    assert (await person.client.get(first)).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=6), tick=True):
        assert (await person.client.get(first)).status_code in {403, 404}
        again = (await person.client.post(path)).json()["url"]
        assert (await person.client.get(again)).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=12), tick=True):
        for late in (
            await person.client.post(path),
            await person.client.post("/api/v1/me/archives"),
        ):
            assert (late.status_code, late.json()["code"]) == (403, "proof_required")


async def test_an_archive_of_a_space_with_its_own_quota_comes_in_again(
    house: House, app: FastAPI, tmp_path: Path
) -> None:
    """What one server allows is not another's."""
    boss = await register(app)
    await add_item(boss.client, CHARIZARD)
    path = f"/api/v1/admin/spaces/{boss.id}/quota"
    assert (await boss.client.put(path, json={"items": 5})).is_success
    parts = await contents(house, boss)
    assert rows(parts, "spaces_quota")
    file = tmp_path / "mine.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    other = await register(app)
    assert (await house.get(ArchiveImport).bring(file, other.id)).added["items"] == 1


async def test_ones_own_private_collection_comes_in_again_as_ones_own(
    house: House, app: FastAPI, tmp_path: Path
) -> None:
    """Its items are indexed apart, and its grants stay where they were given."""
    person, other, member = [await register(app) for _ in range(3)]
    draft = {"name": "Vault", "visibility": "private"}
    room = (await person.client.post("/api/v1/collections", json=draft)).json()
    await add_item(person.client, CHARIZARD, collections=[room["id"]])
    parts = await contents(house, person)
    file = tmp_path / "mine.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    for added in (1, 0):
        assert (await house.get(ArchiveImport).bring(file, other.id)).added["items"] == added
    (vault,) = (await other.client.get("/api/v1/collections")).json()
    assert vault["visibility"] == "private"
    assert len((await other.client.get("/api/v1/items")).json()) == 1
    await invite(other.client, member, f"/api/v1/spaces/{other.id}/invitations", "editor")
    async with acting(app, member, str(other.id)) as inside:
        assert (await inside.get("/api/v1/items")).json() == []
        assert (await inside.get("/api/v1/collections")).json() == []
