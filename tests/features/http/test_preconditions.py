"""Nobody writes over what another has just said: `If-Match` where a row is changed whole."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import Response

from armarium.entry.wiring import House
from tests.support.api import running_app
from tests.support.items import EMMA, add_item
from tests.support.media import send_picture
from tests.support.sharing import Household, household, invite

V1 = "/api/v1"


@pytest.fixture
async def home(house: House) -> AsyncIterator[Household]:
    async with running_app(house) as app, household(app) as made:
        yield made


async def test_what_another_changed_meanwhile_is_not_written_over(home: Household) -> None:
    """Eight operations took the tag and looked at none, or had none to look at."""
    owner, admin = home.as_owner, home.admin.client
    shelf = (await owner.post(f"{V1}/collections", json={"name": "Verse"})).json()["id"]
    room = f"{V1}/collections/{shelf}"
    await invite(owner, home.stranger, f"{room}/invitations")
    pictures = [(await send_picture(owner))["id"] for _ in range(2)]
    item = await add_item(owner, EMMA, images=[{"media_id": each} for each in pictures])
    images = f"{V1}/items/{item['id']}/images"
    seats = {each["user_id"]: each for each in (await owner.get(_members(home))).json()}
    guests = (await owner.get(f"{room}/grants")).json()
    guest = next(each for each in guests if each["user_id"] == str(home.stranger.id))
    person, quota = f"{V1}/admin/users/{home.viewer.id}", f"{V1}/admin/spaces/{home.id}/quota"
    acts: tuple[tuple[Any, str, str, Any, str], ...] = (
        (admin, "PUT", quota, {"items": 900}, _tag(await admin.get(quota))),
        (admin, "PUT", f"{person}/role", {"role": "moderator"}, _tag(await admin.get(person))),
        (
            owner,
            "PATCH",
            f"{_members(home)}/{home.viewer.id}",
            {"role": "editor"},
            f'W/"{seats[str(home.viewer.id)]["version"]}"',
        ),
        (
            owner,
            "PUT",
            f"{room}/grants/{home.stranger.id}",
            {"role": "editor", "sees_money": False},
            f'W/"{guest["version"]}"',
        ),
        (owner, "PUT", f"{room}/grants/{home.editor.id}", {"role": "viewer"}, 'W/"0"'),
        (owner, "PUT", f"{images}/order", pictures[::-1], f'W/"{item["version"]}"'),
        (owner, "PATCH", f"{images}/{pictures[0]}", {"role": "back"}, ""),
        (owner, "DELETE", f"{images}/{pictures[0]}", None, ""),
    )
    last = ""
    for client, method, path, body, read in acts:
        tag = read or last
        sent = {} if body is None else {"json": body}
        stale = await client.request(method, path, headers={"If-Match": 'W/"77"'}, **sent)
        assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed"), path
        done = await client.request(method, path, headers={"If-Match": tag}, **sent)
        assert done.is_success, done.text
        last = _tag(done)
        assert last != tag, path
        again = await client.request(method, path, headers={"If-Match": tag}, **sent)
        assert again.status_code == 412, path


async def test_what_changed_meanwhile_is_not_deleted(home: Household) -> None:
    owner = home.as_owner
    shelf = (await owner.post(f"{V1}/collections", json={"name": "Verse"})).json()
    room, space = f"{V1}/collections/{shelf['id']}", f"{V1}/spaces/{home.id}"
    for path in (room, space):
        names = ("Prose", "Drama")
        tags = [_tag(await owner.patch(path, json={"name": each})) for each in names]
        refused = await owner.delete(path, headers={"If-Match": tags[0]})
        assert refused.status_code == 412, refused.text
        deleted = await owner.delete(path, headers={"If-Match": tags[1]})
        assert deleted.status_code == 204, deleted.text


def _members(home: Household) -> str:
    return f"{V1}/spaces/{home.id}/members"


def _tag(answer: Response) -> str:
    assert answer.is_success, answer.text
    return answer.headers["etag"]
