"""What stays and what goes: holds, grace periods, crops, the audit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI

from armarium.entry.wiring import House
from armarium.features.media import (
    ImageProblem,
    Media,
    MediaKeeper,
    MediaNotFound,
    MediaPipeline,
    MediaService,
)
from armarium.features.media.errors import AuditTooLarge
from armarium.features.media.policy import incoming_key
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.http import Principal
from armarium.ports.blobs import BlobStore
from tests.support import pictures


@pytest.fixture(autouse=True)
def _started(app: FastAPI) -> None:
    """The house begins and ends with its application."""


@pytest.fixture
def caller(principal: Callable[..., Principal]) -> Principal:
    return principal()


@pytest.fixture
def keeper(house: House) -> MediaKeeper:
    return house.get(MediaKeeper)


async def sent(house: House, caller: Principal) -> Media:
    media = await house.get(MediaService).create(caller, pictures.picture(300, 200), "a.jpg")
    return await house.get(MediaPipeline).make_thumbnails(caller.scope, media.id)


def objects(house: House, caller: Principal) -> list[Path]:
    folder = house.settings.data / "blobs" / str(caller.space_id)
    return [each for each in folder.rglob("*") if each.is_file()]


def after(days: float) -> time_machine.travel:
    return time_machine.travel(datetime.now(UTC) + timedelta(days=days))


async def test_what_nobody_uses_goes_after_its_grace_and_objects_later(
    house: House, caller: Principal, keeper: MediaKeeper
) -> None:
    media = await sent(house, caller)
    assert len(objects(house, caller)) == 4
    assert await keeper.sweep(caller.space_id) == 0
    await house.get(MediaService).get(caller.scope, media.id)
    with after(1.1):
        assert await keeper.sweep(caller.space_id) == 0, "rows go first"
        with pytest.raises(MediaNotFound):
            await house.get(MediaService).get(caller.scope, media.id)
        assert len(objects(house, caller)) == 4, "a restored database would still find them"
    with after(8.2):
        assert await keeper.sweep(caller.space_id) == 4
    assert objects(house, caller) == []


async def test_what_was_sent_and_never_completed_goes(
    house: House, caller: Principal, keeper: MediaKeeper
) -> None:
    """Only the audit knew of it."""
    service = house.get(MediaService)
    blobs = house.get(BlobStore)
    upload = await service.presign(
        caller, filename="a.jpg", content_type="image/jpeg", size=len(pictures.picture())
    )
    await blobs.put(incoming_key(caller.space_id, upload.media.id), pictures.picture())
    with after(0.9):
        assert await keeper.sweep(caller.space_id) == 0, "its ticket's grace has not ended"
    with after(1.1):
        assert await keeper.sweep(caller.space_id) == 1
    assert objects(house, caller) == []
    with pytest.raises(MediaNotFound):
        await service.get(caller.scope, upload.media.id)


async def test_what_is_held_stays(house: House, caller: Principal, keeper: MediaKeeper) -> None:
    media = await sent(house, caller)
    for _ in range(2):
        async with house.database.transaction(caller.scope) as session:
            await keeper.hold(session, caller.space_id, [media.id])
    with after(30):
        await keeper.sweep(caller.space_id)
        async with house.database.transaction(caller.scope) as session:
            await keeper.release(session, caller.space_id, [media.id])
        await keeper.sweep(caller.space_id)
    with after(60):
        await keeper.sweep(caller.space_id)
        assert await house.get(MediaService).get(caller.scope, media.id)
        async with house.database.transaction(caller.scope) as session:
            await keeper.release(session, caller.space_id, [media.id])
    with after(62):
        await keeper.sweep(caller.space_id)
        with pytest.raises(MediaNotFound):
            await house.get(MediaService).get(caller.scope, media.id)


async def test_a_strangers_picture_can_not_be_held(
    house: House, caller: Principal, principal: Callable[..., Principal], keeper: MediaKeeper
) -> None:
    media = await sent(house, principal())
    with pytest.raises(MediaNotFound) as refused:
        async with house.database.transaction(caller.scope) as session:
            await keeper.hold(session, caller.space_id, [media.id])
    assert refused.value.extra["media_ids"] == [str(media.id)]


async def test_a_crop_is_a_picture_of_its_own_and_keeps_its_photo(
    house: House, caller: Principal, keeper: MediaKeeper
) -> None:
    photo = await sent(house, caller)
    pipeline, crop_id = house.get(MediaPipeline), new_id()
    corners = [[0, 0], [50, 0], [50, 70], [0, 70]]
    crop = await pipeline.store_crop(
        caller.scope, photo.id, pictures.picture(50, 70), region=corners, crop_id=crop_id
    )
    assert (crop.id, crop.parent_id, crop.status) == (crop_id, photo.id, "ready")
    assert (crop.width, crop.height, crop.region) == (50, 70, corners)
    assert crop.key == f"{caller.space_id}/crops/{crop_id}.jpg"
    assert set(crop.variants) == {"128", "256", "512"}
    again = await pipeline.store_crop(
        caller.scope, photo.id, pictures.picture(50, 70), crop_id=crop_id
    )
    assert again == crop
    async with house.database.transaction(caller.scope) as session:
        await keeper.hold(session, caller.space_id, [crop.id])
    with after(30):
        await keeper.sweep(caller.space_id)
        await house.get(MediaService).get(caller.scope, photo.id)
    with pytest.raises(ImageProblem):
        await pipeline.store_crop(caller.scope, photo.id, b"\xff\xd8\xff broken")


async def test_thumbnails_made_again_change_nothing(house: House, caller: Principal) -> None:
    media = await sent(house, caller)
    assert await house.get(MediaPipeline).make_thumbnails(caller.scope, media.id) == media


async def test_a_crash_between_objects_and_rows_is_made_good(
    house: House, caller: Principal, keeper: MediaKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, pipeline = house.get(MediaService), house.get(MediaPipeline)
    media = await service.create(caller, pictures.picture(300, 200), "a.jpg")

    async def crash(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("armarium.features.media.service.pipeline.MediaStore.add_pictures", crash)
        with pytest.raises(ConnectionError):
            await pipeline.make_thumbnails(caller.scope, media.id)
    done = await pipeline.make_thumbnails(caller.scope, media.id)
    assert done.status == "ready"
    audit = await keeper.audit(caller.space_id)
    assert (audit.without_row, audit.without_object) == ((), ())


async def test_a_picture_that_goes_while_its_thumbnails_are_made_leaves_nothing(
    house: House, caller: Principal, keeper: MediaKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No variant ever showed the blobs that were reserved for it."""
    service, pipeline = house.get(MediaService), house.get(MediaPipeline)
    media = await service.create(caller, pictures.picture(300, 200), "a.jpg")

    async def crash(*_args: object, **_kwargs: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("armarium.features.media.service.pipeline.MediaStore.add_pictures", crash)
        with pytest.raises(ConnectionError):
            await pipeline.make_thumbnails(caller.scope, media.id)
    await service.discard(caller, media.id)
    assert len(objects(house, caller)) == 4
    for days in (1.1, 8.2, 9.3):
        with after(days):
            await keeper.sweep(caller.space_id)
    assert objects(house, caller) == []
    audit = await keeper.audit(caller.space_id)
    assert (audit.without_row, audit.without_object) == ((), ())


async def test_sending_a_picture_again_puts_back_what_was_lost(
    house: House, caller: Principal
) -> None:
    data = pictures.picture(300, 200)
    service = house.get(MediaService)
    first = await service.create(caller, data, "a.jpg")
    lost = house.settings.data / "blobs" / first.key
    lost.unlink()
    second = await service.create(caller, data, "b.jpg")
    assert second.key == first.key
    assert lost.read_bytes() == data
    lost.unlink()
    upload = await service.presign(
        caller, filename="c.jpg", content_type="image/jpeg", size=len(data)
    )
    await house.get(BlobStore).put(incoming_key(caller.space_id, upload.media.id), data)
    assert (await service.complete(caller, upload.media.id)).key == first.key
    assert lost.read_bytes() == data


async def test_the_audit_finds_both_kinds_and_repairs_one(
    house: House, caller: Principal, keeper: MediaKeeper
) -> None:
    media = await sent(house, caller)
    folder = house.settings.data / "blobs" / str(caller.space_id)
    (folder / f"{media.id}.jpg").unlink()
    (folder / "stranger.jpg").write_bytes(b"?")
    young = await keeper.audit(caller.space_id)
    assert (young.without_row, young.without_object) == ((), (media.key,))
    with after(2):
        dry = await keeper.audit(caller.space_id)
        assert dry.without_row == (f"{caller.space_id}/stranger.jpg",)
        assert (folder / "stranger.jpg").exists()
        with pytest.raises(AuditTooLarge):
            await keeper.audit(caller.space_id, repair=True, at_most=0)
        assert (await keeper.audit(caller.space_id, repair=True)).repaired == 1
    assert not (folder / "stranger.jpg").exists()


async def test_a_worker_of_another_space_sees_nothing(
    house: House, caller: Principal, keeper: MediaKeeper
) -> None:
    media = await sent(house, caller)
    other = Scope.of_space(new_id())
    with pytest.raises(MediaNotFound):
        await house.get(MediaPipeline).make_thumbnails(other, media.id)
    assert await house.get(MediaService).many(other, [media.id]) == {}
    with after(30):
        await keeper.sweep(other.spaces[0])
    await house.get(MediaService).get(caller.scope, media.id)
