"""Quotas: what a space may hold, held even when two uploads arrive at once."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.spaces import ModelCall, QuotaExceeded, Quotas
from armarium.kit.ids import new_id
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import make_house, register, running_app
from tests.support.pictures import picture

ITEM = {"kind": "generic", "title": "A thing"}


async def used(client: AsyncClient, space: object) -> dict[str, tuple[int, int]]:
    answer = await client.get(f"/api/v1/spaces/{space}/usage")
    assert answer.status_code == 200, answer.text
    return {each["resource"]: (each["used"], each["limit"]) for each in answer.json()}


async def upload(client: AsyncClient, data: bytes) -> Any:
    return await client.post("/api/v1/media", files={"file": ("a.jpg", data, "image/jpeg")})


async def test_without_a_bound_use_is_shown_and_nothing_refused(app: FastAPI) -> None:
    ada = await register(app)
    photo = picture(8, 8)
    assert (await upload(ada.client, photo)).is_success
    assert (await ada.client.post("/api/v1/items", json=ITEM)).status_code == 201
    assert await used(ada.client, ada.id) == {
        "storage_bytes": (len(photo), 0),
        "items": (1, 0),
        "model_calls": (0, 0),
    }


async def test_a_bound_on_items_says_what_is_allowed_and_what_helps(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    house = make_house(database_urls, tmp_path, quotas={"items": 2})
    async with running_app(house) as app:
        ada = await register(app)
        codes = [(await ada.client.post("/api/v1/items", json=ITEM)).status_code for _ in range(2)]
        assert codes == [201, 201]
        refused = await ada.client.post("/api/v1/items", json=ITEM)
        assert (refused.status_code, refused.json()["code"]) == (413, "quota_exceeded")
        assert refused.json()["limit"] == 2
        assert "empty the trash" in refused.json()["detail"]
        assert (await used(ada.client, ada.id))["items"] == (2, 2)


async def test_two_uploads_at_once_do_not_slip_through_together(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    pictures = [picture(60 + n, 40) for n in range(8)]
    room = len(pictures[0]) + len(pictures[1]) + 200
    house = make_house(database_urls, tmp_path, quotas={"storage_bytes": room})
    async with running_app(house) as app:
        ada = await register(app)
        answers = await asyncio.gather(*(upload(ada.client, each) for each in pictures))
        codes = sorted(answer.status_code for answer in answers)
        assert codes.count(413) >= 6
        assert set(codes) <= {200, 201, 202, 413}
        assert (await used(ada.client, ada.id))["storage_bytes"][0] <= room
        ticket = {"filename": "a.jpg", "content_type": "image/jpeg", "size": room}
        refused = await ada.client.post("/api/v1/uploads/presign", json=ticket)
        assert refused.json()["code"] == "quota_exceeded"
        # The same bytes again take no room.
        kept = next(n for n, answer in enumerate(answers) if answer.is_success)
        assert (await upload(ada.client, pictures[kept])).is_success


async def test_an_administrator_sets_a_space_apart(app: FastAPI, house: House) -> None:
    owner, ada, eve = await register(app), await register(app), await register(app)
    path = f"/api/v1/admin/spaces/{ada.id}/quota"
    changed = await owner.client.put(path, json={"items": 1, "storage_bytes": 0})
    assert changed.status_code == 200, changed.text
    assert {each["resource"]: each["limit"] for each in changed.json()} == {
        "storage_bytes": 0,
        "items": 1,
        "model_calls": 0,
    }
    assert (await ada.client.post("/api/v1/items", json=ITEM)).status_code == 201
    assert (await ada.client.post("/api/v1/items", json=ITEM)).status_code == 413
    assert (await eve.client.post("/api/v1/items", json=ITEM)).status_code == 201
    assert [each["is_own"] for each in changed.json()] == [True, True, False]
    assert (await owner.client.put(path, json={})).json()[1] == {
        "resource": "items",
        "used": 1,
        "limit": 0,
        "is_own": False,
    }
    assert (await ada.client.post("/api/v1/items", json=ITEM)).status_code == 201
    entries = (await owner.client.get("/api/v1/admin/audit?action=admin.quota_changed")).json()
    assert [entry["detail"]["items"] for entry in entries] == [[1, None], [None, 1]]
    nowhere = f"/api/v1/admin/spaces/{new_id()}/quota"
    assert (await owner.client.put(nowhere, json={})).json()["code"] == "no_such_space"
    for request in (ada.client.put(path, json={}), ada.client.get(path)):
        assert (await request).json()["code"] == "missing_permission"
    assert (await eve.client.get(f"/api/v1/spaces/{ada.id}/usage")).status_code == 404


async def test_paid_calls_are_a_persons_of_a_month(
    database_urls: DatabaseUrls, tmp_path: Path, time_machine: Any
) -> None:
    house = make_house(database_urls, tmp_path, quotas={"model_calls": 2})
    async with running_app(house) as app:
        ada, eve = await register(app), await register(app)
        quotas = house.get(Quotas)

        def call(source: str) -> ModelCall:
            return ModelCall("somebody", "large", "grading", source)

        await quotas.charge(ada.id, ada.id, call("job:1"))
        # A step that runs again is paid once.
        await quotas.charge(ada.id, ada.id, call("job:1"))
        # In another space it is still the same person.
        await quotas.charge(eve.id, ada.id, call("job:2"))
        with pytest.raises(QuotaExceeded, match="next month"):
            await quotas.charge(ada.id, ada.id, call("job:3"))
        await quotas.charge(eve.id, eve.id, call("job:4"))
        assert (await used(ada.client, ada.id))["model_calls"] == (2, 2)
        assert (await used(eve.client, eve.id))["model_calls"] == (1, 2)
