"""Own fields and kinds at the HTTP door."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx2 import AsyncClient

SignIn = Callable[..., Awaitable[AsyncClient]]


async def add(client: AsyncClient, **body: Any) -> Any:
    return await client.post("/api/v1/fields", json={"label": "Box", "type": "text", **body})


async def test_a_field_is_defined_changed_archived_and_brought_back(sign_in: SignIn) -> None:
    person = await sign_in()
    made = await add(person, label="  Storage  Box ", type="CHOICE", choices=["Red", " Blue "])
    assert made.status_code == 201, made.text
    field = made.json()
    assert (field["name"], field["label"], field["type"]) == (
        "storage_box",
        "Storage Box",
        "choice",
    )
    assert (field["choices"], field["kind"], field["version"]) == (["Red", "Blue"], None, 1)
    path = f"/api/v1/fields/{field['id']}"
    body = {"label": "Crate", "choices": ["Red", "Green"], "required": True, "position": 9}
    changed = await person.patch(path, json=body, headers={"If-Match": made.headers["etag"]})
    assert {**changed.json(), **body} == changed.json()
    assert (changed.json()["name"], changed.headers["etag"]) == ("storage_box", 'W/"2"')
    stale = await person.patch(path, json=body, headers={"If-Match": made.headers["etag"]})
    assert stale.status_code == 412
    assert (await person.delete(path)).status_code == 204
    assert (await person.get("/api/v1/fields")).json() == []
    assert len((await person.get("/api/v1/fields", params={"archived": True})).json()) == 1
    taken = await add(person, name="storage_box")
    assert (taken.status_code, taken.json()["code"]) == (409, "field_name_taken")
    back = await person.patch(path, json={"archived": False})
    assert back.json()["archived_at"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"label": " "}, "/label"),
        ({"label": "x" * 101}, "/label"),
        ({"type": "money"}, "/type"),
        ({"kind": "spoon"}, "/kind"),
        ({"name": "Bad Name"}, "/name"),
        ({"name": "year"}, "/name"),
        ({"kind": "card", "name": "rarity"}, "/name"),
        ({"choices": ["a"]}, "/choices"),
        ({"type": "choice"}, "/choices"),
        ({"type": "choice", "choices": [" "]}, "/choices"),
        ({"type": "choice", "choices": ["Red", "red"]}, "/choices"),
    ],
)
async def test_what_can_not_be_a_field(sign_in: SignIn, body: dict[str, Any], pointer: str) -> None:
    answer = await add(await sign_in(), **body)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_names_come_from_labels(sign_in: SignIn) -> None:
    person = await sign_in()
    for label, name in [("Prix d'achat (€)", "prix_d_achat"), ("1st shelf", "field_1st_shelf")]:
        assert (await add(person, label=label)).json()["name"] == name
    assert (await add(person, label="本")).json()["name"] == "field"
    binder = await add(person, kind="card", name="binder")
    assert binder.status_code == 201


async def test_fields_belong_to_a_kind_and_to_a_space(sign_in: SignIn) -> None:
    person, stranger = await sign_in(), await sign_in()
    field = (await add(person, kind="Card")).json()
    assert field["kind"] == "card"
    for kind, count in (("card", 1), ("book", 0)):
        found = await person.get("/api/v1/fields", params={"kind": kind})
        assert len(found.json()) == count
        form = (await person.get(f"/api/v1/kinds/{kind}")).json()
        assert len(form["own_fields"]) == count
    assert (await stranger.get("/api/v1/fields")).json() == []
    path = f"/api/v1/fields/{field['id']}"
    assert (await stranger.patch(path, json={"label": "x"})).status_code == 404
    assert (await stranger.delete(path)).status_code == 404
    assert (await add(stranger)).status_code == 201, "names are unique within a space only"


async def test_kinds_for_forms(sign_in: SignIn) -> None:
    person = await sign_in()
    kinds = {kind["name"]: kind for kind in (await person.get("/api/v1/kinds")).json()}
    assert {"card", "book", "art", "generic"} <= set(kinds)
    assert kinds["card"]["collection_path"] == "cards"
    assert {"value", "label"} <= set(kinds["card"]["statuses"][0])
    assert (await person.get("/api/v1/kinds/BOOK")).json()["name"] == "book"
    missing = await person.get("/api/v1/kinds/spoon")
    assert (missing.status_code, missing.json()["code"]) == (404, "kind_not_found")
    lists = (await person.get("/api/v1/vocabularies")).json()
    assert "item_status" in {each["name"] for each in lists}
