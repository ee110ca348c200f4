"""Every operation that takes JSON, with what a hostile or careless program sends: never a 5xx."""

import copy
import json
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

import pytest
from httpx2 import Response

from armarium.entry import openapi
from armarium.entry.description import operations
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.kit.ids import new_id
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, cheap, register, running_app

SAME_HANDLERS = ("cards_", "books_", "artworks_")
"""Other paths to what the `items_` operations do."""


class Raw(str):
    """JSON text that `json.dumps` would not write."""

    __slots__ = ()


DEEP = 5000
HOSTILE: dict[str, Any] = {
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://x","y")',
    "nul": "a\0b",
    "surrogate": Raw(r'"\ud800"'),
    "surrogate in a name": Raw(r'{"\udfff": "x"}'),
    "direction": "\u202egnp.exe",
    "long": "x" * 500_000,
    "huge int": Raw("9" * 400),
    "beyond int64": 2**63,
    "infinite": Raw("1e400"),
    "nan": Raw("NaN"),
    "minus infinity": Raw("-Infinity"),
    "deep list": Raw("[" * DEEP + "]" * DEEP),
    "deep object": Raw('{"a":' * DEEP + "1" + "}" * DEEP),
    "null": None,
    "boolean": True,
    "list": [None, {}, [], "x"],
    "object": {"": None, "a\0": "b", "constructor": {"prototype": {}}, "__proto__": 1},
    "many": [f"t{number}" for number in range(3_000)],
}


FOREIGN_SHAPES = "oauth_"
"""RFC 7591: fields that are not known are ignored; refusals have the shape of RFC 6749."""


@cache
def writes() -> dict[str, tuple[str, str, Any]]:
    """Method, path and example body of each operation that takes JSON."""
    document = openapi.offline_document()
    found: dict[str, tuple[str, str, Any]] = {}
    for method, path, operation in operations(document):
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        name = operation["operationId"]
        if media is not None and not name.startswith(SAME_HANDLERS):
            found[name] = (method, path, example_of(document, media))
    return found


def example_of(document: dict[str, Any], media: dict[str, Any]) -> Any:
    if "example" in media:
        return media["example"]
    return next(iter(media["examples"].values()))["value"]


def places(body: Any) -> Iterator[tuple[str | int, ...]]:
    """Each value in a body that can be replaced, the whole body first."""
    yield ()
    for key in (
        body if isinstance(body, dict) else range(len(body)) if isinstance(body, list) else ()
    ):
        for below in places(body[key]):
            yield (key, *below)


def replaced(body: Any, place: tuple[str | int, ...], value: Any) -> str:
    """The body as text with one value put in."""
    mark = "@@here@@"
    if not place:
        shown = mark
    else:
        shown = copy.deepcopy(body)
        at = shown
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = mark
    text = value if isinstance(value, Raw) else json.dumps(value)
    return json.dumps(shown).replace(f'"{mark}"', str(text))


async def send(person: Person, method: str, path: str, content: str) -> Response:
    address = path
    headers = {"Content-Type": "application/json"}
    if path.startswith("/api/v1/auth/"):
        headers["Authorization"] = ""  # with a token, logging out would end the session
    while "{" in address:
        before, _, rest = address.partition("{")
        name, _, after = rest.partition("}")
        address = before + ("x" if name in {"slug", "token"} else str(new_id())) + after
    return await person.client.request(method, address, content=content.encode(), headers=headers)


@pytest.fixture(scope="module")
async def person(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Person]:
    options = Settings(data=tmp_path_factory.mktemp("data"), log_level="error")
    async with running_app(cheap(build(options, module_database_urls))) as app:
        yield await register(app)


@pytest.mark.parametrize("name", writes())
async def test_hostile_values_are_refused_or_kept_as_they_are(person: Person, name: str) -> None:
    method, path, body = writes()[name]
    for place in places(body):
        for what, value in HOSTILE.items():
            answer = await send(person, method, path, replaced(body, place, value))
            assert answer.status_code < 500, (name, place, what, answer.text[:300])
            if answer.status_code >= 400 and not name.startswith(FOREIGN_SHAPES):
                lost = answer.json()["code"] in {"invalid_token", "unauthenticated"}
                assert not lost or "/auth/" in path, (name, place, what)
                assert answer.headers["content-type"] == "application/problem+json"
                assert len(answer.content) < 20_000, (name, place, what)


@pytest.mark.parametrize("name", writes())
async def test_an_unknown_field_is_refused_by_its_name(person: Person, name: str) -> None:
    """Bodies once lost what they did not know: a misspelt field looked saved."""
    method, path, body = writes()[name]
    if not isinstance(body, dict) or name.startswith(FOREIGN_SHAPES):
        return
    answer = await send(person, method, path, json.dumps({**body, "tittel": 1}))
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert {"pointer": "/tittel", "code": "extra_forbidden"}.items() <= problem["errors"][0].items()


async def test_a_misspelt_field_is_told_the_right_name(person: Person) -> None:
    answer = await person.client.post("/api/v1/items", json={"kind": "card", "tilte": "Charizard"})
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        "/tilte: There is no field of this name. Did you mean title?"
    )
    nested = await person.client.post(
        "/api/v1/items",
        json={"kind": "card", "identifiers": [{"scheme": "isbn", "value": "1", "vlaue": "2"}]},
    )
    assert nested.json()["errors"][0]["pointer"] == "/identifiers/0/vlaue"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", '[1, {"b": 1e400}]'])
async def test_a_number_without_end_is_refused_in_open_maps(person: Person, number: str) -> None:
    body = f'{{"preferences": {{"a": {number}}}}}'
    headers = {"Content-Type": "application/json"}
    answer = await person.client.patch("/api/v1/me", content=body, headers=headers)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["pointer"].startswith("/preferences/a")


async def test_a_collection_that_is_not_there_is_told(person: Person) -> None:
    body = {"kind": "book", "title": "Aurora Leigh", "collections": [str(new_id())]}
    answer = await person.client.post("/api/v1/items", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_collection")
    assert answer.json()["errors"][0]["pointer"] == "/collections"


async def test_own_names_stay_free(person: Person) -> None:
    answer = await person.client.patch("/api/v1/me", json={"preferences": {"anything": [1]}})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("length", [201, 1500, 50_000])
async def test_a_password_that_is_too_long_is_told_its_bound(person: Person, length: int) -> None:
    """It spoke of items after validation, and of another bound than the rule's."""
    body = {"email": "long@example.org", "password": "Aa1!" + "x" * (length - 4)}
    answer = await person.client.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["detail"] == "A password has at most 128 characters."
    assert problem["code"] == "weak_password"
    assert [each["pointer"] for each in problem["errors"]] == ["/password"]


async def test_what_is_too_long_is_told_in_words(person: Person) -> None:
    long = await person.client.post("/api/v1/items", json={"kind": "card", "title": "x" * 3000})
    assert long.json()["detail"] == "/title: At most 2,000 characters."
    many = await person.client.post("/api/v1/items", json={"kind": "card", "tags": ["x"] * 3000})
    assert many.json()["detail"].endswith(" entries.")
