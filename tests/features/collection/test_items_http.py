"""Items at the HTTP door: make, read, change, put away, bring back."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from tests.support.items import CHARIZARD, EMMA, WAVE, add_item, titles

SignIn = Callable[..., Awaitable[AsyncClient]]


async def said(house: House, client: AsyncClient) -> list[str]:
    space = (await client.get("/api/v1/me")).json()["space_id"]
    async with house.database.transaction(Scope(spaces=(space,))) as session:
        rows = await session.execute(text("select type from events order by id"))
        return [row.type for row in rows if row.type.startswith("Item")]


def problems(answer: Any) -> dict[str, str]:
    """Code by pointer."""
    return {each["pointer"]: each["code"] for each in answer.json()["errors"]}


class TestCreate:
    async def test_a_new_persons_list_is_empty(self, person: AsyncClient) -> None:
        for path in ("items", "cards", "books", "artworks"):
            answer = await person.get(f"/api/v1/{path}")
            assert (answer.status_code, answer.json()) == (200, [])
            assert "link" not in answer.headers

    async def test_the_least_is_kind_and_title(self, person: AsyncClient) -> None:
        answer = await person.post("/api/v1/items", json={"kind": "generic", "title": "A coin"})
        item = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/api/v1/items/{item['id']}"
        assert answer.headers["etag"] == 'W/"1"'
        assert (item["status"], item["quantity"], item["fields"]) == (
            "on_hand",
            1,
            {"name": "A coin"},
        )

    @pytest.mark.parametrize("path", ["items", "cards", "books", "artworks"])
    async def test_a_collection_that_is_not_there_is_named_as_documented(
        self, person: AsyncClient, path: str
    ) -> None:
        """The reference said nothing of 404 here."""
        body = {"title": "A coin", "collections": [str(new_id())]}
        kind = {"kind": "generic"} if path == "items" else {}
        answer = await person.post(f"/api/v1/{path}", json=body | kind)
        assert (answer.status_code, problems(answer)) == (
            404,
            {"/collections": "no_such_collection"},
        )
        document = (await person.get("/api/openapi.json")).json()
        assert "404" in document["paths"][f"/api/v1/{path}"]["post"]["responses"]

    async def test_everything_at_once(self, person: AsyncClient) -> None:
        entry = str(new_id())
        body = {
            **EMMA,
            "status": "IN_TRANSIT",
            "notes": "Spine cracked.\x00",
            "quantity": 2,
            "catalogue_entry_id": entry,
            "identifiers": [{"scheme": "Dealer Ref", "value": "A 12"}],
            "tags": ["To  read", "to read", "Gift"],
        }
        item = (await person.post("/api/v1/items", json=body)).json()
        assert item["status"] == "in_transit"
        assert item["title"] == "Emma"
        assert item["subtitle"] == "Jane Austen · John Murray · MDCCCXVI"
        assert item["derived"]["year"] == {
            "first": 1816,
            "last": 1816,
            "circa": False,
            "era": "romantic",
        }
        assert item["notes"] == "Spine cracked."
        assert item["tags"] == ["To read", "Gift"]
        assert item["identifiers"] == [{"scheme": "dealer_ref", "value": "A 12", "derived": False}]
        assert item["links"]["catalogue_entry"] == f"/api/v1/catalogue/entries/{entry}"
        again = await person.get(f"/api/v1/books/{item['id']}")
        assert again.json() == item

    async def test_the_title_comes_from_the_fields(self, person: AsyncClient) -> None:
        body = {"kind": "book", "fields": {"title": "Emma", "subtitle": "A Novel"}}
        assert (await add_item(person, body))["title"] == "Emma: A Novel"
        nothing = await person.post("/api/v1/items", json={"kind": "book", "fields": {}})
        assert (nothing.status_code, problems(nothing)) == (422, {"/title": "invalid_item"})

    async def test_identifiers_follow_from_fields(self, person: AsyncClient) -> None:
        item = await add_item(person, CHARIZARD)
        assert item["identifiers"] == [
            {"scheme": "set_number", "value": "base1:4", "derived": True}
        ]

    async def test_a_kinds_own_path_implies_the_kind(self, person: AsyncClient) -> None:
        body = {"title": "Emma", "fields": {}}
        item = (await person.post("/api/v1/books", json=body)).json()
        assert item["kind"] == "book"
        assert (await person.get(f"/api/v1/cards/{item['id']}")).status_code == 404
        assert (await person.delete(f"/api/v1/cards/{item['id']}")).status_code == 404
        assert (await person.get(f"/api/v1/items/{item['id']}")).status_code == 200
        wrong = await person.post("/api/v1/books", json={**body, "kind": "card"})
        assert (wrong.status_code, problems(wrong)) == (422, {"/kind": "invalid_item"})
        assert len((await person.get("/api/v1/books")).json()) == 1
        assert (await person.get("/api/v1/cards")).json() == []

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"kind": None}, {"/kind": "invalid_item"}),
            ({"kind": "spoon"}, {"/kind": "invalid_item"}),
            ({"status": "eaten"}, {"/status": "invalid_item"}),
            ({"title": "x" * 501}, {"/title": "invalid_item"}),
            ({"tags": ["x" * 61]}, {"/tags": "invalid_item"}),
            ({"identifiers": [{"scheme": "!", "value": "1"}]}, {"/identifiers": "invalid_item"}),
            ({"own_fields": {"box": 1}}, {"/own_fields/box": "unknown_field"}),
            (
                {"fields": {"year": "soon", "number": "4/102", "spoon": 1, "grade": 11}},
                {
                    "/fields/year": "not_a_year",
                    "/fields/spoon": "unknown_field",
                    "/fields/grade": "out_of_range",
                },
            ),
        ],
    )
    async def test_every_bad_value_is_named(
        self, person: AsyncClient, change: dict[str, Any], expected: dict[str, str]
    ) -> None:
        answer = await person.post("/api/v1/items", json={**CHARIZARD, **change})
        assert answer.status_code == 422, answer.text
        assert problems(answer) == expected

    @pytest.mark.parametrize("field", ["quantity", "tags", "fields", "notes"])
    async def test_shapes_are_checked(self, person: AsyncClient, field: str) -> None:
        answer = await person.post("/api/v1/items", json={**CHARIZARD, field: {"a": [1]}})
        assert answer.status_code == 422
        zero = await person.post("/api/v1/items", json={**CHARIZARD, "quantity": 0})
        assert zero.status_code == 422

    async def test_the_same_key_makes_one_item(self, person: AsyncClient) -> None:
        key = {"Idempotency-Key": "once"}
        one = await person.post("/api/v1/items", json=CHARIZARD, headers=key)
        two = await person.post("/api/v1/items", json=CHARIZARD, headers=key)
        assert one.json()["id"] == two.json()["id"]
        assert len(await titles(person)) == 1


class TestChange:
    async def test_patch_changes_only_what_is_sent(self, person: AsyncClient, house: House) -> None:
        item = await add_item(person, CHARIZARD, tags=["a"], notes="n")
        path = f"/api/v1/items/{item['id']}"
        answer = await person.patch(path, json={"fields": {"rarity": None, "finish": "holo"}})
        changed = answer.json()
        assert "rarity" not in changed["fields"]
        assert changed["fields"]["set_name"] == "Base Set"
        assert (changed["tags"], changed["notes"], changed["version"]) == (["a"], "n", 2)
        assert answer.headers["etag"] == 'W/"2"'
        await person.patch(path, json={"tags": [], "quantity": 3, "status": "Sold"})
        final = (await person.get(path)).json()
        assert (final["tags"], final["quantity"], final["status"]) == ([], 3, "sold")
        assert await said(house, person) == ["ItemCreated", "ItemUpdated", "ItemUpdated"]

    async def test_a_patch_that_changes_nothing_is_no_version(
        self, person: AsyncClient, house: House
    ) -> None:
        item = await add_item(person, CHARIZARD)
        answer = await person.patch(
            f"/api/v1/items/{item['id']}", json={"status": "ON_HAND", "fields": {"number": "4/102"}}
        )
        assert answer.json()["version"] == 1
        assert await said(house, person) == ["ItemCreated"]

    async def test_put_replaces_all(self, person: AsyncClient) -> None:
        item = await add_item(person, CHARIZARD, tags=["a"], notes="n", status="sold")
        body = {"title": "Blastoise", "fields": {"number": "2/102"}}
        put = (await person.put(f"/api/v1/cards/{item['id']}", json=body)).json()
        assert put["fields"] == {"name": "Blastoise", "number": "2/102"}
        assert (put["tags"], put["notes"], put["status"]) == ([], "", "on_hand")
        assert (put["kind"], put["identifiers"]) == ("card", [])

    async def test_a_title_made_by_the_template_follows_until_one_is_written(
        self, person: AsyncClient
    ) -> None:
        item = await add_item(person, {"kind": "book", "fields": {"title": "Ema"}})
        path = f"/api/v1/books/{item['id']}"
        patched = await person.patch(path, json={"fields": {"title": "Emma"}})
        assert patched.json()["title"] == "Emma"
        renamed = (await person.patch(path, json={"title": "Persuasion"})).json()
        assert renamed["fields"]["title"] == "Persuasion", "the field agrees with the title"
        await person.patch(path, json={"fields": {"subtitle": "A Novel"}})
        written = (await person.patch(path, json={"title": "My Persuasion"})).json()
        assert written["title"] == "My Persuasion"
        kept = (await person.patch(path, json={"fields": {"title": "Sanditon"}})).json()
        assert kept["title"] == "My Persuasion"
        cleared = (await person.patch(path, json={"title": None})).json()
        assert cleared["title"] == "Sanditon: A Novel"

    @pytest.mark.parametrize("path", ["items", "books"])
    @pytest.mark.parametrize("status", ["IN_TRANSIT", "on_hand", "In transit"])
    async def test_status(self, person: AsyncClient, path: str, status: str) -> None:
        item = await add_item(person, EMMA, status="wanted")
        answer = await person.patch(f"/api/v1/{path}/{item['id']}/status", json={"status": status})
        assert answer.json()["status"] == status.lower().replace(" ", "_")

    async def test_two_editors_do_not_overwrite_each_other(self, person: AsyncClient) -> None:
        item = await add_item(person, EMMA)
        path, stale = f"/api/v1/items/{item['id']}", {"If-Match": 'W/"1"'}
        assert (await person.patch(path, json={"notes": "a"}, headers=stale)).status_code == 200
        for refused in (
            await person.patch(path, json={"notes": "b"}, headers=stale),
            await person.put(path, json={"title": "b"}, headers=stale),
            await person.patch(f"{path}/status", json={"status": "sold"}, headers=stale),
            await person.delete(path, headers=stale),
        ):
            assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
        assert (await person.get(path)).json()["notes"] == "a"

    async def test_history_tells_what_was_done(self, person: AsyncClient) -> None:
        item = await add_item(person, EMMA)
        path = f"/api/v1/books/{item['id']}"
        await person.patch(path, json={"fields": {"year": "1817"}, "tags": ["x"]})
        await person.delete(path)
        await person.post(f"{path}/restore")
        history = (await person.get(f"{path}/history")).json()
        assert [each["action"] for each in history] == [
            "restored",
            "trashed",
            "updated",
            "created",
        ]
        assert history[2]["changes"] == [
            {"field": "fields.year", "before": "MDCCCXVI", "after": "1817"},
            {"field": "tags", "before": [], "after": ["x"]},
        ]
        assert history[2]["actor"] == (await person.get("/api/v1/me")).json()["id"]


class TestTrash:
    async def test_there_and_back(self, person: AsyncClient, house: House) -> None:
        item = await add_item(person, WAVE, tags=["x"])
        path = f"/api/v1/artworks/{item['id']}"
        assert (await person.delete(path)).status_code == 204
        assert (await person.delete(path)).status_code == 204
        assert await titles(person) == []
        assert await titles(person, trashed=True) == ["The Great Wave"]
        shown = (await person.get(path)).json()
        assert shown["deleted_at"] is not None
        refused = await person.patch(path, json={"notes": "x"})
        assert (refused.status_code, refused.json()["code"]) == (409, "item_in_trash")
        back = (await person.post(f"{path}/restore")).json()
        assert back["deleted_at"] is None
        assert {**back, "version": 0, "updated_at": ""} == {
            **item,
            "version": 0,
            "updated_at": "",
        }
        assert await titles(person, tag="X") == ["The Great Wave"]
        assert await said(house, person) == ["ItemCreated", "ItemTrashed", "ItemRestored"]

    async def test_only_the_trash_is_removed_for_good(
        self, person: AsyncClient, house: House
    ) -> None:
        item = await add_item(person, WAVE)
        path = f"/api/v1/items/{item['id']}"
        refused = await person.delete(path, params={"permanently": True})
        assert (refused.status_code, refused.json()["code"]) == (409, "item_not_in_trash")
        await person.delete(path)
        gone = await person.delete(path, params={"permanently": True})
        assert gone.status_code == 204
        assert (await person.get(path)).status_code == 404
        assert (await person.post(f"{path}/restore")).status_code == 404
        assert (await said(house, person))[-1] == "ItemRemoved"

    async def test_emptying(self, person: AsyncClient) -> None:
        kept = await add_item(person, EMMA)
        for _ in range(3):
            item = await add_item(person, WAVE)
            await person.delete(f"/api/v1/items/{item['id']}")
        answer = await person.post("/api/v1/items/trash/empty")
        assert answer.json() == {"removed": 3}
        assert await titles(person, trashed=True) == []
        assert (await person.get(f"/api/v1/items/{kept['id']}")).status_code == 200


class TestSearchIndex:
    async def test_an_item_is_found_at_once_and_not_after_the_trash(
        self, person: AsyncClient, house: House
    ) -> None:
        async def found() -> int:
            space = (await person.get("/api/v1/me")).json()["space_id"]
            async with house.database.transaction(Scope(spaces=(space,))) as session:
                count = await session.execute(text("select count(*) from search_document"))
                return count.scalar_one()

        item = await add_item(person, EMMA)
        assert await found() == 1
        await person.delete(f"/api/v1/items/{item['id']}")
        assert await found() == 0
        await person.post(f"/api/v1/items/{item['id']}/restore")
        assert await found() == 1


class TestStats:
    async def test_counts_follow_every_change(self, person: AsyncClient) -> None:
        one = await add_item(person, EMMA, status="wanted")
        await add_item(person, CHARIZARD)
        stats = (await person.get("/api/v1/items/stats")).json()
        assert (stats["total"], stats["owned"], stats["added_7d"]) == (2, 1, 2)
        assert stats["by_kind"] == {"book": 1, "card": 1}
        assert stats["by_status"] == {"wanted": 1, "on_hand": 1}
        assert sum(stats["by_month"].values()) == 2
        await person.patch(f"/api/v1/items/{one['id']}/status", json={"status": "on_hand"})
        await person.delete(f"/api/v1/items/{one['id']}")
        for _ in range(50):
            stats = (await person.get("/api/v1/items/stats")).json()
            if stats["total"] == 1:
                break
        assert (stats["total"], stats["by_kind"]) == (1, {"card": 1})


class TestHostile:
    @pytest.mark.parametrize(
        "script", ["<script>alert(1)</script>", "'; drop table items; --", "{{7*7}}", "\u202eevil"]
    )
    async def test_scripts_are_only_text(self, person: AsyncClient, script: str) -> None:
        body = {
            "kind": "card",
            "title": script,
            "fields": {"set_name": script, "notes": script},
            "notes": script,
            "tags": [script],
            "identifiers": [{"scheme": "x", "value": script}],
        }
        item = await add_item(person, body)
        assert item["title"] == item["notes"] == item["fields"]["set_name"] == script
        assert item["tags"] == [script]
        answer = await person.get(f"/api/v1/items/{item['id']}")
        assert answer.headers["content-type"] == "application/json"
        assert await titles(person, tag=script) == [script]

    async def test_anothers_ids_lead_nowhere(self, person: AsyncClient, sign_in: SignIn) -> None:
        stranger = await sign_in()
        item = await add_item(person, EMMA)
        path = f"/api/v1/items/{item['id']}"
        for answer in (
            await stranger.get(path),
            await stranger.put(path, json={"title": "x"}),
            await stranger.patch(path, json={"title": "x"}),
            await stranger.patch(f"{path}/status", json={"status": "sold"}),
            await stranger.delete(path),
            await stranger.post(f"{path}/restore"),
            await stranger.get(f"{path}/history"),
            await stranger.put(f"{path}/images/order", json=[]),
        ):
            assert answer.status_code == 404, answer.text
        bulk = {"ids": [item["id"]], "action": "trash"}
        answer = await stranger.post("/api/v1/items/bulk", json=bulk)
        assert answer.json() == {"changed": 0, "missing": [item["id"]]}
        assert (await person.get(path)).json() == item
        assert await titles(stranger) == []
        assert (await stranger.get("/api/v1/items/stats")).json()["total"] == 0

    async def test_json_that_is_not_json(self, person: AsyncClient) -> None:
        for content in (b"{", b'{"kind": "card", "title": "\\ud800"}', b"[]", b"\xff"):
            answer = await person.post(
                "/api/v1/items", content=content, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code in {400, 422}, answer.text
