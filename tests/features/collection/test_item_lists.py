"""Lists of items: filters, order, pages that neither skip nor repeat."""

import base64
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.support.api import register
from tests.support.items import CHARIZARD, EMMA, WAVE, add_item, titles

SignIn = Callable[..., Awaitable[AsyncClient]]


@pytest.fixture(scope="module")
async def shelf(app: FastAPI) -> AsyncClient:
    """Three things, ten minutes apart."""
    client = (await register(app)).client
    start = datetime.now(UTC)
    for at, (body, changes) in enumerate(
        [
            (CHARIZARD, {"status": "in_transit", "tags": ["Binder 1", "holo"]}),
            (EMMA, {"tags": ["gift"], "identifiers": [{"scheme": "dealer", "value": "A 12"}]}),
            (WAVE, {"status": "wanted"}),
        ]
    ):
        with time_machine.travel(start + timedelta(minutes=10 * at), tick=False):
            await add_item(client, body, **changes)
    return client


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["The Great Wave", "Emma", "Charizard"]),
        ({"sort": "created_at"}, ["Charizard", "Emma", "The Great Wave"]),
        ({"sort": "title"}, ["Charizard", "Emma", "The Great Wave"]),
        ({"sort": "-title"}, ["The Great Wave", "Emma", "Charizard"]),
        ({"sort": "year"}, ["Emma", "The Great Wave", "Charizard"]),
        ({"sort": "-year"}, ["Charizard", "The Great Wave", "Emma"]),
        ({"sort": "creator"}, ["Emma", "The Great Wave", "Charizard"]),
        ({"sort": "-updated_at"}, ["The Great Wave", "Emma", "Charizard"]),
        ({"sort": "set"}, ["The Great Wave", "Charizard", "Emma"]),
        ({"kind": "Card"}, ["Charizard"]),
        ({"kind": ["card", "book"]}, ["Emma", "Charizard"]),
        ({"status": "IN_TRANSIT"}, ["Charizard"]),
        ({"status": ["wanted", "on_hand"]}, ["The Great Wave", "Emma"]),
        ({"tag": "binder 1"}, ["Charizard"]),
        ({"tag": ["gift", "HOLO"]}, ["Emma", "Charizard"]),
        ({"tag": "nothing"}, []),
        ({"creator": "austen"}, ["Emma"]),
        ({"creator": "JANE AUS"}, ["Emma"]),
        ({"creator": "hok"}, ["The Great Wave"]),
        ({"creator": "usten"}, []),
        ({"set": "base"}, ["Charizard"]),
        ({"set": "murray"}, ["Emma"]),
        ({"identifier": "set_number:base1:4"}, ["Charizard"]),
        ({"identifier": "Dealer:A 12"}, ["Emma"]),
        ({"identifier": "dealer:a 13"}, []),
        ({"field.set_name": "BASE SET"}, ["Charizard"]),
        ({"field.number": "4/102", "field.rarity": "rare holo"}, ["Charizard"]),
        ({"field.year.min": "1816", "field.year.max": "1899"}, ["The Great Wave", "Emma"]),
        ({"field.year": "1816"}, ["Emma"]),
        ({"field.authors": "jane austen"}, ["Emma"]),
        ({"field.complete_set": "yes"}, ["Emma"]),
        ({"field.volumes.min": "2"}, ["Emma"]),
        ({"field.volumes.min": "4"}, []),
        ({"kind": "book", "field.year.max": "1999"}, ["Emma"]),
        ({"trashed": "true"}, []),
    ],
)
async def test_filters_and_orders(
    shelf: AsyncClient, query: dict[str, Any], expected: list[str]
) -> None:
    assert await titles(shelf, **query) == expected


async def test_created_from_and_before(shelf: AsyncClient) -> None:
    middle = (await shelf.get("/api/v1/books")).json()[0]["created_at"]
    assert await titles(shelf, created_from=middle) == ["The Great Wave", "Emma"]
    assert await titles(shelf, created_before=middle) == ["Charizard"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "price"}, "bad_filter"),
        ({"kind": "spoon"}, "invalid_item"),
        ({"status": "eaten"}, "invalid_item"),
        ({"field.spoon": "1"}, "bad_filter"),
        ({"field.own.spoon": "1"}, "bad_filter"),
        ({"field.inscription": "not filterable"}, "bad_filter"),
        ({"field.year": "soon"}, "bad_filter"),
        ({"field.year": ""}, "bad_filter"),
        ({"field.year": "n.d."}, "bad_filter"),
        ({"created_from": "2026-11-02T00:00:00"}, "bad_filter"),
        ({f"field.x{at}": "1" for at in range(9)}, "bad_filter"),
        ({"cursor": "nonsense"}, "bad_cursor"),
        ({"limit": "201"}, None),
    ],
)
async def test_what_can_not_be_asked_is_said(
    person: AsyncClient, query: dict[str, str], code: str | None
) -> None:
    answer = await person.get("/api/v1/items", params=query)
    assert answer.status_code == 422, answer.text
    if code is not None:
        assert answer.json()["code"] == code


async def test_own_fields_filter_by_their_type(person: AsyncClient) -> None:
    for body in (
        {"label": "Box", "type": "choice", "choices": ["Red", "Blue"]},
        {"label": "Paid on", "type": "date"},
        {"label": "Weight", "type": "decimal"},
        {"label": "Shelf", "type": "integer", "kind": "book"},
        {"label": "Insured", "type": "boolean"},
        {"label": "Nickname", "type": "text"},
    ):
        assert (await person.post("/api/v1/fields", json=body)).status_code == 201
    own = {
        "box": "red",
        "paid_on": "2026-03-01",
        "weight": "2.5",
        "shelf": 7,
        "insured": "no",
        "nickname": "Émma",
    }
    item = await add_item(person, EMMA, own_fields=own)
    assert item["own_fields"] == {
        "box": "Red",
        "paid_on": "2026-03-01",
        "weight": 2.5,
        "shelf": 7,
        "insured": False,
        "nickname": "Émma",
    }
    await add_item(person, EMMA, title="Other", own_fields={"box": "Blue", "shelf": 9})
    for query in (
        {"field.own.box": "RED"},
        {"field.own.paid_on.min": "2026-02-01", "field.own.paid_on.max": "2026-03-01"},
        {"field.own.weight.min": "2,4"},
        {"field.own.shelf.max": "8"},
        {"field.own.insured": "false"},
        {"field.own.nickname": "emma"},
    ):
        assert await titles(person, **query) == ["Emma"], query
    wrong = await person.post(
        "/api/v1/items", json={**EMMA, "own_fields": {"box": "Green", "shelf": 1.5}}
    )
    assert {each["pointer"] for each in wrong.json()["errors"]} == {
        "/own_fields/box",
        "/own_fields/shelf",
    }


async def test_values_of_an_archived_field_stay_and_come_back(person: AsyncClient) -> None:
    made = await person.post("/api/v1/fields", json={"label": "Box", "type": "text"})
    field = made.json()
    item = await add_item(person, EMMA, own_fields={"box": "Red"})
    path = f"/api/v1/items/{item['id']}"
    assert (await person.delete(f"/api/v1/fields/{field['id']}")).status_code == 204
    assert (await person.patch(path, json={"notes": "x"})).json()["own_fields"] == {"box": "Red"}
    refused = await person.patch(path, json={"own_fields": {"box": "Blue"}})
    assert refused.status_code == 422
    await person.patch(f"/api/v1/fields/{field['id']}", json={"archived": False})
    changed = await person.patch(path, json={"own_fields": {"box": "Blue"}})
    assert changed.json()["own_fields"] == {"box": "Blue"}
    assert await titles(person, **{"field.own.box": "blue"}) == ["Emma"]


async def test_a_field_required_later_does_not_lock_old_items(person: AsyncClient) -> None:
    item = await add_item(person, EMMA)
    body = {"label": "Box", "type": "text", "required": True}
    await person.post("/api/v1/fields", json=body)
    path = f"/api/v1/items/{item['id']}"
    assert (await person.patch(path, json={"status": "sold"})).status_code == 200
    refused = await person.post("/api/v1/items", json=EMMA)
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/own_fields/box"]


def following(answer: Any) -> dict[str, str] | None:
    """The query of the next page, as a client reads it from the Link header."""
    link = answer.headers.get("link")
    if link is None:
        return None
    query = parse_qs(urlsplit(link[1 : link.index(">")]).query)
    return {name: values[0] for name, values in query.items()}


async def walk(client: AsyncClient, query: dict[str, Any], between: Any = None) -> list[str]:
    found: list[str] = []
    while True:
        answer = await client.get("/api/v1/items", params=query)
        assert answer.status_code == 200, answer.text
        found += [item["id"] for item in answer.json()]
        if between is not None:
            await between()
        following_query = following(answer)
        if following_query is None:
            return found
        query = following_query


@pytest.mark.parametrize(
    "sort",
    [
        "created_at", "-created_at", "updated_at", "-updated_at", "title", "-title", "year",
        "-year", "creator", "-creator", "set", "-set",
    ],
)  # fmt: skip
async def test_no_order_skips_or_repeats_while_things_come_and_go(
    person: AsyncClient, sort: str
) -> None:
    """Ties everywhere: same instant, same title, years and creators often missing."""
    years = ["1816", "", "c. 1820", "n.d.", "1816"]
    mine: list[str] = []
    with time_machine.travel(datetime.now(UTC), tick=False):
        for at in range(17):
            fields: dict[str, Any] = {"year": years[at % 5]}
            if at % 3:
                fields["authors"] = [f"Author {at % 2}"]
            body = {"kind": "book", "title": f"Book {at % 4}", "fields": fields}
            mine.append((await add_item(person, body))["id"])
    extra: list[str] = []

    async def come_and_go() -> None:
        fresh = {"kind": "book", "title": f"Book {len(extra) % 4}", "fields": {"year": "1816"}}
        extra.append((await add_item(person, fresh))["id"])
        if len(extra) == 2:
            await person.delete(f"/api/v1/items/{extra[0]}")

    seen = await walk(person, {"sort": sort, "limit": 3}, come_and_go)
    assert len(seen) == len(set(seen)), "an item came twice"
    assert set(mine) <= set(seen), "an item was skipped"


async def test_pages_keep_their_filters(person: AsyncClient) -> None:
    for at in range(7):
        await add_item(person, CHARIZARD, title=f"Card {at}", tags=["x"] if at % 2 else [])
        await add_item(person, EMMA)
    found = await walk(person, {"tag": "x", "kind": "card", "field.year": "1999", "limit": 1})
    assert len(found) == 3


async def test_a_strangers_cursor_shows_only_ones_own(person: AsyncClient, sign_in: SignIn) -> None:
    stranger = await sign_in()
    for at in range(3):
        await add_item(person, EMMA, title=f"Mine {at}")
        await add_item(stranger, EMMA, title=f"Theirs {at}")
    first = await stranger.get("/api/v1/items", params={"limit": 1})
    query = following(first)
    assert query is not None
    answer = await person.get("/api/v1/items", params=query)
    assert all(item["title"].startswith("Mine") for item in answer.json())


@pytest.mark.parametrize(
    "text", ["", ">", ">i:1", '>dt:2026-01-01~s:x"', ">s:a~s:b~s:c", "<x", json.dumps({"id": "1"})]
)
async def test_made_up_cursors_are_refused(person: AsyncClient, text: str) -> None:
    await add_item(person, EMMA)
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    answer = await person.get("/api/v1/items", params={"cursor": cursor})
    assert answer.status_code in {200, 422}, answer.text
