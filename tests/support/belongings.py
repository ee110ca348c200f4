"""What a person may own, made by the real door; each room's maker joins when its route exists.

The security tests try these ids as somebody else, on every route.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from httpx2 import AsyncClient

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MARK = "Keelson marginalia"
"""A phrase in everything that is made, so that a leak of contents shows too."""


@dataclass(slots=True)
class Belongings:
    """Ids by the name of the path parameter that takes them, and where each can be read."""

    ids: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    pages: list[str] = field(default_factory=list[str])

    def add(self, parameter: str, value: str, page: str | None = None) -> None:
        self.ids.setdefault(parameter, []).append(value)
        if page is not None:
            self.pages.append(page)

    def combinations(self, names: list[str]) -> Iterator[dict[str, str]]:
        """Every id that was made for each name; all ids for a name that nobody claimed."""
        everything = sorted({value for values in self.ids.values() for value in values})
        choices = [self.ids.get(name) or everything for name in names]
        for chosen in product(*choices):
            yield dict(zip(names, chosen, strict=True))

    def leaks(self, text: str, *, asked: str) -> bool:
        """Whether an answer says more than the asker already knew."""
        known = set(UUID_TEXT.findall(asked))
        ours = {value for values in self.ids.values() for value in values}
        return MARK in text or bool((ours - known) & set(UUID_TEXT.findall(text)))

    async def all_readable(self, client: AsyncClient) -> bool:
        """Whether the owner still finds everything."""
        answers = [await client.get(page) for page in self.pages]
        return all(answer.status_code == 200 for answer in answers)


Maker = Callable[[AsyncClient, Belongings], Awaitable[None]]


async def make_item(client: AsyncClient, made: Belongings) -> None:
    body = {"kind": "book", "title": MARK, "fields": {}}
    answer = await client.post("/api/v1/items", json=body)
    if answer.is_success:
        made.add("item_id", answer.json()["id"], f"/api/v1/items/{answer.json()['id']}")


async def make_field(client: AsyncClient, made: Belongings) -> None:
    answer = await client.post("/api/v1/fields", json={"name": MARK, "type": "text"})
    if answer.is_success:
        made.add("field_id", answer.json()["id"])


MAKERS: list[Maker] = [make_item, make_field]


async def belongings(client: AsyncClient) -> Belongings:
    """One of everything that can be made by a request."""
    me = (await client.get("/api/v1/me")).json()
    made = Belongings()
    made.add("space_id", me["id"])
    made.add("user_id", me["id"])
    for make in MAKERS:
        await make(client, made)
    return made
