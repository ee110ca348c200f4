"""Every list and every query of the reference, tried with another space's cursors and ids.

What is tried is read from the OpenAPI document, so a list that is added later joins by itself. One
that cannot be tried is named below with its reason, and a name that no longer stands for anything
fails.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from armarium.entry.description import operations
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.kit.ids import new_id
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import cheap, running_app
from tests.support.belongings import MARK, UUID_TEXT, Belongings
from tests.support.eyes import Eyes
from tests.support.plenty import V1, Shown, log_in_again, plenty, show
from tests.support.routes import PLACEHOLDER
from tests.support.sharing import Household, household

WITHOUT_A_CURSOR: dict[str, str] = {}
"""Lists whose second page no test can reach, by operation id, with the reason."""

WITHOUT_A_FIND = {
    "space_audit_list space": "the log of a space is that space's, whatever else is asked for",
}
"""Ids in a query that find nothing even for those who may, with the reason."""

ALLOWED = {200, 401, 403, 404, 422}


@dataclass(frozen=True, slots=True)
class World:
    """The household, what it holds, and what the owner and the stranger show of their own."""

    app: FastAPI
    home: Household
    theirs: Belongings
    owners: Shown
    strangers: Shown

    def reader(self, path: str) -> AsyncClient:
        """Whoever may read this."""
        return self.home.admin.client if path.startswith(f"{V1}/admin") else self.home.as_owner

    def intruders(self, path: str) -> tuple[AsyncClient, ...]:
        """Others, and the reader's own other space where the list is a space's."""
        if path.startswith(f"{V1}/admin"):
            return self.home.stranger.client, self.home.as_owner
        if path.startswith(f"{V1}/me"):
            return self.home.stranger.client, self.home.as_viewer
        return self.home.stranger.client, self.home.owner.client

    def named(self, parameter: str) -> list[str]:
        """Their ids that such a parameter is for; all of them where its name tells nothing."""
        ids = self.theirs.ids
        for word in ("collection", "entry", "space"):
            if word in parameter:
                return ids[f"{word}_id"][:2]
        if parameter in {"actor", "id"}:
            return [ids["user_id"][0], ids["space_id"][0]]
        return self.theirs.everything

    def filled(self, path: str, shown: Shown) -> str:
        """The path to what is shown, or to the catalogue that is everybody's."""
        values = {
            "slug": "cards",
            "handle": shown.handle,
            "collection_id": shown.collection_id,
            "token": shown.token,
        }
        return PLACEHOLDER.sub(lambda found: values.get(found[1], "nothing"), path)


@pytest.fixture(scope="module")
async def world(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """Read by all tests of this module and changed by none."""
    folder, eyes = tmp_path_factory.mktemp("plenty"), Eyes()
    settings = Settings(data=folder / "data", log_level="warning")
    house = cheap(build(settings, module_database_urls, vision=eyes, reader=eyes))
    async with running_app(house) as app, household(app) as home:
        theirs = await plenty(home, house, eyes, folder)
        await log_in_again(app, home.owner)
        shown = [await show(home.owner, "ada-lovelace"), await show(home.stranger, "a-stranger")]
        yield World(app, home, theirs, *shown)


@dataclass(slots=True)
class Reading:
    """A GET operation of the reference and the parameters of its query."""

    name: str
    path: str
    query: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def ids(self) -> list[str]:
        """Parameters that take an id."""
        return [each for each, schema in self.query.items() if '"uuid"' in json.dumps(schema)]

    @property
    def texts(self) -> list[str]:
        """Parameters that take any text, and so an id, too."""
        return [
            each
            for each, schema in self.query.items()
            if each not in {*self.ids, "cursor"} and '"string"' in json.dumps(schema)
        ]


def readings(app: FastAPI) -> Iterator[Reading]:
    for method, path, operation in operations(app.openapi()):
        if method == "GET":
            asked = [each for each in operation.get("parameters", []) if each["in"] == "query"]
            query = {each["name"]: each["schema"] for each in asked}
            yield Reading(operation["operationId"], path, query)


def lists(app: FastAPI) -> list[Reading]:
    found = [each for each in readings(app) if "cursor" in each.query]
    assert len(found) >= 18
    return found


async def first_cursor(client: AsyncClient, path: str, required: dict[str, str]) -> str | None:
    answer = await client.get(path, params={"limit": 1, **required})
    assert answer.status_code == 200, (path, answer.text)
    link = answer.headers.get("link", "")
    return parse_qs(urlsplit(link[1 : link.index(">")]).query)["cursor"][0] if link else None


def required(reading: Reading) -> dict[str, str]:
    """A search must be for something."""
    return {"q": "keelson"} if reading.name == "search" else {}


async def own_ids(client: AsyncClient, path: str, query: dict[str, str]) -> set[str]:
    """All that this caller reads of the list without another's help."""
    limited = {"limit": 200, **query} if query or "/export/" not in path else {}
    return set(UUID_TEXT.findall((await client.get(path, params=limited)).text))


def assert_no_leak(answer: Response, own: set[str], asked: str, where: str) -> None:
    assert answer.status_code in ALLOWED, (where, answer.status_code, answer.text)
    if answer.status_code == 200:
        gained = set(UUID_TEXT.findall(answer.text)) - own - {asked}
        assert not gained, f"{where} showed {gained}"
        assert MARK not in answer.text, where


async def test_another_spaces_cursor_leads_nowhere_in_any_list(world: World) -> None:
    for each, cursor in (await second_pages(world)).values():
        path = world.filled(each.path, world.strangers)
        for client in world.intruders(each.path):
            own = await own_ids(client, path, required(each))
            answer = await client.get(path, params={**required(each), "cursor": cursor})
            assert_no_leak(answer, own, "", f"{each.name}?cursor")


@pytest.mark.slow
async def test_no_lists_cursor_opens_another_list(world: World) -> None:
    found = await second_pages(world)
    client = world.home.stranger.client
    for each, _cursor in found.values():
        path = world.filled(each.path, world.strangers)
        own = await own_ids(client, path, required(each))
        for source, (_list, cursor) in found.items():
            answer = await client.get(path, params={**required(each), "cursor": cursor})
            assert_no_leak(answer, own, "", f"{each.name} with a cursor of {source}")


async def second_pages(world: World) -> dict[str, tuple[Reading, str]]:
    """Each list with a cursor of the household's, by operation id."""
    found: dict[str, tuple[Reading, str]] = {}
    names = set[str]()
    for each in lists(world.app):
        names.add(each.name)
        path = world.filled(each.path, world.owners)
        cursor = await first_cursor(world.reader(path), path, required(each))
        if cursor is not None:
            found[each.name] = each, cursor
    assert set(WITHOUT_A_CURSOR) == names - set(found), "lists whose second page is not reached"
    return found


async def test_another_spaces_ids_in_a_query_lead_nowhere(world: World) -> None:
    """And find something for those who may ask, or this would prove nothing."""
    silent: set[str] = set()
    for each in readings(world.app):
        for name in each.ids:
            wanted = world.named(name)
            await try_ids(world, each, name, wanted)
            reader = world.reader(each.path)
            nothing = await reader.get(each.path, params={name: str(new_id())})
            found = [await reader.get(each.path, params={name: value}) for value in wanted]
            if not any(len(answer.text) > len(nothing.text) for answer in found):
                silent.add(f"{each.name} {name}")
    assert silent == set(WITHOUT_A_FIND)


@pytest.mark.slow
async def test_no_id_of_another_space_leads_anywhere_in_a_query(world: World) -> None:
    for each in readings(world.app):
        for name in each.ids:
            await try_ids(world, each, name, world.theirs.everything)


async def try_ids(world: World, each: Reading, name: str, values: list[str]) -> None:
    for client in world.intruders(each.path):
        own = await own_ids(client, each.path, {})
        for value in values:
            answer = await client.get(each.path, params={name: value})
            assert_no_leak(answer, own, value, f"{each.name}?{name}")


async def test_an_id_where_a_query_takes_text_leads_nowhere(world: World) -> None:
    client, item = world.home.stranger.client, world.theirs.ids["item_id"][0]
    for each in readings(world.app):
        path = world.filled(each.path, world.strangers)
        if not each.texts or not path.startswith(f"{V1}/"):
            continue
        own = await own_ids(client, path, required(each))
        for name in each.texts:
            answer = await client.get(path, params={**required(each), name: item})
            assert_no_leak(answer, own, item, f"{each.name}?{name}")
