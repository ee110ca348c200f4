"""A house whose eyes are scripted, with a worker in the test's own loop and a small catalogue."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from httpx2 import AsyncClient

from armarium.entry.house import House
from armarium.entry.wiring import build
from armarium.features.catalogue import CatalogueImporter, ImportOptions
from armarium.platform.events import Events
from armarium.platform.workflows import Flows
from tests.support.api import cheap
from tests.support.eyes import Eyes
from tests.support.workflows import RunningWorker, running_worker

CARDS = ("Alakazam", "Blastoise", "Chansey", "Charizard", "Clefairy", "Gyarados")


@dataclass
class Studio:
    """What a test of scanning holds."""

    client: AsyncClient
    eyes: Eyes
    worker: RunningWorker
    house: House

    async def scan(self, *photos: bytes, **form: str) -> dict[str, Any]:
        """Upload, wait, and load the scan."""
        files = [("files", (f"{n}.jpg", photo, "image/jpeg")) for n, photo in enumerate(photos)]
        answer = await self.client.post("/api/v1/scans", files=files, data=form)
        assert answer.status_code == 202, answer.text
        return await self.until(
            f"/scans/{answer.json()['id']}", lambda scan: scan["status"] in {"done", "failed"}
        )

    async def read(self, detection_id: str) -> dict[str, Any]:
        """Wait until a detection that was cut anew is read."""
        return await self.until(
            f"/detections/{detection_id}", lambda detection: detection["state"] != "pending"
        )

    async def until(self, path: str, arrived: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Load again until it is so."""
        with anyio.fail_after(20):
            while not arrived(found := await self.get(path)):  # noqa: ASYNC110 - HTTP has no bell
                await anyio.sleep(0.02)
        return found

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = await self.client.post(f"/api/v1{path}", json=body or {})
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
def house(settings, database_urls, eyes) -> House:
    return cheap(build(settings, database_urls, vision=eyes, reader=eyes))


@pytest.fixture
async def studio(
    app: Any,
    house: House,
    eyes: Eyes,
    sign_in: Callable[..., Awaitable[AsyncClient]],
    tmp_path: Path,
) -> AsyncIterator[Studio]:
    await import_cards(house, tmp_path)
    client = await sign_in()
    async with running_worker(
        house.urls, house.get(Flows), house.database, events=house.get(Events)
    ) as worker:
        yield Studio(client, eyes, worker, house)


async def import_cards(house: House, folder: Path, *names: str) -> None:
    """Cards of one set, in the source's own format; six of them, and those named besides."""
    file = folder / "cards.jsonl"
    lines = [
        json.dumps(
            {
                "id": f"base1-{n}",
                "localId": str(n),
                "serie": "Base",
                "set": {
                    "id": "base1",
                    "name": {"en": "Base Set"},
                    "releaseDate": "1999-01-09",
                    "cardCount": {"official": 102},
                },
                "name": {"en": name},
                "rarity": "Rare",
                "category": "Pokemon",
            }
        )
        for n, name in enumerate((*CARDS, *names), 1)
    ]
    file.write_text("\n".join(lines))
    await house.get(CatalogueImporter).run(ImportOptions(path=file, format="tcgdex", slug="cards"))
