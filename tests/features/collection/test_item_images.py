"""Pictures of items: sent, attached, ordered, taken away; several items at once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.media import MediaKeeper
from armarium.kit.ids import new_id
from tests.support import pictures
from tests.support.items import CHARIZARD, EMMA, WAVE, add_item, titles
from tests.support.media import presign, send_picture

SignIn = Callable[..., Awaitable[AsyncClient]]

STRANGER = UUID("019f2a51-7c1e-7d43-b1a5-5d2a4c0f9e11")
"""An id of nobody; fixed, since parallel test processes must agree on the names of tests."""


def roles(item: dict[str, Any]) -> list[str]:
    return [image["role"] for image in item["images"]]


def ids(item: dict[str, Any]) -> list[str]:
    return [image["media_id"] for image in item["images"]]


class TestImages:
    async def test_send_pictures_to_an_item(self, person: AsyncClient) -> None:
        item = await add_item(person, EMMA)
        path = f"/api/v1/books/{item['id']}/images"
        files = [("files", (f"{at}.jpg", pictures.picture(60 + at, 40))) for at in range(2)]
        answer = await person.post(path, files=files, data={"role": "Title page"})
        assert answer.status_code == 201, answer.text
        shown = answer.json()
        assert (roles(shown), shown["version"]) == (["title_page", "title_page"], 2)
        assert [image["position"] for image in shown["images"]] == [0, 1]
        assert shown["cover"] == shown["images"][0]
        assert (shown["cover"]["width"], shown["cover"]["height"]) == (60, 40)
        got = await person.get(shown["images"][1]["urls"]["original"])
        assert got.status_code == 200
        (row,) = (await person.get("/api/v1/books")).json()
        assert (row["cover"]["media_id"], row["image_count"]) == (ids(shown)[0], 2)

    async def test_attach_what_was_sent_before(self, person: AsyncClient) -> None:
        media = await send_picture(person)
        image = {"media_id": media["id"], "role": "FRONT"}
        item = await add_item(person, EMMA, images=[image])
        assert (ids(item), roles(item)) == ([media["id"]], ["front"])
        again = await person.post(
            f"/api/v1/items/{item['id']}/images", data={"media_id": media["id"]}
        )
        assert (ids(again.json()), again.json()["version"]) == ([media["id"]], 1)

    async def test_order_role_and_removal(self, person: AsyncClient) -> None:
        sent = [(await send_picture(person))["id"] for _ in range(3)]
        item = await add_item(person, EMMA, images=[{"media_id": each} for each in sent])
        path = f"/api/v1/items/{item['id']}/images"
        moved = (await person.put(f"{path}/order", json=[sent[2]])).json()
        assert ids(moved) == [sent[2], sent[0], sent[1]]
        assert moved["cover"]["media_id"] == sent[2]
        same = (await person.put(f"{path}/order", json=[sent[2], sent[0]])).json()
        assert same["version"] == moved["version"]
        named = (await person.patch(f"{path}/{sent[0]}", json={"role": "spine"})).json()
        assert roles(named) == ["other", "spine", "other"]
        less = (await person.delete(f"{path}/{sent[2]}")).json()
        assert ids(less) == [sent[0], sent[1]]
        assert (await person.delete(f"{path}/{sent[2]}")).json()["version"] == less["version"]

    @pytest.mark.parametrize(
        ("verb", "below", "body", "code"),
        [
            ("PUT", "/order", [str(STRANGER)], "invalid_item"),
            ("PATCH", f"/{STRANGER}", {"role": "spine"}, "item_not_found"),
        ],
    )
    async def test_strangers_among_pictures(
        self, person: AsyncClient, verb: str, below: str, body: Any, code: str
    ) -> None:
        item = await add_item(person, EMMA)
        path = f"/api/v1/items/{item['id']}/images{below}"
        answer = await person.request(verb, path, json=body)
        assert answer.json()["code"] == code

    async def test_what_is_no_picture_or_no_role(self, person: AsyncClient) -> None:
        item = await add_item(person, EMMA)
        path = f"/api/v1/items/{item['id']}/images"
        svg = await person.post(path, files={"files": ("a.jpg", pictures.SVG, "image/jpeg")})
        assert (svg.status_code, svg.json()["code"]) == (415, "unsupported_image")
        nothing = await person.post(path, data={"role": "front"})
        assert (nothing.status_code, nothing.json()["code"]) == (422, "invalid_item")
        media = await send_picture(person)
        wrong = await person.post(path, data={"media_id": media["id"], "role": "<script>"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/role")
        assert ids((await person.get(f"/api/v1/items/{item['id']}")).json()) == []

    async def test_anothers_picture_can_not_be_attached(
        self, person: AsyncClient, sign_in: SignIn
    ) -> None:
        stranger = await sign_in()
        theirs = (await send_picture(stranger))["id"]
        body = {**EMMA, "images": [{"media_id": theirs}]}
        made = await person.post("/api/v1/items", json=body)
        assert (made.status_code, made.json()["code"]) == (404, "media_not_found")
        item = await add_item(person, EMMA)
        answer = await person.post(f"/api/v1/items/{item['id']}/images", data={"media_id": theirs})
        assert answer.status_code == 404
        assert await titles(person) == ["Emma"], "the refused one left nothing behind"

    async def test_a_picture_without_bytes_can_not_be_attached(self, person: AsyncClient) -> None:
        waiting = await presign(person)
        body = {**EMMA, "images": [{"media_id": waiting["id"]}]}
        assert (await person.post("/api/v1/items", json=body)).status_code == 404

    async def test_pictures_live_as_long_as_something_shows_them(
        self, person: AsyncClient, house: House
    ) -> None:
        space = UUID((await person.get("/api/v1/me")).json()["space_id"])
        media = await send_picture(person)
        image = [{"media_id": media["id"]}]
        one, two = [await add_item(person, EMMA, images=image) for _ in range(2)]
        refused = await person.delete(f"/api/v1/media/{media['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "media_in_use")

        async def left_after(days: int) -> bool:
            with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
                await house.get(MediaKeeper).sweep(space)
            return (await person.get(f"/api/v1/media/{media['id']}")).is_success

        await person.delete(f"/api/v1/items/{one['id']}/images/{media['id']}")
        await person.delete(f"/api/v1/items/{two['id']}")
        assert await left_after(3), "an item in the trash keeps its pictures"
        await person.delete(f"/api/v1/items/{two['id']}", params={"permanently": True})
        assert not await left_after(3)


class TestBulk:
    async def three(self, person: AsyncClient) -> list[str]:
        return [(await add_item(person, body))["id"] for body in (CHARIZARD, EMMA, WAVE)]

    async def bulk(self, person: AsyncClient, **body: Any) -> Any:
        return await person.post("/api/v1/items/bulk", json=body)

    async def test_status_tags_trash_restore(self, person: AsyncClient) -> None:
        chosen, missing = await self.three(person), str(new_id())
        answer = await self.bulk(person, ids=[*chosen, missing], action="set_status", status="SOLD")
        assert answer.json() == {"changed": 3, "missing": [missing]}
        assert len(await titles(person, status="sold")) == 3
        await self.bulk(person, ids=chosen, action="tag", add_tags=["Box 1", "x"])
        await self.bulk(person, ids=chosen[:1], action="tag", remove_tags=["BOX 1"], add_tags=["y"])
        assert len(await titles(person, tag="box 1")) == 2
        assert await titles(person, tag="y") == ["Charizard"]
        assert (await self.bulk(person, ids=chosen, action="trash")).json()["changed"] == 3
        assert await titles(person) == []
        again = await self.bulk(person, ids=chosen, action="trash")
        assert again.json() == {"changed": 0, "missing": chosen}
        assert (await self.bulk(person, ids=chosen[1:], action="restore")).json()["changed"] == 2
        assert len(await titles(person)) == 2

    async def test_a_change_of_fields_is_all_or_nothing(self, person: AsyncClient) -> None:
        chosen = await self.three(person)
        notes = {"notes": "insured", "quantity": 2}
        done = await self.bulk(person, ids=chosen, action="change", change=notes)
        assert done.json()["changed"] == 3
        only_cards = {"fields": {"rarity": "Common"}}
        refused = await self.bulk(person, ids=chosen, action="change", change=only_cards)
        assert refused.status_code == 422
        rows = (await person.get("/api/v1/items")).json()
        assert [row["version"] for row in rows] == [2, 2, 2]
        assert {row["notes"] for row in rows} == {"insured"}

    @pytest.mark.parametrize(
        "body",
        [
            {"ids": [], "action": "trash"},
            {"ids": [str(STRANGER)], "action": "explode"},
            {"ids": [str(STRANGER)], "action": "set_status"},
            {"ids": [str(STRANGER)], "action": "change"},
            {"ids": [str(STRANGER) for _ in range(501)], "action": "trash"},
        ],
    )
    async def test_what_can_not_be_done(self, person: AsyncClient, body: dict[str, Any]) -> None:
        assert (await self.bulk(person, **body)).status_code == 422
