"""A change of address: confirmed at the new one, taken back at the old one."""

import asyncio
from datetime import UTC, datetime, timedelta

import time_machine
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from tests.features.accounts.test_letters import AUTH, NEW, log_in
from tests.support.api import PASSWORD, Person
from tests.support.locks import waiting
from tests.support.post import Post, token_of


async def test_a_new_address_is_confirmed_there_and_can_be_taken_back(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    new = f"{new_id().hex}@example.org"
    assert (await ada.client.post("/api/v1/me/email", json={"email": new})).status_code == 202
    assert (await ada.client.get("/api/v1/me")).json()["email"] == ada.email
    token = await post.token(new)
    confirmed = await visitor.post(f"{AUTH}/email/confirm", json={"token": token})
    assert confirmed.status_code == 204, confirmed.text
    assert (await ada.client.get("/api/v1/me")).json()["email"] == new
    assert await log_in(visitor, ada.email) == 401
    undo = await post.token(ada.email)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=6)):
        back = await visitor.post(f"{AUTH}/email/undo", json={"token": undo})
        assert back.status_code == 204, back.text
    assert (await ada.client.get("/api/v1/me")).status_code == 401
    assert await log_in(visitor, new) == 401
    assert await log_in(visitor, ada.email) == 200
    assert [letter["Subject"] for letter in await post.fetch()] == ["Choose a new password"]


async def move(person: Person, post: Post, email: str) -> str:
    """Change the address and confirm it; gives the token that takes it back."""
    before = (await person.client.get("/api/v1/me")).json()["email"]
    asked = await person.client.post("/api/v1/me/email", json={"email": email})
    assert asked.status_code == 202, asked.text
    body = {"token": await post.token(email)}
    assert (await person.client.post(f"{AUTH}/email/confirm", json=body)).status_code == 204
    letters = [letter for letter in await post.fetch() if letter["To"] == before]
    return token_of(letters[0]) if letters else ""


async def test_no_address_in_between_beats_the_undo(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    one, two = (f"{name}-{new_id().hex}@example.org" for name in ("one", "two"))
    first, second = await move(ada, post, one), await move(ada, post, two)
    undone = await visitor.post(f"{AUTH}/email/undo", json={"token": first})
    assert undone.status_code == 204, undone.text
    body = {"token": await post.token(ada.email), "new_password": NEW}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).is_success
    again = await visitor.post(f"{AUTH}/email/undo", json={"token": second})
    assert (again.status_code, again.json()["code"]) == (422, "invalid_link")
    assert await log_in(visitor, ada.email, NEW) == 200


async def test_who_goes_back_leaves_no_undo_behind(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    one = f"{new_id().hex}@example.org"
    first = await move(ada, post, one)
    assert await move(ada, post, ada.email) == ""
    assert (await ada.client.get("/api/v1/me")).json()["email"] == ada.email
    assert (await visitor.post(f"{AUTH}/email/undo", json={"token": first})).status_code == 204
    assert await log_in(visitor, ada.email) == 200


async def test_an_address_that_waits_ends_with_the_old_password(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    thief = f"{new_id().hex}@example.org"
    await ada.client.post("/api/v1/me/email", json={"email": thief})
    unused = await post.token(thief)
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await ada.client.post("/api/v1/me/password", json=body)).status_code == 204
    late = await visitor.post(f"{AUTH}/email/confirm", json={"token": unused})
    assert (late.status_code, late.json()["code"]) == (422, "invalid_link")
    await post.fetch()

    await ada.client.post("/api/v1/me/email", json={"email": thief})
    unused = await post.token(thief)
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    reset = {"token": await post.token(ada.email), "new_password": PASSWORD}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=reset)).is_success
    late = await visitor.post(f"{AUTH}/email/confirm", json={"token": unused})
    assert (late.status_code, late.json()["code"]) == (422, "invalid_link")
    assert await log_in(visitor, ada.email) == 200


async def test_who_takes_a_letters_token_away_waits_for_nobody_who_spends_it(
    ada: Person, shared_house: House, post: Post
) -> None:
    """A new address is confirmed while the old one is: each would wait for the other."""
    await ada.client.post("/api/v1/me/email/verification")
    spent = {"token": await post.token(ada.email)}
    async with shared_house.database.transaction(Scope()) as session:
        await session.execute(text("set local lock_timeout = '2s'"))
        whose = {"id": ada.id}
        await session.execute(text("select from accounts_user where id = :id for update"), whose)
        verifying = asyncio.create_task(ada.client.post(f"{AUTH}/email/verify", json=spent))
        await waiting(shared_house, [verifying])
        await session.execute(text("delete from accounts_one_time where user_id = :id"), whose)
    late = await verifying
    assert (late.status_code, late.json()["code"]) == (422, "invalid_link")
