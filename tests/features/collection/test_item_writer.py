"""What other rooms do with items, in their own transactions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import pytest
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.collection import (
    Collection,
    InvalidItem,
    Item,
    ItemChange,
    ItemExtensions,
    ItemFilter,
    ItemInTrash,
    ItemNotFound,
    ItemReader,
    ItemWriter,
    NewImage,
    NewItem,
)
from armarium.features.media import MediaService
from armarium.features.spaces.errors import NotAnEditor
from armarium.features.templates import FieldDraft, Templates
from armarium.kit.ids import new_id
from armarium.platform.database import Scope, Session
from armarium.platform.http import Principal
from armarium.platform.paging import PageParams
from tests.support.items import CHARIZARD, EMMA, add_item
from tests.support.media import send_picture

CARD = NewItem(kind="card", fields={"name": "Charizard", "number": "4/102"}, read_text="120 HP")


@pytest.fixture
def writer(house: House) -> ItemWriter:
    return house.get(ItemWriter)


async def space_of(person: AsyncClient) -> UUID:
    return UUID((await person.get("/api/v1/me")).json()["space_id"])


async def test_a_step_that_runs_again_makes_one_item(
    person: AsyncClient, house: House, writer: ItemWriter
) -> None:
    space = await space_of(person)
    item_id = uuid5(space, "detection 1")
    made: list[Item] = []
    for _ in range(2):
        async with house.database.transaction(Scope.of_space(space)) as session:
            made.append(await writer.create(session, space, CARD, actor=None, item_id=item_id))
    assert made[0] == made[1]
    assert (made[0].title, made[0].created_by, made[0].read_text) == ("Charizard", None, "120 HP")
    shown = (await person.get("/api/v1/cards")).json()
    assert [row["id"] for row in shown] == [str(item_id)]
    history = (await person.get(f"/api/v1/cards/{item_id}/history")).json()
    assert [(each["action"], each["actor"]) for each in history] == [("created", None)]


async def test_everything_rolls_back_with_the_caller(
    person: AsyncClient, house: House, writer: ItemWriter
) -> None:
    space = await space_of(person)
    media = await send_picture(person)
    new = NewItem(kind="card", title="x", images=[NewImage(UUID(media["id"]))])

    async def fail_after_creating() -> None:
        async with house.database.transaction(Scope.of_space(space)) as session:
            await writer.create(session, space, new, actor=None)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await fail_after_creating()
    assert (await person.get("/api/v1/items")).json() == []
    assert (await person.delete(f"/api/v1/media/{media['id']}")).status_code == 204


async def test_attach_change_and_undo(
    person: AsyncClient, house: House, writer: ItemWriter
) -> None:
    space = await space_of(person)
    sent = [UUID((await send_picture(person))["id"]) for _ in range(2)]
    async with house.database.transaction(Scope.of_space(space)) as session:
        item = await writer.create(session, space, CARD, actor=None)
        images = [NewImage(each, "front") for each in sent]
        item = await writer.attach_images(session, space, item.id, images, actor=None)
        item = await writer.detach_images(session, space, item.id, sent[:1], actor=None)
        change = ItemChange(catalogue_entry_id=new_id(), read_text="")
        item = await writer.change(session, space, item.id, change, actor=None)
    assert [each.media_id for each in item.images] == sent[1:]
    assert (item.version, item.read_text) == (4, "")
    async with house.database.transaction(Scope.of_space(space)) as session:
        trashed = await writer.trash(session, space, item.id, actor=None)
        with pytest.raises(ItemInTrash):
            await writer.change(session, space, item.id, change, actor=None)
        restored = await writer.restore(session, space, item.id, actor=None)
    assert trashed.deleted_at is not None
    assert (restored.images, restored.deleted_at) == (item.images, None)


async def test_a_worker_of_one_space_can_not_reach_another(
    person: AsyncClient, house: House, writer: ItemWriter
) -> None:
    item = await add_item(person, EMMA)
    other = new_id()
    async with house.database.transaction(Scope.of_space(other)) as session:
        with pytest.raises(ItemNotFound):
            await writer.trash(session, other, UUID(item["id"]), actor=None)
        with pytest.raises(ItemNotFound):
            await writer.trash(session, await space_of(person), UUID(item["id"]), actor=None)
    with pytest.raises(ItemNotFound):
        await house.get(ItemReader).get(Scope.of_space(other), UUID(item["id"]))
    assert await house.get(MediaService).many(Scope(), [new_id()]) == {}


async def test_too_many_pictures(person: AsyncClient, house: House, writer: ItemWriter) -> None:
    space = await space_of(person)
    new = NewItem(kind="card", title="x", images=[NewImage(new_id()) for _ in range(101)])
    with pytest.raises(InvalidItem):
        async with house.database.transaction(Scope.of_space(space)) as session:
            await writer.create(session, space, new, actor=None)


async def test_a_viewer_looks_but_does_not_touch(house: House) -> None:
    space = new_id()
    viewer = Principal(new_id(), "v@example.org", space, (space,), space_role="viewer")
    media, field = house.get(MediaService), FieldDraft(label="Box", type="text")
    for refused in (
        house.get(Collection).create(viewer, CARD),
        house.get(Templates).add(viewer, field),
        media.create(viewer, b"", "a.jpg"),
        media.presign(viewer, filename="a.jpg", content_type="image/jpeg", size=1),
        media.discard(viewer, new_id()),
    ):
        with pytest.raises(NotAnEditor):
            await refused
    page = await house.get(ItemReader).page(viewer, ItemFilter(), "-created_at", PageParams())
    assert page.rows == []


class Worth:
    """What a higher room would register."""

    name = "worth"

    async def extend(
        self, session: Session, space_id: UUID, item_ids: Sequence[UUID]
    ) -> Mapping[UUID, Any]:
        assert session.info["scope"].spaces == (space_id,)
        return {each: {"mid": {"amount_minor": 1200, "currency": "EUR"}} for each in item_ids}


async def test_higher_rooms_add_what_they_know(person: AsyncClient, house: House) -> None:
    house.get(ItemExtensions).append(Worth())
    item = await add_item(person, CHARIZARD)
    shown = (await person.get(f"/api/v1/items/{item['id']}")).json()
    assert shown["extensions"] == {
        "recognition": None,
        "worth": {"mid": {"amount_minor": 1200, "currency": "EUR"}},
    }
