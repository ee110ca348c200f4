"""The demonstration: an account with a small collection, made in seconds, gone with one command.

Called by `armarium demo`. Everything goes through the services that people use: the demonstration
shows what the product does and nothing else.
"""

import asyncio
import secrets
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from armarium.adapters.renderings import render_book, render_card, render_photo, render_print
from armarium.entry.demo_collection import DEMO_ITEMS, DEMO_SHELF, PHOTOGRAPHED, TAROT, DemoItem
from armarium.entry.house import House
from armarium.features.accounts import Registration
from armarium.features.collection import ItemWriter, NewImage, NewItem, Shelves
from armarium.features.media import MediaPipeline, MediaService
from armarium.features.recognition import ScanService, Upload
from armarium.features.spaces import CollectionDraft, Spaces
from armarium.platform.database import Database, Scope
from armarium.platform.http.principal import Principal
from armarium.platform.owned import OwnedRegister
from armarium.ports.blobs import BlobStore

DEMO_EMAIL = "demo@armarium.example"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """How to log in to the demonstration."""

    email: str
    password: str
    items: int
    collection: str
    """A named one with some of them."""
    photos: int
    """Scanned: what is in them waits in the review once a worker has looked."""


class DemoExists(Exception):
    """The demonstration is there already."""


def new_password() -> str:
    """A password that fits the rule and is in nobody's list."""
    return f"Demo-{secrets.token_urlsafe(9)}-1"


def draw(item: DemoItem) -> bytes:
    """The picture of an item; its seed follows from its name."""
    facts = item.fields
    title = str(facts.get("title") or facts.get("name"))
    seed = zlib.crc32(title.encode())
    if item.kind == "book":
        return render_book(title, str(facts["authors"][0]), seed=seed)
    if item.kind == "art":
        return render_print(title, seed=seed, **item.picture)
    return render_card(
        title, str(facts["number"]), f"{facts['set_name']}, {facts['year']}", seed=seed
    )


class Demonstration:
    """Makes and removes the demonstration account."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._database: Database = house.database

    async def add(self, progress: Callable[[int, int], None]) -> DemoAccount:
        """Make the account and its items; `DemoExists` when it is there."""
        registration = self._house.get(Registration)
        if await registration.find(DEMO_EMAIL) is not None:
            raise DemoExists
        password = new_password()
        user = await registration.create(DEMO_EMAIL, password)
        caller = Principal(user.id, user.email, user.id, (user.id,))
        name, description = DEMO_SHELF
        shelf = await self._house.get(Shelves).create(caller, CollectionDraft(name, description))
        for done, item in enumerate(DEMO_ITEMS):
            progress(done, len(DEMO_ITEMS))
            in_it = item.fields.get("set_name") == TAROT
            await self._add_item(caller, item, [shelf.collection.id] if in_it else [])
        await self._scan(caller, PHOTOGRAPHED)
        progress(len(DEMO_ITEMS), len(DEMO_ITEMS))
        return DemoAccount(DEMO_EMAIL, password, len(DEMO_ITEMS), collection=name, photos=1)

    async def remove(self) -> bool:
        """Erase the account with all that its space holds; False when there is none."""
        registration, blobs = self._house.get(Registration), self._house.services[BlobStore]
        user = await registration.find(DEMO_EMAIL)
        if user is None:
            return False
        async with self._database.transaction(Scope((user.id,), user.id)) as session:
            for owned in reversed(self._house.get(OwnedRegister)):
                await owned.erase(session, user.id)
            await self._house.get(Spaces).remove_person(session, user.id)
            await registration.remove(session, user.id)
        keys = [blob.key async for blob in blobs.list(f"{user.id}/")]
        for key in keys:
            await blobs.delete(key)
        return True

    async def _scan(self, caller: Principal, item: DemoItem) -> None:
        """A photo of something that nobody has yet, as if it was taken just now."""
        drawn = await asyncio.to_thread(draw, item)
        photo = await asyncio.to_thread(render_photo, drawn, seed=zlib.crc32(drawn))
        await self._house.get(ScanService).start(
            caller, [Upload("drawn-by-armarium.jpg", photo)], kind=item.kind, catalogue=None
        )

    async def _add_item(
        self, caller: Principal, item: DemoItem, collections: Sequence[UUID]
    ) -> None:
        picture = await asyncio.to_thread(draw, item)
        media = self._house.get(MediaService)
        stored = await media.create(caller, picture, "drawn-by-armarium.jpg", process=False)
        await self._house.get(MediaPipeline).make_thumbnails(caller.scope, stored.id)
        async with self._database.transaction(caller.scope) as session:
            await self._house.get(ItemWriter).create(
                session,
                caller.user_id,
                NewItem(
                    kind=item.kind,
                    fields=item.fields,
                    status=item.status,
                    notes=item.notes,
                    tags=item.tags,
                    images=[NewImage(stored.id, "front")],
                    collections=collections,
                ),
                actor=caller.user_id,
            )
