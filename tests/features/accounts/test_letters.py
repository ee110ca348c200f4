"""Verification, a lost password, a new address: by the links in letters."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.accounts import (
    Logins,
    Passwords,
    Recovery,
    Registration,
    SendLetter,
    SigningKeys,
)
from armarium.features.accounts.errors import WeakPassword
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from tests.support.api import PASSWORD, Person, client_of
from tests.support.issuing import REDIRECT, code_of, registered, renew, trade
from tests.support.post import Post, prove, token_of
from tests.support.workflows import running_worker

AUTH = "/api/v1/auth"
EVERYWHERE = "0.0.0.0"  # noqa: S104  # nothing listens
NEW = "Cabinet-1901!"


async def log_in(visitor: AsyncClient, email: str, password: str = PASSWORD) -> int:
    body = {"email": email, "password": password}
    return (await visitor.post(f"{AUTH}/login", json=body)).status_code


async def test_a_lost_password_is_replaced_once_and_everything_else_ends(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    asked = await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email.upper()})
    assert asked.status_code == 202
    first = await post.token(ada.email)
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    token = await post.token(ada.email)
    body = {"token": first, "new_password": NEW}
    replaced = await visitor.post(f"{AUTH}/password-reset/confirm", json=body)
    assert (replaced.status_code, replaced.json()["code"]) == (422, "invalid_link")
    weak = {"token": token, "new_password": "weak"}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=weak)).status_code == 422
    body = {"token": token, "new_password": NEW}
    answers = await asyncio.gather(
        *(visitor.post(f"{AUTH}/password-reset/confirm", json=body) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [204, 422, 422]
    assert (await ada.client.get("/api/v1/me")).status_code == 401
    assert await log_in(visitor, ada.email) == 401
    assert await log_in(visitor, ada.email, NEW) == 200
    assert [letter["Subject"] for letter in await post.fetch()] == ["Your password was replaced"]


async def test_a_reset_takes_keys_and_programs_and_half_finished_logins(
    ada: Person, owner: Person, visitor: AsyncClient, post: Post, shared_app: FastAPI
) -> None:
    shared_app.state.admin = owner
    keys = [
        (
            await ada.client.post(
                "/api/v1/me/api-keys", json={"name": name, "scopes": ["account:read"]}
            )
        ).json()["secret"]
        for name in ("cron", "of the thief")
    ]
    program = await registered(shared_app, REDIRECT)
    scope = "account:read"
    allowed = await trade(visitor, program, await code_of(ada, program, scope=scope))
    tokens = allowed.json()
    acting = (*keys, tokens["access_token"])
    code = await code_of(ada, program, scope=scope)
    assert [await reads(shared_app, token) for token in acting] == [200] * 3
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    token = await post.token(ada.email)
    body = {"token": token, "new_password": NEW}
    done = await visitor.post(f"{AUTH}/password-reset/confirm", json=body)
    assert done.status_code == 204
    assert [await reads(shared_app, token) for token in acting] == [401] * 3
    assert (await renew(visitor, program, tokens["refresh_token"])).status_code == 400
    assert (await trade(visitor, program, code)).status_code == 400
    (letter,) = await post.fetch()
    text_of = letter.get_body(("plain",))
    assert text_of is not None
    assert "Every API key and every connected program lost" in text_of.get_content().replace(
        "\n", " "
    )
    login = await visitor.post(f"{AUTH}/login", json={"email": ada.email, "password": NEW})
    async with client_of(shared_app, login.json()["access_token"]) as again:
        assert (await again.get("/api/v1/me/api-keys")).json() == []
        assert (await again.get("/api/v1/me/programs")).json() == []
        log = (await again.get("/api/v1/audit", params={"limit": 50})).json()
    told = {entry["action"]: entry["detail"] for entry in log}
    assert told["auth.password_reset"]["ended"]["keys"] == 2
    assert told["auth.password_reset"]["ended"]["programs"] == 1
    revoked = [each for each in log if each["action"] == "auth.api_key_revoked"]
    assert {each["detail"]["reason"] for each in revoked} == {"password_reset"}


async def test_a_change_of_password_keeps_keys_and_says_so(
    ada: Person, post: Post, shared_app: FastAPI
) -> None:
    made = await ada.client.post(
        "/api/v1/me/api-keys", json={"name": "cron", "scopes": ["account:read"]}
    )
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await ada.client.post("/api/v1/me/password", json=body)).status_code == 204
    assert await reads(shared_app, made.json()["secret"]) == 200
    (letter,) = await post.fetch()
    text_of = letter.get_body(("plain",))
    assert text_of is not None
    assert "you have: 1 API key." in text_of.get_content()
    log = (await ada.client.get("/api/v1/audit", params={"limit": 50})).json()
    (changed,) = [each for each in log if each["action"] == "auth.password_changed"]
    assert changed["detail"]["keys_kept"] == 1


async def reads(app: FastAPI, token: str) -> int:
    async with client_of(app, token) as program:
        return (await program.get("/api/v1/me")).status_code


async def test_a_reset_is_asked_for_the_same_way_by_everybody(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    known = await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    unknown = await visitor.post(
        f"{AUTH}/password-reset", json={"email": f"{new_id().hex}@example.org"}
    )
    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content
    # Both enqueue one job: the unknown one finds nobody to write to.
    assert [bool(command.user_id) for command in post.asked] == [True, False]
    assert len(await post.fetch()) == 1


async def test_a_mailbox_is_not_flooded(ada: Person, shared_app: FastAPI, post: Post) -> None:
    for number in range(6):
        async with client_of(shared_app) as other:
            other._transport.client = (f"192.0.2.{number}", 1)
            answer = await other.post(f"{AUTH}/password-reset", json={"email": ada.email})
            assert answer.status_code == 202
    assert len(await post.fetch()) == 3


async def test_a_stranger_cannot_keep_letters_from_a_mailbox(
    ada: Person, shared_app: FastAPI, post: Post
) -> None:
    start = datetime.now(UTC)
    for number, seconds in enumerate((0, 0, 0, 150, 290, 310)):
        async with client_of(shared_app) as other:
            other._transport.client = (f"192.0.2.{number}", 1)
            with time_machine.travel(start + timedelta(seconds=seconds)):
                await other.post(f"{AUTH}/password-reset", json={"email": ada.email})
    assert len(await post.fetch()) == 4


async def test_a_reset_link_lives_an_hour(ada: Person, visitor: AsyncClient, post: Post) -> None:
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    token = await post.token(ada.email)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
        late = await visitor.post(
            f"{AUTH}/password-reset/confirm", json={"token": token, "new_password": NEW}
        )
    assert late.json()["code"] == "invalid_link"


async def test_guessing_links_is_slowed(visitor: AsyncClient) -> None:
    visitor._transport.client = ("192.0.2.99", 1)
    for _ in range(20):
        await visitor.post(f"{AUTH}/email/verify", json={"token": "guessed"})
    slowed = await visitor.post(f"{AUTH}/email/verify", json={"token": "guessed"})
    assert slowed.status_code == 429


@pytest.fixture
def proof_demanded(shared_house: House, ada: Person) -> Iterator[None]:
    services = (shared_house.get(Registration), shared_house.get(Logins))
    for service in services:
        service._must_verify = True
    yield
    for service in services:
        service._must_verify = False


@pytest.mark.usefixtures("proof_demanded")
async def test_an_address_is_proved_before_the_first_login(
    owner: Person, visitor: AsyncClient, post: Post
) -> None:
    address = f"{new_id().hex}@example.org"
    body = {"email": address, "password": PASSWORD}
    pending = await visitor.post(f"{AUTH}/register", json=body)
    assert (pending.status_code, pending.json()) == (202, {"status": "check_mail"})
    token = await post.token(address)
    assert await log_in(visitor, address, "Wrong-1867") == 401
    early = await visitor.post(f"{AUTH}/login", json=body)
    assert (early.status_code, early.json()["code"]) == (403, "email_not_verified")
    token = await post.token(address)
    proved = await visitor.post(f"{AUTH}/email/verify", json={"token": token})
    assert proved.status_code == 204
    assert await log_in(visitor, address) == 200
    twice = await visitor.post(f"{AUTH}/email/verify", json={"token": token})
    assert twice.json()["code"] == "invalid_link"


@pytest.mark.usefixtures("proof_demanded")
async def test_whoever_reads_the_mailbox_sets_the_password(
    owner: Person, visitor: AsyncClient, post: Post
) -> None:
    """Somebody else had registered the address, with a password of theirs."""
    address = f"{new_id().hex}@example.org"
    await visitor.post(f"{AUTH}/register", json={"email": address, "password": "Mallory-1867!"})
    early = await post.token(address)
    await visitor.post(f"{AUTH}/register", json={"email": address, "password": NEW})
    token = await post.token(address)
    late = await visitor.post(f"{AUTH}/email/verify", json={"token": early})
    assert late.json()["code"] == "invalid_link"
    body = {"token": token, "new_password": NEW}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).status_code == 204
    assert await log_in(visitor, address, "Mallory-1867!") == 401
    assert await log_in(visitor, address, NEW) == 200


@pytest.mark.usefixtures("proof_demanded")
async def test_registering_tells_nobody_who_is_here(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    stranger = f"{new_id().hex}@example.org"
    await prove(ada, post)
    known = await visitor.post(
        f"{AUTH}/register", json={"email": ada.email, "password": "Other-1867!"}
    )
    unknown = await visitor.post(
        f"{AUTH}/register", json={"email": stranger, "password": "Other-1867!"}
    )
    assert known.status_code == unknown.status_code == 202
    assert known.json() == unknown.json()
    subjects = {letter["To"]: letter["Subject"] for letter in await post.fetch()}
    assert subjects[ada.email] == "You have an account already"
    assert subjects[stranger] == "Confirm your e-mail address"
    assert await log_in(visitor, ada.email, "Other-1867!") == 401
    assert await log_in(visitor, ada.email) == 200


async def test_an_address_is_proved_by_its_letter_and_by_nothing_else(
    ada: Person, visitor: AsyncClient, post: Post, shared_house: House
) -> None:
    async def is_proved() -> tuple[bool, bool]:
        body = {"email": ada.email, "password": PASSWORD}
        token = (await visitor.post(f"{AUTH}/login", json=body)).json()["access_token"]
        me = await visitor.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        claims = await shared_house.get(SigningKeys).verify(token)
        return me.json()["email_verified"], claims["email_verified"]

    assert await is_proved() == (False, False)
    link = await shared_house.get(Recovery).link_for(ada.email)
    body = {"token": link.partition("#token=")[2], "new_password": PASSWORD}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).is_success
    assert await is_proved() == (False, False)
    await post.fetch()
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    body["token"] = await post.token(ada.email)
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).is_success
    assert await is_proved() == (True, True)


async def test_one_asks_for_the_letter_that_proves(ada: Person, post: Post) -> None:
    await prove(ada, post)
    assert (await ada.client.get("/api/v1/me")).json()["email_verified"] is True
    answers = [await ada.client.post("/api/v1/me/email/verification") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert await post.fetch() == []


@pytest.mark.usefixtures("proof_demanded")
async def test_whom_the_operator_let_in_needs_no_proof(
    visitor: AsyncClient, shared_house: House, post: Post
) -> None:
    address = f"{new_id().hex}@example.org"
    made = await shared_house.get(Registration).create(address, PASSWORD)
    assert made.email_verified is False
    assert await log_in(visitor, address) == 200
    assert await post.fetch() == []


async def test_somebody_elses_address_is_not_told_apart(
    ada: Person, owner: Person, visitor: AsyncClient, post: Post
) -> None:
    free = await ada.client.post("/api/v1/me/email", json={"email": "free@example.org"})
    taken = await ada.client.post("/api/v1/me/email", json={"email": owner.email})
    assert free.status_code == taken.status_code == 202
    letters = {letter["To"]: letter for letter in await post.fetch()}
    assert letters[owner.email]["Subject"] == "You have an account already"
    # The second wish replaced the first, whose letter was not yet on its way.
    assert "free@example.org" not in letters


async def test_no_secret_stands_in_a_job_and_no_token_in_the_database(
    ada: Person, shared_house: House, post: Post, module_database_urls
) -> None:
    database = shared_house.database
    async with running_worker(module_database_urls, shared_house.get(Flows), database) as worker:
        job = await worker.run(SendLetter("reset_password", ada.id))
        assert job.status == "done"
        policy = email.policy.default
        sent = [
            email.message_from_bytes(file.read_bytes(), policy=policy)
            for file in shared_house.settings.mail_folder.glob("*.eml")
        ]
        token = next(token_of(letter) for letter in sent if letter["To"] == ada.email)
        with worker.worker._engine.sql().begin() as connection:
            for statement in (
                "select * from dbos.workflow_status",
                "select * from dbos.workflow_input",
                "select * from dbos.operation_outputs",
            ):
                rows = connection.execute(text(statement)).all()
                assert token not in str(rows)
                assert ada.email not in str(rows)
    async with database.transaction(Scope()) as session:
        rows = (await session.execute(text("select * from accounts_one_time"))).all()
        assert token.encode() not in [row.hash for row in rows]
        assert token not in str(rows)


@pytest.mark.parametrize("password", ["P@ssw0rd1!", "Qwerty123!", "Welcome-2024", "!Summer1999"])
async def test_what_everybody_tries_first_is_no_password(
    visitor: AsyncClient, password: str
) -> None:
    body = {"email": f"{new_id().hex}@example.org", "password": password}
    refused = await visitor.post(f"{AUTH}/register", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "weak_password")
    assert [each["code"] for each in refused.json()["errors"]] == ["password_widespread"]


@pytest.mark.parametrize(
    ("reached", "accepts"),
    [
        ({}, True),
        ({"host": EVERYWHERE}, False),
        ({"public_url": "https://a.example.org"}, False),
        ({"host": EVERYWHERE, "widespread_passwords": "accept"}, True),
        ({"widespread_passwords": "refuse"}, False),
    ],
)
def test_at_home_the_rules_are_enough(
    settings: Settings, database_urls: DatabaseUrls, reached: dict[str, str], *, accepts: bool
) -> None:
    """Nobody else can try there what everybody tries first."""
    passwords = build(settings.model_copy(update=reached), database_urls).get(Passwords)
    for asked in ("Passw0rd!", "Test1234!"):
        if accepts:
            passwords.check(asked)
        else:
            with pytest.raises(WeakPassword):
                passwords.check(asked)


async def test_a_login_from_a_new_place_is_told(
    ada: Person, post: Post, shared_app: FastAPI
) -> None:
    async with client_of(shared_app) as other:
        assert await log_in(other, ada.email) == 200
        assert await post.fetch() == []
        for place in ("198.51.100.7", "198.51.100.7", "2001:db8:1:2::3", "2001:db8:1:2::4"):
            other._transport.client = (place, 1)
            assert await log_in(other, ada.email) == 200
        letters = await post.fetch()
    assert [letter["Subject"] for letter in letters] == ["Somebody logged in from a new place"] * 2
    bodies = [letter.get_body(("plain",)).get_content() for letter in letters]
    assert any("198.51.100.7" in body for body in bodies)
    assert any("2001:db8:1:2::3" in body for body in bodies)
