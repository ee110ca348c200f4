"""The processes themselves with the rights that deploy/terraform gives each: an API, two workers.

Forms and links that a browser uses are not among it: the server that enforces knows no signatures
in an address. Deleting is not either: it checks `DeleteObjects` by the bucket in place of the key.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from obstore.exceptions import BaseError

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.media import MediaKeeper
from armarium.features.operations import Archives
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from tests.features.recognition.conftest import Studio, import_cards
from tests.support.api import cheap, make_house, register, running_app
from tests.support.aws_roles import BUCKET, PREFIX, Cloud, enforcing_cloud
from tests.support.eyes import Eyes, Thing
from tests.support.media import send_picture
from tests.support.workflows import running_worker

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "prepare-aws.md"
PHOTO_QUEUES = ("scans", "media")
"""The sweep of pictures is not among them: it deletes."""


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with enforcing_cloud() as cloud:
        yield cloud


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def houses(
    cloud: Cloud, database_urls: DatabaseUrls, tmp_path: Path, eyes: Eyes
) -> AsyncIterator[dict[str, House]]:
    """The house of each process, on one database and bucket, with a folder of its own."""

    def house(process: str) -> House:
        settings = Settings(
            data=tmp_path / process, blob_url=f"s3://{BUCKET}/{PREFIX}", s3=cloud.keys(process)
        )
        return cheap(build(settings, database_urls, vision=eyes, reader=eyes))

    made = {process: house(process) for process in ("api", "photo-worker", "worker")}
    yield made
    for process in ("photo-worker", "worker"):
        await made[process].stop()


async def test_a_photo_becomes_reviewed_things_by_a_photo_worker(
    houses: dict[str, House], database_urls: DatabaseUrls, tmp_path: Path, eyes: Eyes
) -> None:
    """Found, cut, read, turned upright and shown: all with the photo worker's rights."""
    api, photos = houses["api"], houses["photo-worker"]
    await import_cards(houses["worker"], tmp_path)
    async with (
        running_app(api) as app,
        running_worker(
            database_urls, photos.get(Flows), photos.database, queues=PHOTO_QUEUES
        ) as worker,
    ):
        studio = Studio((await register(app)).client, eyes, worker, api)
        scan = await studio.scan(eyes.show("Charizard", Thing("Blastoise", rotation=90)))
        assert (scan["status"], len(scan["detections"])) == ("done", 2)
        for detection in scan["detections"]:
            shown = await studio.client.get(detection["crop_url"])
            assert shown.status_code == 200, shown.text


async def test_a_picture_from_upload_to_the_end_under_three_rights(
    cloud: Cloud, houses: dict[str, House], database_urls: DatabaseUrls
) -> None:
    api, photos, rest = houses["api"], houses["photo-worker"], houses["worker"]
    async with running_app(api) as app:
        person = (await register(app)).client
        sent = await send_picture(person)
        space = UUID((await person.get("/api/v1/me")).json()["space_id"])

        flows = photos.get(Flows)
        async with running_worker(database_urls, flows, photos.database, queues=PHOTO_QUEUES):
            await until_ready(person, sent["id"])
        for variant in ("256", "display", "original"):
            shown = await person.get(f"/api/v1/media/{sent['id']}/{variant}")
            assert shown.status_code == 200, (variant, shown.text)
        with pytest.raises(BaseError, match="AccessDenied"):
            await photos.get(MediaKeeper).erase_objects(space)

        asked = (await person.post("/api/v1/me/archives")).json()
        await rest.get(Archives).make(space, UUID(asked["id"]))
        ready = (await person.get(f"/api/v1/me/archives/{asked['id']}")).json()
        assert ready["status"] == "ready"

        audit = await person.get("/api/v1/storage/audit")
        assert audit.json() == {"without_row": [], "without_object": [], "repaired": 0}
        assert len(names(cloud)) == 6  # the original, four smaller ones, the archive


async def test_the_guide_gives_every_queue_to_one_of_two_workers(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    house = make_house(database_urls, tmp_path)
    lines = re.findall(r"^ARMARIUM_WORKER_QUEUES=(\S+)", GUIDE.read_text(), re.MULTILINE)
    photos, rest = (tuple(line.split(",")) for line in lines)
    assert photos == PHOTO_QUEUES
    assert sorted(photos + rest) == sorted(house.get(Flows).queues)
    await house.stop()


async def until_ready(person: AsyncClient, media_id: str) -> None:
    for _ in range(400):
        if (await person.get(f"/api/v1/media/{media_id}")).json()["status"] == "ready":
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("the worker makes no thumbnails")


def names(cloud: Cloud) -> list[str]:
    listed = cloud.client("s3").list_objects_v2(Bucket=BUCKET)
    return [each["Key"] for each in listed["Contents"]]
