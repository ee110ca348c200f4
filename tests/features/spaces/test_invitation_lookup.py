"""What an invitation's link tells before anybody logs in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.support.sharing import Household, household

V1 = "/api/v1"
PATH = f"{V1}/invitations/lookup"


@pytest.fixture
async def home(app: FastAPI) -> AsyncIterator[Household]:
    async with household(app) as home:
        yield home


async def offer(home: Household, **wanted: str) -> str:
    path = f"{V1}/spaces/{home.id}/invitations"
    made = await home.owner.client.post(path, json={"role": "viewer", **wanted})
    return str(made.json()["token"])


async def test_a_stranger_learns_who_invites_to_what(client: AsyncClient, home: Household) -> None:
    named = await home.owner.client.patch(f"{V1}/me", json={"display_name": "Ada"})
    assert named.is_success
    token = await offer(home)
    told = await client.post(PATH, json={"token": token})
    assert told.json() == {
        "inviter_name": "Ada",
        "space_name": "The Lovelaces",
        "collection_name": None,
        "role": "viewer",
    }


async def test_whoever_gave_themselves_no_name_is_not_told_by_their_address(
    client: AsyncClient, home: Household
) -> None:
    token = await offer(home)
    told = await client.post(PATH, json={"token": token})
    assert told.json()["inviter_name"] is None
    assert "@" not in told.text


async def test_what_cannot_be_accepted_is_answered_alike(
    client: AsyncClient, home: Household
) -> None:
    used, withdrawn, late = [await offer(home) for _ in range(3)]
    taken = await home.stranger.client.post(f"{V1}/invitations/accept", json={"token": used})
    assert taken.is_success
    listed = (await home.owner.client.get(f"{V1}/spaces/{home.id}/invitations")).json()
    [second] = [each["id"] for each in listed[1:2]]
    gone = await home.owner.client.delete(f"{V1}/spaces/{home.id}/invitations/{second}")
    assert gone.status_code == 204
    answers = [await client.post(PATH, json={"token": each}) for each in (used, withdrawn, "x")]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=60)):
        answers.append(await client.post(PATH, json={"token": late}))
    assert {answer.status_code for answer in answers} == {404}
    bodies = [
        {key: said for key, said in answer.json().items() if key != "request_id"}
        for answer in answers
    ]
    assert all(body == bodies[0] for body in bodies)


async def test_guessing_is_slowed_down(client: AsyncClient, home: Household) -> None:
    for number in range(20):
        answer = await client.post(PATH, json={"token": f"guess-{number}"})
        assert answer.status_code == 404
    token = await offer(home)
    waits = await client.post(PATH, json={"token": token})
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) > 0
