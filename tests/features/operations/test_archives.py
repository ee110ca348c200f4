"""Everything of a person in one file, into another house, and nothing hostile back in."""

import hashlib
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.accounts import Registration
from armarium.features.operations import ArchiveImport, Archives
from armarium.features.spaces import QuotaExceeded
from armarium.kit.ids import new_id
from armarium.platform.archive import ArchiveReader, BadArchive, Bounds
from armarium.platform.database import Scope
from armarium.platform.owned import OwnedRegister
from armarium.ports.blobs import BlobStore
from tests.support.api import cheap
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture
from tests.support.postgres import Server

SignIn = Callable[..., Awaitable[AsyncClient]]
COMPARED = (
    "own_fields", "items", "item_identifiers", "item_tags", "item_images", "item_values",
    "item_history", "item_money",
)  # fmt: skip
MOVED = {"space_id", "created_by", "actor"}


async def fill(client: AsyncClient) -> UUID:
    """A small collection with a bit of everything."""
    await client.post("/api/v1/fields", json={"label": "Box", "type": "text"})
    shown = await send_picture(client)
    await add_item(
        client,
        CHARIZARD,
        tags=["first"],
        own_fields={"box": "Red"},
        images=[{"media_id": shown["id"]}],
    )
    await add_item(client, EMMA, notes="From my grandmother")
    made = await client.post("/api/v1/collections", json={"name": "Shelf"})
    assert made.is_success, made.text
    return UUID((await client.get("/api/v1/me")).json()["space_id"])


async def archive_of(client: AsyncClient, house: House) -> bytes:
    """Asked for, made and downloaded as a person does; the worker's part is done here."""
    asked = await client.post("/api/v1/me/archives")
    assert asked.status_code == 202, asked.text
    me = (await client.get("/api/v1/me")).json()
    await house.get(Archives).make(UUID(me["id"]), UUID(asked.json()["id"]))
    path = f"/api/v1/me/archives/{asked.json()['id']}"
    ready = (await client.get(path)).json()
    assert ready["status"] == "ready"
    link = (await client.post(f"{path}/link")).json()
    client.headers.pop("Authorization")
    sent = await client.get(link["url"])
    assert sent.status_code == 200, sent.text
    assert hashlib.sha256(sent.content).hexdigest() == ready["sha256"]
    return sent.content


async def rows_of(house: House, space_id: UUID) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    async with house.database.transaction(Scope.of_space(space_id)) as session:
        for owned in house.get(OwnedRegister):
            async for table, row in owned.export(session, space_id):
                if table in COMPARED:
                    kept = {name: row[name] for name in row if name not in MOVED}
                    found.setdefault(table, []).append(kept)
    return found


async def test_everything_goes_into_another_house_and_is_the_same(
    sign_in: SignIn, house: House, postgres: Server, tmp_path: Path
) -> None:
    person = await sign_in("ada@example.org")
    mine = await fill(person)
    file = tmp_path / "all.zip"
    file.write_bytes(await archive_of(person, house))
    with postgres.database() as urls:
        other = cheap(build(Settings(data=tmp_path / "other", log_level="warning"), urls))
        try:
            await compare(house, other, mine, file)
        finally:
            await other.database.close()


async def compare(house: House, other: House, mine: UUID, file: Path) -> None:
    user = await other.get(Registration).create("ada@example.net", "Correct-Horse-42")
    brought = await other.get(ArchiveImport).bring(file, user.id)
    assert brought.pictures == 1
    assert brought.added["items"] == 2
    before, after = await rows_of(house, mine), await rows_of(other, user.id)
    assert before == after
    assert set(before) >= {"items", "item_history", "item_images", "own_fields"}
    pictures = [
        [await each.services[BlobStore].get(found.key)]
        for each, space in ((house, mine), (other, user.id))
        async for found in each.services[BlobStore].list(str(space))
    ]
    assert pictures[0] == pictures[1]
    again = await other.get(ArchiveImport).bring(file, user.id)
    assert set(again.added.values()) == {0}
    assert again.present["items"] == 2


def changed(data: bytes, act: Callable[[dict[str, bytes], dict[str, Any]], None]) -> bytes:
    """The archive after somebody worked on it, with a list that fits unless they broke it."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    act(parts, manifest)
    listed = {each["name"]: each for each in manifest["files"]}
    for name, each in listed.items():
        if each["sha256"] != "0" * 64 and name in parts:
            each["sha256"] = hashlib.sha256(parts[name]).hexdigest()
            each["size"] = len(parts[name])
            each["rows"] = None if each["rows"] is None else parts[name].count(b"\n")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
        written.writestr("manifest.json", json.dumps(manifest))
    return out.getvalue()


def edit_row(table: str, **values: Any) -> Callable[[dict[str, bytes], dict[str, Any]], None]:
    def act(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
        name = f"data/{table}.jsonl"
        first, rest = parts[name].split(b"\n", 1)
        parts[name] = json.dumps({**json.loads(first), **values}).encode() + b"\n" + rest

    return act


def add_file(name: str, content: bytes) -> Callable[[dict[str, bytes], dict[str, Any]], None]:
    def act(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
        parts[name] = content
        listed = {"name": name, "sha256": "", "size": 0, "rows": None}
        manifest["files"].append(listed)

    return act


def wrong_hash(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"][0]["sha256"] = "0" * 64


def no_picture(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    name = next(each for each in parts if each.startswith("pictures/"))
    parts[name] = b"<svg onload=alert(1)>"


HOSTILE: dict[str, Callable[[dict[str, bytes], dict[str, Any]], None]] = {
    "a wrong hash": wrong_hash,
    "another space's row": edit_row("items", space_id=str(new_id())),
    "an unknown kind": edit_row("items", kind="weapon"),
    "a field of the wrong type": edit_row("items", fields={"year": {"a": 1}}),
    "a null where none may be": edit_row("items", title=None),
    "a NUL": edit_row("items", notes="a\0b"),
    "a huge row": edit_row("items", notes="x" * 5_000_000),
    "a status that is none": edit_row("items", status="stolen"),
    "a number beyond": edit_row("items", quantity=2**70),
    "a path that climbs": add_file("../../etc/cron.d/x", b"x"),
    "a file of no table": add_file("data/accounts_user.jsonl", b"{}\n"),
    "a bomb": add_file("pictures/" + str(new_id()), bytes(50_000_000)),
    "a picture that is none": no_picture,
    "deep nesting": add_file("data/own_fields_x.jsonl", b"[" * 100_000 + b"\n"),
}


async def test_what_is_hostile_is_refused_and_leaves_nothing(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    person = await sign_in()
    await fill(person)
    data = await archive_of(person, house)
    victim = await house.get(Registration).create("victim@example.org", "Correct-Horse-42")
    transfer, file = house.get(ArchiveImport), tmp_path / "hostile.zip"
    for what, act in HOSTILE.items():
        file.write_bytes(changed(data, act))
        with pytest.raises(BadArchive):
            await transfer.bring(file, victim.id)
        assert await rows_of(house, victim.id) == {}, what
        left = [each.key async for each in house.services[BlobStore].list(str(victim.id))]
        assert left == [], what
    for junk in (b"", b"PK\x03\x04", data[: len(data) // 2], bytes(1000)):
        file.write_bytes(junk)
        with pytest.raises(BadArchive):
            ArchiveReader(file)
    file.write_bytes(data)
    with pytest.raises(BadArchive, match="too many"):
        ArchiveReader(file, Bounds(files=3))


@pytest.mark.parametrize("bound", [{"items": 1}, {"storage_bytes": 10}], ids=str)
async def test_an_archive_is_no_way_round_a_quota(
    sign_in: SignIn, house: House, tmp_path: Path, bound: dict[str, int]
) -> None:
    owner = await sign_in()  # the first one runs the house
    token = owner.headers["Authorization"]
    await fill(owner)
    file = tmp_path / "archive.zip"
    file.write_bytes(await archive_of(owner, house))
    owner.headers["Authorization"] = token
    guest = await house.get(Registration).create("guest@example.org", "Correct-Horse-42")
    path = f"/api/v1/admin/spaces/{guest.id}/quota"
    assert (await owner.put(path, json=bound)).is_success
    with pytest.raises(QuotaExceeded):
        await house.get(ArchiveImport).bring(file, guest.id)
    assert await rows_of(house, guest.id) == {}
    assert [each.key async for each in house.services[BlobStore].list(str(guest.id))] == []
    assert (await owner.put(path, json={})).is_success
    assert (await house.get(ArchiveImport).bring(file, guest.id)).added["items"] == 2


async def test_whose_ids_an_archive_names_has_no_effect(
    sign_in: SignIn, house: House, tmp_path: Path
) -> None:
    """A private collection's id stands beside spaces in the policies; nobody chooses it."""
    person = await sign_in()
    await fill(person)
    data = await archive_of(person, house)
    users = house.get(Registration)
    target = await users.create("target@example.org", "Correct-Horse-42")
    thief = await users.create("thief@example.org", "Correct-Horse-42")

    def act(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
        edit_row("spaces_collection", id=str(target.id), visibility="private")(parts, manifest)
        edit_row("items", created_by=str(target.id))(parts, manifest)

    file = tmp_path / "thief.zip"
    file.write_bytes(changed(data, act))
    await house.get(ArchiveImport).bring(file, thief.id)
    async with house.database.transaction(Scope.of_space(thief.id)) as session:
        for owned in house.get(OwnedRegister):
            async for table, row in owned.export(session, thief.id):
                assert target.id not in row.values(), table


async def test_an_archive_is_its_persons_alone(sign_in: SignIn, house: House) -> None:
    person, other = await sign_in(), await sign_in()
    asked = (await person.post("/api/v1/me/archives")).json()
    again = (await person.post("/api/v1/me/archives")).json()
    assert again["id"] == asked["id"]
    assert (await other.get(f"/api/v1/me/archives/{asked['id']}")).status_code == 404
    assert [each["id"] for each in (await person.get("/api/v1/me/archives")).json()] == [
        asked["id"]
    ]
