"""The collection as a file: whole, safe for spreadsheets, nobody else's."""

import csv
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from armarium.features.collection.service import exporting
from armarium.kit.cells import safe_cell
from tests.support.items import CHARIZARD, EMMA, WAVE, add_item

SignIn = Callable[..., Awaitable[AsyncClient]]


async def table(client: AsyncClient, **query: Any) -> list[dict[str, str]]:
    answer = await client.get("/api/v1/export/csv", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="armarium-')
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_every_field_is_a_column(person: AsyncClient) -> None:
    body = {"label": "Box", "type": "choice", "choices": ["Red"]}
    await person.post("/api/v1/fields", json=body)
    card = await add_item(person, CHARIZARD, tags=["a", "b"], own_fields={"box": "red"})
    await add_item(person, EMMA, notes='Two\nlines, "quoted"', status="wanted", quantity=2)
    first, second = await table(person)
    assert first["id"] == card["id"]
    assert first["fields.set_name"] == "Base Set"
    assert (first["tags"], first["own.box"]) == ("a; b", "Red")
    assert first["identifiers"] == "set_number:base1:4"
    assert second["notes"] == 'Two\nlines, "quoted"'
    assert (second["fields.authors"], second["fields.complete_set"]) == ("Jane Austen", "true")
    assert (second["status"], second["quantity"]) == ("wanted", "2")
    assert "fields.artists" not in first, "no column for kinds that are not collected"


async def test_filters_and_byte_order_mark(person: AsyncClient) -> None:
    for each in (CHARIZARD, EMMA, WAVE):
        await add_item(person, each)
    assert [row["title"] for row in await table(person, kind="book")] == ["Emma"]
    assert [row["title"] for row in await table(person, creator="austen")] == ["Emma"]
    assert [row["title"] for row in await table(person, set="base")] == ["Charizard"]
    assert [row["title"] for row in await table(person, **{"field.year.max": 1820})] == ["Emma"]
    unknown = await person.get("/api/v1/export/json", params={"field.nonsense": "1"})
    assert unknown.status_code == 422
    marked = await person.get("/api/v1/export/csv", params={"bom": True})
    assert marked.content.startswith(b"\xef\xbb\xbfid,")
    plain = await person.get("/api/v1/export/csv")
    assert plain.content.startswith(b"id,")


async def test_formulas_are_text(person: AsyncClient) -> None:
    hostile = ['=HYPERLINK("http://evil")', "+1", "-2+3", "@SUM(A1)", "\uff1d1"]
    for text in hostile:
        await add_item(person, {"kind": "generic", "title": text, "notes": text, "tags": [text]})
    for row in await table(person):
        for name in ("title", "notes", "tags", "fields.name"):
            assert row[name].startswith("'"), row[name]


@given(st.text(max_size=20))
def test_no_text_begins_as_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (True, "true"), (-5, "-5"), (2.5, "2.5"), (["=a", "b"], "'=a; b"), ("a", "a")],
)
def test_cells(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


async def test_json_is_one_whole_document(person: AsyncClient) -> None:
    empty = (await person.get("/api/v1/export/json")).json()
    assert (empty["format"], empty["version"], empty["items"]) == ("armarium.items", 1, [])
    item = await add_item(person, EMMA, tags=["é"])
    document = json.loads((await person.get("/api/v1/export/json")).text)
    (exported,) = document["items"]
    assert exported["id"] == item["id"]
    assert exported["fields"] == item["fields"]
    assert exported["tags"] == ["é"]


async def test_long_collections_come_in_pages(
    person: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 3)
    made = [(await add_item(person, EMMA))["id"] for _ in range(7)]
    assert [row["id"] for row in await table(person)] == sorted(made)
    assert len((await person.get("/api/v1/export/json")).json()["items"]) == 7


async def test_nobody_elses(person: AsyncClient, sign_in: SignIn) -> None:
    await add_item(await sign_in(), EMMA)
    assert await table(person) == []
    assert (await person.get("/api/v1/export/json")).json()["items"] == []


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_what_cannot_be_asked_is_refused_before_the_file_begins(
    person: AsyncClient, form: str
) -> None:
    """It once came as a file that began with 200 and broke off."""
    answer = await person.get(f"/api/v1/export/{form}", params={"tag": "\0"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unstorable_text")
