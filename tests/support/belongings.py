"""What a person may own, made by the real door; each room's maker joins when its route exists.

The security tests try these ids as somebody else, on every route.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from httpx2 import AsyncClient

from tests.support.pictures import picture

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
        choices = [self.ids.get(name) or self.everything for name in names]
        for chosen in product(*choices):
            yield dict(zip(names, chosen, strict=True))

    def leaks(self, text: str, *, asked: str) -> bool:
        """Whether an answer says more than the asker already knew."""
        known = set(UUID_TEXT.findall(asked))
        return MARK in text or bool((set(self.everything) - known) & set(UUID_TEXT.findall(text)))

    @property
    def everything(self) -> list[str]:
        """Each id once."""
        return sorted({value for values in self.ids.values() for value in values})

    async def state(self, client: AsyncClient) -> dict[str, object]:
        """What the owner sees; signed links differ from call to call and are left out."""
        answers = {page: await client.get(page) for page in self.pages}
        assert all(answer.status_code == 200 for answer in answers.values())
        return {page: _without_links(answer.json()) for page, answer in answers.items()}


def _without_links(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_links(item) for key, item in value.items() if "url" not in key}
    return [_without_links(item) for item in value] if isinstance(value, list) else value


Maker = Callable[[AsyncClient, Belongings], Awaitable[None]]


async def make_media(client: AsyncClient, made: Belongings) -> None:
    answer = await client.post("/api/v1/media", files={"file": (f"{MARK}.jpg", picture())})
    assert answer.is_success, answer.text
    made.add("media_id", answer.json()["id"], f"/api/v1/media/{answer.json()['id']}")


async def make_upload(client: AsyncClient, made: Belongings) -> None:
    body = {"filename": f"{MARK}.jpg", "content_type": "image/jpeg", "size": 1000}
    answer = await client.post("/api/v1/uploads/presign", json=body)
    assert answer.is_success, answer.text
    made.add("upload_id", next(v for k, v in answer.json().items() if k in {"id", "upload_id"}))


async def make_entry(client: AsyncClient, made: Belongings) -> None:
    body = {"kind": "book", "title": MARK}
    answer = await client.post("/api/v1/catalogue/entries", json=body)
    assert answer.is_success, answer.text
    made.add("entry_id", answer.json()["id"], f"/api/v1/catalogue/entries/{answer.json()['id']}")


async def make_field(client: AsyncClient, made: Belongings) -> None:
    answer = await client.post("/api/v1/fields", json={"label": MARK, "type": "text"})
    assert answer.is_success, answer.text
    made.add("field_id", answer.json()["id"])


async def make_item(client: AsyncClient, made: Belongings) -> None:
    body = {"kind": "book", "title": MARK, "notes": MARK, "tags": [MARK]}
    answer = await client.post("/api/v1/items", json=body)
    assert answer.is_success, answer.text
    item_id = answer.json()["id"]
    photos = {"files": (f"{MARK}.jpg", picture())}
    pictured = await client.post(f"/api/v1/items/{item_id}/images", files=photos)
    assert pictured.is_success, pictured.text
    made.add("item_id", item_id, f"/api/v1/items/{item_id}")


async def make_scan(client: AsyncClient, made: Belongings) -> None:
    answer = await client.post("/api/v1/scans", files={"files": (f"{MARK}.jpg", picture())})
    assert answer.is_success, answer.text
    made.add("scan_id", answer.json()["id"], f"/api/v1/scans/{answer.json()['id']}")
    for job in (await client.get("/api/v1/jobs")).json():
        made.add("job_id", job["id"])


async def make_collection(client: AsyncClient, made: Belongings) -> None:
    answer = await client.post("/api/v1/collections", json={"name": MARK, "description": MARK})
    assert answer.is_success, answer.text
    collection_id = answer.json()["id"]
    path = f"/api/v1/collections/{collection_id}"
    items = {"item_ids": made.ids["item_id"]}
    assert (await client.post(f"{path}/items", json=items)).is_success
    made.add("collection_id", collection_id, path)


async def make_share(client: AsyncClient, made: Belongings) -> None:
    body = {"target": "item", "target_id": made.ids["item_id"][0], "label": MARK}
    answer = await client.post("/api/v1/shares", json=body)
    assert answer.is_success, answer.text
    made.add("share_id", answer.json()["id"], "/api/v1/shares")


async def make_invitation(client: AsyncClient, made: Belongings) -> None:
    space = made.ids["space_id"][0]
    path = f"/api/v1/spaces/{space}/invitations"
    answer = await client.post(path, json={"role": "viewer"})
    assert answer.is_success, answer.text
    made.add("invitation_id", answer.json()["id"], path)
    made.pages.append(f"/api/v1/spaces/{space}/members")


MAKERS: list[Maker] = [
    make_media,
    make_upload,
    make_entry,
    make_field,
    make_item,
    make_scan,
    make_collection,
    make_share,
    make_invitation,
]


ALSO_CALLED = {"target_id": "item_id", "catalogue_entry_id": "entry_id"}


def about(body: Any, theirs: Belongings, name: str = "media_id") -> Any:
    """The same body about their things: each id replaced by one of theirs, as its name asks for."""
    if isinstance(body, dict):
        return {key: about(value, theirs, key) for key, value in body.items()}
    if isinstance(body, list):
        return [about(value, theirs, name) for value in body]
    if isinstance(body, str) and UUID_TEXT.fullmatch(body):
        known = theirs.ids.get(ALSO_CALLED.get(name, name.removesuffix("s")))
        return known[0] if known else body
    return body


async def belongings(client: AsyncClient) -> Belongings:
    """One of everything that can be made by a request."""
    me = (await client.get("/api/v1/me")).json()
    made = Belongings()
    made.add("space_id", me["space_id"])
    made.add("user_id", me["id"])
    for make in MAKERS:
        await make(client, made)
    return made
