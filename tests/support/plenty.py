"""A household with so much of everything that each of its lists has a second page.

Whatever list is added must find something here, or say in the test why it cannot.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.house import House
from armarium.features.catalogue import CatalogueImporter, ImportOptions
from armarium.platform.events import Events
from armarium.platform.workflows import Flows
from tests.support.api import PASSWORD, Person, client_of
from tests.support.belongings import MARK, Belongings, belongings, make_entry, make_scan
from tests.support.catalogues import CARDS, write_lines
from tests.support.eyes import Eyes
from tests.support.sharing import Household
from tests.support.workflows import running_worker

V1 = "/api/v1"


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows: a public collection, and a link to a collection."""

    handle: str
    collection_id: str
    token: str


async def plenty(home: Household, house: House, eyes: Eyes, folder: Path) -> Belongings:
    """Fill the household's space; what a worker makes of photos is there when this returns."""
    cards = write_lines(folder / "cards.jsonl", list(CARDS))
    await house.get(CatalogueImporter).run(ImportOptions(path=cards, format="tcgdex", slug="cards"))
    client = home.as_owner
    theirs = await belongings(client)
    await make_scan(client, theirs)
    await make_entry(client, theirs)
    for kind in ("book", "card", "art"):
        for number in range(2):
            body = {
                "kind": kind,
                "title": f"{MARK} {number}",
                "collections": theirs.ids["collection_id"],
                "catalogue_entry_id": theirs.ids["entry_id"][0],
            }
            made = await post(client, "/items", body)
            theirs.add("item_id", made["id"])
    for _ in range(2):
        await post(home.admin.client, "/admin/invitations", {})
    photo = eyes.show(f"{MARK} one", f"{MARK} two")
    sent = await client.post(f"{V1}/scans", files={"files": (f"{MARK}.jpg", photo)})
    assert sent.is_success, sent.text
    flows, events = house.get(Flows), house.get(Events)
    async with running_worker(house.urls, flows, house.database, events=events) as worker:
        await worker.idle()
    for find in (await client.get(f"{V1}/review")).json():
        theirs.add("detection_id", find["id"], f"{V1}/detections/{find['id']}")
    assert len(theirs.ids["detection_id"]) == 2
    return theirs


async def show(person: Person, handle: str) -> Shown:
    """Let this person show two things of their own space to everyone, and by a link."""
    shelf = await post(person.client, "/collections", {"name": handle, "visibility": "public"})
    for number in range(2):
        body = {"kind": "book", "title": f"{handle} {number}", "collections": [shelf["id"]]}
        await post(person.client, "/items", body)
    profile = {"handle": handle, "display_name": handle, "is_public": True}
    assert (await person.client.put(f"{V1}/profile", json=profile)).is_success
    wanted = {"target": "collection", "target_id": shelf["id"]}
    link = await post(person.client, "/shares", wanted)
    return Shown(handle, shelf["id"], link["token"])


async def log_in_again(app: FastAPI, person: Person) -> None:
    """Another login in this person's list."""
    async with client_of(app) as visitor:
        body = {"email": person.email, "password": PASSWORD}
        assert (await visitor.post(f"{V1}/auth/login", json=body)).is_success


async def post(client: AsyncClient, path: str, body: Any) -> Any:
    answer = await client.post(V1 + path, json=body)
    assert answer.is_success, answer.text
    return answer.json()
