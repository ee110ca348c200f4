"""What things cost, and every way by which somebody who may not see it might learn it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.description import operations
from armarium.kinds import FieldType
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"
AMOUNT, FEES = 918_273_645, 192_837
SOURCE = "Quaritch of Grafton Street"
SENTINELS = (str(AMOUNT), "9182736.45", "9,182,736.45", str(FEES), SOURCE)
COST = {
    "amount_minor": AMOUNT,
    "currency": "GBP",
    "fees_minor": FEES,
    "acquired_on": "2026-03-02",
    "source": SOURCE,
}
PLACEHOLDER = re.compile(r"\{(\w+)(?::\w+)?\}")
ENDLESS = {f"{V1}/events"}


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as made:
        yield made


async def add(client: AsyncClient, title: str, **more: Any) -> dict[str, Any]:
    made = await client.post(f"{V1}/items", json={"kind": "book", "title": title, **more})
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_cost_is_kept_changed_and_taken_away(home: Household) -> None:
    item = await add(home.as_editor, "Aurora", cost=COST)
    assert item["cost"] == COST
    path = f"{V1}/items/{item['id']}"
    changed = await home.as_editor.patch(path, json={"title": "Aurora Leigh"})
    assert changed.json()["cost"] == COST
    replaced = await home.as_editor.put(path, json={"title": "Aurora"})
    assert replaced.json()["cost"] == COST, "what was not sent stays: not everyone sees it"
    lower = {"amount_minor": 100, "currency": "eur"}
    cheaper = await home.as_editor.patch(path, json={"cost": lower})
    assert cheaper.json()["cost"] == {
        "amount_minor": 100,
        "currency": "EUR",
        "fees_minor": 0,
        "acquired_on": None,
        "source": "",
    }
    assert cheaper.json()["version"] == replaced.json()["version"] + 1
    same = await home.as_editor.patch(path, json={"cost": lower | {"currency": "EUR"}})
    assert same.json()["version"] == cheaper.json()["version"]
    gone = await home.as_editor.patch(path, json={"cost": None})
    assert gone.json()["cost"] is None
    for bad in ({"amount_minor": -1, "currency": "EUR"}, {"amount_minor": 1, "currency": "E1R"}):
        refused = await home.as_editor.patch(path, json={"cost": bad})
        assert refused.status_code == 422


async def test_lists_sort_and_filter_by_cost(home: Household) -> None:
    for title, amount, currency in (("A", 300, "EUR"), ("B", 100, "EUR"), ("C", 200, "GBP")):
        await add(home.as_editor, title, cost={"amount_minor": amount, "currency": currency})
    await add(home.as_editor, "D")

    async def titles(query: str) -> str:
        answer = await home.as_owner.get(f"{V1}/items?{query}")
        assert answer.status_code == 200, answer.text
        return "".join(each["title"] for each in answer.json())

    assert await titles("sort=cost") == "BACD"
    assert await titles("sort=-cost") == "ABCD"
    first = await home.as_owner.get(f"{V1}/items?sort=cost&limit=2")
    following = re.search("<(.+)>", first.headers["link"])
    assert following is not None
    assert [e["title"] for e in (await home.as_owner.get(following[1])).json()] == ["C", "D"]
    assert await titles("sort=title&cost_currency=EUR&cost_min=200") == "A"
    assert await titles("sort=title&cost_currency=EUR&cost_max=300") == "AB"
    missing = await home.as_owner.get(f"{V1}/items?cost_min=200")
    assert missing.json()["code"] == "bad_filter"
    exported = (await home.as_owner.get(f"{V1}/export/csv")).text
    assert "cost,fees,cost_currency,acquired_on,cost_source" in exported.splitlines()[0]


async def walk(app: FastAPI, client: AsyncClient, ids: dict[str, str]) -> int:
    """Every GET of the contract, with ids of things there are; how many answered."""
    answered = 0
    for method, path, _operation in operations(app.openapi()):
        if method != "GET" or path in ENDLESS:
            continue
        filled = PLACEHOLDER.sub(lambda found: ids.get(found[1], ids["item_id"]), path)
        for query in ("", "?q=aurora&limit=200&facets=true", "?sort=-cost", "?sort=cost&limit=1"):
            answer = await client.get(filled + query)
            answered += answer.status_code == 200
            for sentinel in SENTINELS:
                assert sentinel not in answer.text, f"{path}{query} tells {sentinel}"
                assert sentinel not in str(answer.headers), f"{path}{query} tells {sentinel}"
    return answered


async def test_no_way_out_tells_a_viewer_what_things_cost(app: FastAPI, home: Household) -> None:
    shelf = (await home.as_owner.post(f"{V1}/collections", json={"name": "Verse"})).json()["id"]
    item = await add(home.as_editor, "Aurora", cost=COST, collections=[shelf], tags=["verse"])
    await home.as_editor.patch(f"{V1}/items/{item['id']}", json={"cost": {**COST, "fees_minor": 1}})
    await home.as_editor.patch(f"{V1}/items/{item['id']}", json={"cost": COST})
    await invite(home.as_owner, home.stranger, f"{V1}/collections/{shelf}/invitations", "editor")
    ids = {
        "item_id": item["id"],
        "collection_id": shelf,
        "space_id": home.id,
        "user_id": str(home.owner.id),
        "name": "ItemUpdated.v1.json",
    }
    for client in (home.as_viewer, home.as_stranger):
        assert (await client.get(f"{V1}/items/{item['id']}")).json()["cost"] is None
        assert await walk(app, client, ids) > 30
        for query in ("sort=cost", "sort=-cost", "cost_currency=GBP&cost_min=1"):
            for path in ("items", "books"):
                refused = await client.get(f"{V1}/{path}?{query}")
                assert refused.json()["code"] == "money_hidden", query
        for path in ("export/csv", "export/json"):
            refused = await client.get(f"{V1}/{path}?cost_currency=GBP&cost_max=1")
            assert refused.status_code == 403
    header = (await home.as_viewer.get(f"{V1}/export/csv")).text.splitlines()[0]
    assert "cost" not in header
    history = (await home.as_viewer.get(f"{V1}/items/{item['id']}/history")).json()
    assert history[0]["changes"] == [{"field": "cost", "before": None, "after": None}]
    # A guest who may edit the item may not touch what they cannot see.
    guessed = await home.as_stranger.patch(
        f"{V1}/items/{item['id']}", json={"cost": {"amount_minor": 1, "currency": "GBP"}}
    )
    assert guessed.json()["code"] == "money_hidden"
    kept = await home.as_stranger.put(f"{V1}/items/{item['id']}", json={"title": "Mine"})
    assert kept.status_code == 200
    assert (await home.as_owner.get(f"{V1}/items/{item['id']}")).json()["cost"] == COST
    new = {"kind": "book", "title": "X", "cost": COST}
    assert (await home.as_stranger.post(f"{V1}/items", json=new)).status_code == 403


async def test_the_owner_decides_who_sees_prices(app: FastAPI, home: Household) -> None:
    item = await add(home.as_owner, "Aurora", cost=COST)
    members = f"{V1}/spaces/{home.id}/members"
    path = f"{V1}/items/{item['id']}"
    shown = await home.owner.client.patch(f"{members}/{home.viewer.id}", json={"sees_money": True})
    assert shown.json()["sees_money"] is True
    assert (await home.as_viewer.get(path)).json()["cost"] == COST
    assert (await home.as_viewer.get(f"{V1}/items?sort=cost")).status_code == 200
    await home.owner.client.patch(f"{members}/{home.editor.id}", json={"sees_money": False})
    assert (await home.as_editor.get(path)).json()["cost"] is None
    refused = await home.as_editor.post(
        f"{V1}/items/bulk",
        json={"ids": [item["id"]], "action": "change", "change": {"cost": None}},
    )
    assert refused.json()["code"] == "money_hidden"
    renamed = await home.as_editor.patch(path, json={"title": "Aurora Leigh"})
    assert renamed.json()["cost"] is None
    assert (await home.as_owner.get(path)).json()["cost"] == COST


def test_no_field_of_a_kind_or_of_ones_own_holds_money() -> None:
    """A type of field for money must stand beside `item_money`, not in what viewers read."""
    assert not {each for each in FieldType if "money" in each or "price" in each}
