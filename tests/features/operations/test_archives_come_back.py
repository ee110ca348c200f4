"""An archive brought back into the space that it is of: what is gone returns, for good."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import time_machine
from httpx2 import AsyncClient, Response
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.media import MediaKeeper, MediaPipeline
from armarium.features.operations import ArchiveImport
from armarium.features.operations.models import Brought
from armarium.platform.database import Scope
from tests.features.operations.test_archives import archive_of
from tests.support.items import CHARIZARD, EMMA, add_item, titles
from tests.support.media import send_picture
from tests.support.pictures import picture

COST = {"amount_minor": 77, "currency": "EUR"}


@dataclass
class Attic:
    """Somebody with an archive of what they have."""

    client: AsyncClient
    house: House
    space_id: UUID
    file: Path

    @property
    def scope(self) -> Scope:
        return Scope.of_space(self.space_id)

    async def put_away(self) -> None:
        """Make an archive of all as it is now."""
        token = self.client.headers["Authorization"]
        self.file.write_bytes(await archive_of(self.client, self.house))
        self.client.headers["Authorization"] = token

    async def bring_back(self) -> Brought:
        """The archive into the same space; then the worker makes the thumbnails."""
        brought = await self.house.get(ArchiveImport).bring(self.file, self.space_id)
        async with self.house.database.transaction(self.scope) as session:
            ids = list(await session.scalars(text("select id from media")))
        for each in ids:
            await self.house.get(MediaPipeline).make_thumbnails(self.scope, each)
        return brought

    async def sweep(self, *days: float) -> None:
        for each in days:
            with time_machine.travel(datetime.now(UTC) + timedelta(days=each)):
                await self.house.get(MediaKeeper).sweep(self.space_id)

    async def show(self, media_id: str, variant: str = "original") -> int:
        answer = await self.client.get(f"/api/v1/media/{media_id}/{variant}")
        return answer.status_code

    async def remove(self, item: dict[str, Any]) -> None:
        for path in (f"/api/v1/items/{item['id']}", f"/api/v1/items/{item['id']}?permanently=true"):
            answer = await self.client.delete(path)
            assert answer.is_success, answer.text

    async def discard(self, media_id: str) -> Response:
        return await self.client.delete(f"/api/v1/media/{media_id}")

    async def run(self, sql: str, **values: Any) -> list[Any]:
        async with self.house.database.transaction(self.scope) as session:
            done = await session.execute(text(sql), values)
            return list(done.all()) if done.returns_rows else []

    def objects(self) -> list[Path]:
        folder = self.house.settings.data / "blobs" / str(self.space_id)
        return sorted(each for each in folder.rglob("*") if each.is_file())


@pytest.fixture
async def attic(
    sign_in: Callable[..., Awaitable[AsyncClient]], house: House, tmp_path: Path
) -> Attic:
    client = await sign_in()
    space_id = UUID((await client.get("/api/v1/me")).json()["space_id"])
    return Attic(client, house, space_id, tmp_path / "all.zip")


async def with_picture(attic: Attic, body: dict[str, Any], media_id: str) -> dict[str, Any]:
    return await add_item(attic.client, body, images=[{"media_id": media_id}])


async def test_pictures_that_come_back_stay(attic: Attic) -> None:
    """The old objects wait for their end; the new pictures must not end with them."""
    shown = (await send_picture(attic.client))["id"]
    item = await with_picture(attic, CHARIZARD, shown)
    await attic.house.get(MediaPipeline).make_thumbnails(attic.scope, UUID(shown))
    await attic.put_away()
    await attic.remove(item)
    assert (await attic.discard(shown)).is_success

    assert (await attic.bring_back()).added["items"] == 1
    await attic.sweep(2, 8.5, 9.5, 20)
    for variant in ("original", "128", "512"):
        assert await attic.show(shown, variant) == 200, variant
    assert (await attic.client.get(f"/api/v1/items/{item['id']}")).json()["images"]
    assert (await attic.client.get("/api/v1/storage/audit")).json() == {
        "without_row": [],
        "without_object": [],
        "repaired": 0,
    }


async def test_one_of_two_pictures_of_the_same_bytes_comes_back(attic: Attic) -> None:
    data = picture()
    first, second = [(await send_picture(attic.client, data))["id"] for _ in range(2)]
    kept, gone = [await with_picture(attic, EMMA, each) for each in (first, second)]
    await attic.put_away()
    await attic.remove(gone)
    assert (await attic.discard(second)).is_success
    await attic.bring_back()
    await attic.remove(kept)
    assert (await attic.discard(first)).is_success
    await attic.sweep(2, 8.5, 9.5)
    assert await attic.show(second) == 200


async def test_a_picture_that_is_still_there_is_held_by_what_comes_back(attic: Attic) -> None:
    shown = (await send_picture(attic.client))["id"]
    item = await with_picture(attic, CHARIZARD, shown)
    await attic.put_away()
    await attic.remove(item)
    await attic.bring_back()
    refused = await attic.discard(shown)
    assert (refused.status_code, refused.json()["code"]) == (409, "media_in_use")
    await attic.sweep(2, 9.5)
    assert await attic.show(shown) == 200
    await attic.remove(item)
    assert (await attic.discard(shown)).is_success, "held once"


async def test_what_was_taken_from_an_item_does_not_come_back_to_it(attic: Attic) -> None:
    """Nothing finds an item by what it no longer says."""
    item = await add_item(attic.client, EMMA, tags=["first"], cost=COST)
    path = f"/api/v1/items/{item['id']}"
    details = {"note": "In the safe"}
    assert (await attic.client.put(f"{path}/private", json=details)).is_success
    await attic.put_away()
    await attic.client.put(f"{path}/private", json={})
    fields = {**EMMA["fields"], "publisher": None}
    changed = await attic.client.patch(path, json={"tags": [], "cost": None, "fields": fields})
    assert changed.is_success, changed.text

    brought = await attic.bring_back()
    assert set(brought.added.values()) <= {0}
    after = (await attic.client.get(path)).json()
    assert (after["tags"], after["cost"], after["version"]) == ([], None, changed.json()["version"])
    assert await titles(attic.client, **{"field.publisher": "John Murray"}) == []
    assert await titles(attic.client, tag="first") == []
    assert (await attic.client.get(f"{path}/private")).json()["note"] == ""


async def test_trash_that_comes_in_is_planned_for_its_end(attic: Attic) -> None:
    item = await add_item(attic.client, EMMA)
    await attic.client.delete(f"/api/v1/items/{item['id']}")
    await attic.run("update items set deleted_at = deleted_at - interval '10 days'")
    await attic.put_away()
    await attic.client.delete(f"/api/v1/items/{item['id']}?permanently=true")
    await attic.bring_back()
    night = f"collection.trash:{attic.space_id}:{datetime.now(UTC) + timedelta(days=21):%Y-%m-%d}"
    assert await attic.run("select id from jobs where id = :id", id=night)


async def test_a_crop_may_stand_before_its_photo_and_a_photo_may_be_lost(
    attic: Attic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crops have ids of any order; what an object is missing of is left out, and nothing else."""
    monkeypatch.setattr("armarium.features.operations.service.importing.BATCH", 1)
    pipeline = attic.house.get(MediaPipeline)
    photo, lost = [UUID((await send_picture(attic.client))["id"]) for _ in range(2)]
    cut, of_lost = UUID(int=1), UUID(int=2)
    await pipeline.store_crop(attic.scope, photo, picture(20, 20), crop_id=cut)
    await pipeline.store_crop(attic.scope, lost, picture(20, 30), crop_id=of_lost)
    item = await with_picture(attic, EMMA, str(lost))
    (attic.objects()[0].parent / f"{lost}.jpg").unlink()
    await attic.put_away()
    await attic.remove(item)
    assert [(await attic.discard(str(each))).status_code for each in (cut, of_lost)] == [204, 204]
    assert [(await attic.discard(str(each))).status_code for each in (photo, lost)] == [204, 204]

    assert (await attic.bring_back()).added["items"] == 1
    parents = dict(await attic.run("select id, parent_id from media"))
    assert parents == {photo: None, cut: photo, of_lost: None}
    assert (await attic.client.get(f"/api/v1/items/{item['id']}")).json()["images"] == []


async def test_a_lost_object_is_written_again(attic: Attic) -> None:
    shown = (await send_picture(attic.client))["id"]
    await with_picture(attic, CHARIZARD, shown)
    await attic.put_away()
    for each in attic.objects():
        each.unlink()
    assert (await attic.bring_back()).added["items"] == 0
    assert await attic.show(shown) == 200


async def test_an_import_whose_commit_was_cut_off_keeps_its_objects(
    attic: Attic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection broke after the database had done it."""
    shown = (await send_picture(attic.client))["id"]
    item = await with_picture(attic, CHARIZARD, shown)
    await attic.put_away()
    await attic.remove(item)
    assert (await attic.discard(shown)).is_success
    await attic.sweep(8.5, 9.5)
    assert attic.objects() == []
    insert = ArchiveImport._insert

    async def cut_off(*args: Any) -> Brought:
        await insert(*args)
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(ArchiveImport, "_insert", cut_off)
        with pytest.raises(ConnectionError):
            await attic.bring_back()
    assert len(attic.objects()) == 1
    assert await attic.show(shown) == 200
    assert set((await attic.bring_back()).added.values()) <= {0}


async def test_counts_that_an_earlier_import_left_wrong_are_put_right(attic: Attic) -> None:
    """A sweep believes what refers to a picture; it neither fails nor deletes what is shown."""
    shown, other = [(await send_picture(attic.client))["id"] for _ in range(2)]
    await with_picture(attic, CHARIZARD, shown)
    await attic.run(
        "update blobs set references_count = 0, unreferenced_at = now() - interval '30 days'"
    )
    await attic.run("update media set holds = 0, unheld_since = now() - interval '30 days'")
    refused = await attic.discard(shown)
    assert (refused.status_code, refused.json()["code"]) == (409, "media_in_use")
    await attic.run("update media set holds = 0, unheld_since = now() - interval '30 days'")
    await attic.sweep(0)
    assert await attic.show(shown) == 200
    assert await attic.show(other) == 404, "nothing uses it"
    (counted,) = await attic.run(
        "select b.references_count, b.unreferenced_at, m.holds, m.unheld_since"
        " from media m join blobs b on b.id = m.blob_id where m.id = :id",
        id=shown,
    )
    assert tuple(counted) == (1, None, 1, None)
