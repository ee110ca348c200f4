"""Guessing from many places, floods, and refresh tokens under concurrency."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.accounts import Client, Passwords, Recovery, Throttle, bucket
from armarium.features.accounts.errors import TooManyAttempts
from armarium.features.accounts.service.turns import Rank, Turns
from armarium.kit.instants import now
from armarium.platform.database import Scope
from tests.support.api import BASE_URL, PASSWORD, Person, register

AUTH = "/api/v1/auth"
NEW = "Cabinet-1901!"
Meanwhile: TypeAlias = Callable[[Callable[[], Awaitable[object]]], None]


def from_address(app: FastAPI, address: str) -> AsyncClient:
    transport = ASGITransport(app, client=(address, 1))
    return AsyncClient(transport=transport, base_url=BASE_URL)


async def test_an_attack_from_many_places_locks_nobody_out(
    ada: Person, shared_app: FastAPI
) -> None:
    """Twenty places guess until each must wait; the person still logs in, from a new place."""

    async def guess(address: str) -> list[int]:
        async with from_address(shared_app, address) as attacker:
            body = {"email": ada.email, "password": "Wrong-1867"}
            answers = [await attacker.post(f"{AUTH}/login", json=body) for _ in range(7)]
            return [answer.status_code for answer in answers]

    answers = await asyncio.gather(*(guess(f"198.51.100.{n}") for n in range(20)))
    assert all(codes[:5] == [401] * 5 and codes[-1] == 429 for codes in answers)
    async with from_address(shared_app, "203.0.113.5") as home:
        body = {"email": ada.email, "password": PASSWORD}
        assert (await home.post(f"{AUTH}/login", json=body)).status_code == 200
    assert (await ada.client.get("/api/v1/me")).status_code == 200


async def test_neighbors_in_one_ipv6_network_are_one_place(
    ada: Person, shared_app: FastAPI
) -> None:
    body = {"email": ada.email, "password": "Wrong-1867"}
    codes = []
    for number in range(6):
        async with from_address(shared_app, f"2001:db8:1:2::{number:x}") as attacker:
            codes.append((await attacker.post(f"{AUTH}/login", json=body)).status_code)
    assert codes == [401] * 5 + [429]


async def test_a_flood_waits_in_its_own_line() -> None:
    turns = Turns(1, longest_line=3)
    order: list[str] = []
    gate = asyncio.Event()

    async def work(place: str) -> None:
        async with turns.turn(place):
            await gate.wait()
            order.append(place)

    flood = [asyncio.create_task(work("flood")) for _ in range(10)]
    await asyncio.sleep(0)
    home = asyncio.create_task(work("home"))
    await asyncio.sleep(0)
    gate.set()
    results = await asyncio.gather(*flood, home, return_exceptions=True)
    refused = [result for result in results if isinstance(result, TooManyAttempts)]
    assert len(refused) == 6
    assert order == ["flood", "flood", "home", "flood", "flood"]


async def test_the_known_go_first_and_suspects_last() -> None:
    turns = Turns(1)
    order: list[str] = []
    gate = asyncio.Event()

    async def work(place: str, rank: Rank) -> None:
        async with turns.turn(place, rank):
            await gate.wait()
            order.append(place)

    tasks = [asyncio.create_task(work(f"botnet-{n}", Rank.SUSPECT)) for n in range(3)]
    await asyncio.sleep(0)
    tasks.append(asyncio.create_task(work("guest", Rank.STRANGER)))
    tasks.append(asyncio.create_task(work("home", Rank.KNOWN)))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(*tasks)
    assert order == ["botnet-0", "home", "guest", "botnet-1", "botnet-2"]


async def test_who_fails_again_and_again_becomes_a_suspect() -> None:
    passwords = Passwords(memory_kib=64)
    stored = await passwords.hash(PASSWORD)
    for _ in range(2):
        assert passwords._rank("198.51.100.1") is Rank.STRANGER
        await passwords.verify("Wrong-1867", None, place="198.51.100.1")
    assert passwords._rank("198.51.100.1") is Rank.SUSPECT
    await passwords.verify(PASSWORD, stored, place="198.51.100.1")
    assert passwords._rank("198.51.100.1") is Rank.STRANGER


async def test_who_logged_in_from_here_before_is_known(
    ada: Person, shared_app: FastAPI, shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords, seen = shared_house.get(Passwords), []
    really = passwords._check

    async def watch(password: str, stored: str, place: str, rank: Rank):
        seen.append(rank)
        return await really(password, stored, place, rank)

    monkeypatch.setattr(passwords, "_check", watch)
    async with from_address(shared_app, "203.0.113.21") as home:
        for _ in range(2):
            body = {"email": ada.email, "password": PASSWORD}
            assert (await home.post(f"{AUTH}/login", json=body)).status_code == 200
        await home.post(f"{AUTH}/login", json={**body, "email": "nobody@example.org"})
    assert seen == [Rank.STRANGER, Rank.KNOWN, Rank.STRANGER]


@pytest.fixture
def meanwhile(shared_house: House, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Has something done once, while a password is being checked."""
    passwords = shared_house.get(Passwords)
    really = passwords.verify

    def arrange(act: Callable[[], Awaitable[object]]) -> None:
        async def verify(*given: Any, **named: Any) -> tuple[bool, str | None]:
            checked = await really(*given, **named)
            monkeypatch.setattr(passwords, "verify", really)
            await act()
            return checked

        monkeypatch.setattr(passwords, "verify", verify)

    return arrange


async def reset(house: House, person: Person) -> None:
    link = await house.get(Recovery).link_for(person.email)
    await house.get(Recovery).reset(link.partition("#token=")[2], NEW, Client())


async def test_no_login_with_the_old_password_outlives_a_reset(
    ada: Person, shared_app: FastAPI, shared_house: House, meanwhile: Meanwhile
) -> None:
    meanwhile(partial(reset, shared_house, ada))
    async with from_address(shared_app, "198.51.100.9") as thief:
        body = {"email": ada.email, "password": PASSWORD}
        late = await thief.post(f"{AUTH}/login", json=body)
        assert (late.status_code, late.json()["code"]) == (401, "wrong_credentials")
        assert (await thief.post(f"{AUTH}/login", json={**body, "password": NEW})).is_success


async def test_no_change_of_password_overwrites_a_reset(
    ada: Person, shared_app: FastAPI, shared_house: House, meanwhile: Meanwhile
) -> None:
    meanwhile(partial(reset, shared_house, ada))
    change = {"current_password": PASSWORD, "new_password": "Of-The-Thief-7"}
    late = await ada.client.post("/api/v1/me/password", json=change)
    assert (late.status_code, late.json()["code"]) == (422, "wrong_password")
    async with from_address(shared_app, "203.0.113.7") as home:
        body = {"email": ada.email, "password": NEW}
        assert (await home.post(f"{AUTH}/login", json=body)).is_success


async def test_newer_costs_of_a_hash_undo_nothing(
    ada: Person, owner: Person, shared_app: FastAPI, shared_house: House, meanwhile: Meanwhile
) -> None:
    """A password is hashed anew at a login, and its account locked in that moment."""

    async def stored() -> str:
        async with shared_house.database.transaction(Scope()) as session:
            found = await session.execute(
                text("select password_hash from accounts_user where id = :id"), {"id": ada.id}
            )
            return found.scalar_one()

    async def login() -> int:
        async with from_address(shared_app, "203.0.113.8") as home:
            body = {"email": ada.email, "password": PASSWORD}
            return (await home.post(f"{AUTH}/login", json=body)).status_code

    async def lock() -> None:
        locked = await owner.client.post(f"/api/v1/admin/users/{ada.id}/disable")
        assert locked.is_success, locked.text

    cheap, passwords = await stored(), shared_house.get(Passwords)
    before = passwords._hash
    passwords._hash = Passwords(memory_kib=128)._hash
    try:
        meanwhile(lock)
        assert await login() == 401
        assert await login() == 401
        await owner.client.post(f"/api/v1/admin/users/{ada.id}/enable")
        assert await login() == 200
        assert await stored() != cheap
        assert await login() == 200
    finally:
        passwords._hash = before


async def test_counts_of_others_that_are_over_hold_nobody_up(shared_house: House) -> None:
    """Whoever counts forgets what is old, but not what another begins to count anew just now."""
    throttle, (mine, other) = shared_house.get(Throttle), (bucket(5, "mine"), bucket(5, "other"))
    with time_machine.travel(now() - timedelta(hours=1)):
        await throttle.count([mine, other])
    async with shared_house.database.transaction(Scope()) as session:
        held = text("select from accounts_attempt where key = :key for update")
        await session.execute(held, {"key": other.key})
        await asyncio.wait_for(throttle.count([mine]), 10)
    assert await throttle.wait([mine]) == 0


async def test_who_gives_up_waiting_leaves_no_gap() -> None:
    turns = Turns(1)
    entered = asyncio.Event()

    async def hold() -> None:
        async with turns.turn("a"):
            entered.set()
            await asyncio.sleep(0.01)

    async def enter(place: str) -> str:
        async with turns.turn(place):
            return place

    holder = asyncio.create_task(hold())
    await entered.wait()
    impatient = asyncio.create_task(enter("b"))
    patient = asyncio.create_task(enter("c"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await asyncio.wait_for(patient, 1) == "c"
    await holder
    # A turn that was given just before its holder went away is passed on.
    first = asyncio.create_task(hold())
    await asyncio.sleep(0)
    gone = asyncio.create_task(enter("d"))
    await asyncio.sleep(0)
    await first
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert await asyncio.wait_for(enter("e"), 1) == "e"


async def test_others_keep_working_while_one_place_floods(
    ada: Person, shared_app: FastAPI, shared_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = shared_house.get(Passwords)
    really = passwords._hash.verify_and_update

    def slow(password: str, stored: str):
        time.sleep(0.02)
        return really(password, stored)

    monkeypatch.setattr(passwords._hash, "verify_and_update", slow)
    async with (
        from_address(shared_app, "198.51.100.77") as attacker,
        from_address(shared_app, "203.0.113.77") as home,
    ):
        bad = [
            asyncio.create_task(
                attacker.post(
                    f"{AUTH}/login",
                    json={"email": f"x{number}@example.org", "password": "Wrong-1867"},
                )
            )
            for number in range(50)
        ]
        await asyncio.sleep(0.01)
        body = {"email": ada.email, "password": PASSWORD}
        good = asyncio.create_task(home.post(f"{AUTH}/login", json=body))
        assert (await good).status_code == 200
        codes = [answer.status_code for answer in await asyncio.gather(*bad)]
    # The flood was cut short instead of being worked off first.
    assert set(codes) == {401, 429}


UNUSED = text(
    """
    select count(*) filter (where t.used_at is null), bool_or(s.revoked_at is not null)
    from accounts_refresh_token t join accounts_session s on s.id = t.session_id
    where s.user_id = :person
    """
)


@pytest.mark.parametrize("seed", range(5))
async def test_refresh_families_under_concurrency(
    shared_app: FastAPI, shared_house: House, owner: Person, seed: int
) -> None:
    """Whatever the order: one token at most continues a chain, and reuse ends all of it."""
    chance = random.Random(seed)  # noqa: S311  # a reproducible order
    person = await register(shared_app)
    known, ended = [person.refresh_token], False
    async with from_address(shared_app, "203.0.113.9") as visitor:

        async def refresh(token: str) -> tuple[int, str]:
            answer = await visitor.post(f"{AUTH}/refresh", json={"refresh_token": token})
            body = answer.json()
            return answer.status_code, body.get("refresh_token") or body["code"]

        for _ in range(10):
            newest = [known[-1]] * chance.randint(1, 3)
            older = [chance.choice(known)] if chance.random() < 0.3 else []
            answers = await asyncio.gather(*map(refresh, newest + older))
            given = {token for status, token in answers if status == 200}
            assert not (ended and given), "an ended family goes on"
            ended = ended or (401, "refresh_token_reused") in answers
            known += [token for token in sorted(given) if token not in known]
            async with shared_house.database.transaction(Scope()) as session:
                unused, revoked = (await session.execute(UNUSED, {"person": person.id})).one()
            assert unused <= 1, "two tokens could continue the chain"
            assert revoked == ended
        if not ended:
            assert (await refresh(known[0]))[1] == "refresh_token_reused"
        assert {status for status, _ in [await refresh(token) for token in known]} == {401}
    assert (await person.client.get("/api/v1/me")).status_code == 401


@given(at_once=st.integers(1, 4), places=st.lists(st.integers(0, 3), max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_turns_never_exceed_and_never_leak(at_once: int, places: list[int]) -> None:
    async def scenario() -> None:
        turns = Turns(at_once, longest_line=100)
        inside = most = 0

        async def work(place: int) -> None:
            nonlocal inside, most
            async with turns.turn(str(place)):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(work(place) for place in places))
        assert most <= at_once
        assert turns._free == at_once
        assert not any(turns._lines.values())

    asyncio.run(scenario())
