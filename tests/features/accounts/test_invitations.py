"""Who may make an account: open, by invitation, closed."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.features.accounts import Registration
from armarium.kit.ids import new_id
from tests.support.api import PASSWORD, Person, client_of
from tests.support.post import Post

INVITATIONS = "/api/v1/admin/invitations"
REGISTER = "/api/v1/auth/register"


@pytest.fixture(autouse=True)
def by_invitation(shared_house: House) -> Iterator[Registration]:
    registration = shared_house.get(Registration)
    registration._mode = "invite"
    yield registration
    registration._mode = "open"


def somebody(**more: object) -> dict[str, object]:
    return {"email": f"{new_id().hex}@example.org", "password": PASSWORD, **more}


async def invite(owner: Person, **wish: object) -> dict:
    made = await owner.client.post(INVITATIONS, json=wish)
    assert made.status_code == 201, made.text
    return made.json()


async def test_an_invitation_makes_one_account_with_its_role(
    owner: Person, visitor: AsyncClient, shared_app: FastAPI
) -> None:
    assert (await visitor.get("/api/v1/auth/setup")).json() == {
        "has_owner": True,
        "registration": "invite",
        "registration_open": False,
    }
    refused = await visitor.post(REGISTER, json=somebody())
    assert (refused.status_code, refused.json()["code"]) == (403, "invitation_needed")
    made = await invite(owner, role="Moderator")
    assert made["url"].endswith(f"/join#token={made['token']}")
    seen = await visitor.post("/api/v1/auth/invitation", json={"token": made["token"]})
    assert seen.json()["role"] == "moderator"
    joined = await visitor.post(REGISTER, json=somebody(invitation=made["token"]))
    assert joined.status_code == 201, joined.text
    async with client_of(shared_app, joined.json()["access_token"]) as newcomer:
        assert (await newcomer.get("/api/v1/me")).json()["role"] == "moderator"
        assert (await newcomer.get(INVITATIONS)).status_code == 403
        assert (await newcomer.post(INVITATIONS, json={})).status_code == 403
    again = await visitor.post(REGISTER, json=somebody(invitation=made["token"]))
    assert again.json()["code"] == "invalid_invitation"
    listed = (await owner.client.get(INVITATIONS)).json()[0]
    assert (listed["uses"], listed["max_uses"]) == (1, 1)
    assert made["token"] not in str(listed)


async def test_of_many_at_once_only_as_many_join_as_were_invited(
    owner: Person, visitor: AsyncClient
) -> None:
    token = (await invite(owner, uses=2))["token"]
    answers = await asyncio.gather(
        *(visitor.post(REGISTER, json=somebody(invitation=token)) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 201, 403, 403, 403]


async def test_an_invitation_to_an_address_is_sent_and_is_good_for_it_alone(
    owner: Person, visitor: AsyncClient, post: Post
) -> None:
    email = f"{new_id().hex}@example.org"
    shown = (await invite(owner, email=email))["token"]
    token = await post.token(email)
    assert token != shown
    for other in (somebody(invitation=token), somebody(invitation="guessed")):
        refused = await visitor.post(REGISTER, json=other)
        assert refused.json()["code"] == "invalid_invitation"
    body = {"email": email.upper(), "password": PASSWORD, "invitation": token}
    assert await proved_by(visitor, body) is True
    other = f"{new_id().hex}@example.org"
    shown = (await invite(owner, email=other))["token"]
    # The administrator has this one, too: it lets in, and proves nothing of the mailbox.
    assert await proved_by(visitor, {**body, "email": other, "invitation": shown}) is False


async def proved_by(visitor: AsyncClient, body: dict[str, str]) -> bool:
    joined = await visitor.post(REGISTER, json=body)
    assert joined.status_code == 201, joined.text
    token = {"Authorization": f"Bearer {joined.json()['access_token']}"}
    return (await visitor.get("/api/v1/me", headers=token)).json()["email_verified"]


async def test_withdrawn_and_expired_invitations_are_worth_nothing(
    owner: Person, visitor: AsyncClient
) -> None:
    made = await invite(owner)
    path = f"{INVITATIONS}/{made['invitation']['id']}"
    assert (await owner.client.delete(path)).status_code == 204
    assert (await owner.client.delete(f"{INVITATIONS}/{new_id()}")).status_code == 404
    late = await invite(owner, expires_in_days=1)
    refused = await visitor.post(REGISTER, json=somebody(invitation=made["token"]))
    assert refused.json()["code"] == "invalid_invitation"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=2)):
        refused = await visitor.post(REGISTER, json=somebody(invitation=late["token"]))
        assert refused.json()["code"] == "invalid_invitation"


async def test_a_closed_server_takes_no_invitation_either(
    owner: Person, visitor: AsyncClient, by_invitation: Registration
) -> None:
    token = (await invite(owner))["token"]
    by_invitation._mode = "closed"
    refused = await visitor.post(REGISTER, json=somebody(invitation=token))
    assert refused.json()["code"] == "registration_closed"
