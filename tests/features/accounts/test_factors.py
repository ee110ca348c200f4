"""Second factors by the HTTP door: codes, recovery codes, passkeys, and the fresh proof."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.accounts import Factors, Throttle
from armarium.features.accounts.service import passkeys
from armarium.features.accounts.service.throttle import login_buckets
from armarium.platform.database import Scope
from armarium.platform.secret import ServerSecret
from tests.support.api import BASE_URL, PASSWORD, Person, client_of
from tests.support.authenticator import Authenticator
from tests.support.locks import waiting
from tests.support.post import Post, prove

AUTH = "/api/v1/auth"
ME = "/api/v1/me"
SECOND = f"{AUTH}/login/second-factor"


def code_at(app: pyotp.TOTP, steps: int = 0, moment: datetime | None = None) -> str:
    """What the app shows so many half minutes from now."""
    return app.at((moment or datetime.now(UTC)) + timedelta(seconds=30 * steps))


async def turn_on(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Codes from an app; the first one is spent."""
    begun = (await person.client.post(f"{ME}/second-factors/totp")).json()
    app = pyotp.TOTP(begun["secret"])
    code = code_at(app, -1)
    on = await person.client.post(f"{ME}/second-factors/totp/confirm", json={"code": code})
    assert on.status_code == 200, on.text
    return app, on.json()["recovery_codes"]


async def challenge_of(visitor: AsyncClient, person: Person) -> dict:
    body = {"email": person.email, "password": PASSWORD}
    asked = await visitor.post(f"{AUTH}/login", json=body)
    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_required")
    assert "access_token" not in asked.text
    return asked.json()


async def test_codes_are_on_after_the_first_one_and_asked_for_at_login(
    ada: Person, visitor: AsyncClient, shared_app: FastAPI, post: Post
) -> None:
    elsewhere = await visitor.post(f"{AUTH}/login", json={"email": ada.email, "password": PASSWORD})
    begun = (await ada.client.post(f"{ME}/second-factors/totp")).json()
    assert begun["otpauth_uri"].startswith("otpauth://totp/Armarium:")
    assert begun["qr_svg"].startswith("<svg")
    wrong = await ada.client.post(f"{ME}/second-factors/totp/confirm", json={"code": "000000"})
    assert wrong.json()["code"] == "wrong_code"
    assert (await ada.client.get(f"{ME}/second-factors")).json()["is_on"] is False
    app = pyotp.TOTP(begun["secret"])
    first = app.now()
    on = await ada.client.post(f"{ME}/second-factors/totp/confirm", json={"code": first})
    assert len(on.json()["recovery_codes"]) == 10
    assert (await ada.client.get(f"{ME}/second-factors")).json() == {
        "is_on": True,
        "totp": True,
        "passkeys": 0,
        "recovery_codes_left": 10,
        "required": False,
    }
    # This device goes on, the other one has to come in by both doors.
    assert (await ada.client.get(ME)).status_code == 200
    async with client_of(shared_app, elsewhere.json()["access_token"]) as other:
        assert (await other.get(ME)).status_code == 401
    asked = await challenge_of(visitor, ada)
    assert asked["methods"] == ["totp", "recovery_code"]
    replay = await visitor.post(SECOND, json={"challenge": asked["challenge"], "code": first})
    assert (replay.status_code, replay.json()["code"]) == (401, "wrong_second_factor")
    following = code_at(app, 1)
    done = await visitor.post(SECOND, json={"challenge": asked["challenge"], "code": following})
    assert done.status_code == 200, done.text
    again = await visitor.post(SECOND, json={"challenge": asked["challenge"], "code": following})
    assert again.json()["code"] == "login_expired"
    assert [letter["Subject"] for letter in await post.fetch()] == [
        "A second factor was added",
        "A code was used twice",
    ]


async def test_one_code_opens_one_session_however_many_try(
    ada: Person, visitor: AsyncClient
) -> None:
    app, _ = await turn_on(ada)
    challenges = [(await challenge_of(visitor, ada))["challenge"] for _ in range(3)]
    code = app.now()
    answers = await asyncio.gather(
        *(visitor.post(SECOND, json={"challenge": each, "code": code}) for each in challenges)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


async def test_codes_of_half_a_minute_ago_count_and_older_ones_do_not(
    ada: Person, visitor: AsyncClient
) -> None:
    app, _ = await turn_on(ada)
    moment = datetime.now(UTC) + timedelta(minutes=5)
    with time_machine.travel(moment, tick=False):
        for offset, status in ((-2, 401), (2, 401), (-1, 200), (1, 200)):
            asked = await challenge_of(visitor, ada)
            body = {"challenge": asked["challenge"], "code": code_at(app, offset, moment)}
            assert (await visitor.post(SECOND, json=body)).status_code == status, offset


async def test_guessing_codes_ends_the_login_and_is_slowed(
    ada: Person, visitor: AsyncClient
) -> None:
    app, _ = await turn_on(ada)
    asked = await challenge_of(visitor, ada)
    for _ in range(5):
        body = {"challenge": asked["challenge"], "code": "000000"}
        assert (await visitor.post(SECOND, json=body)).status_code == 401
    dead = await visitor.post(SECOND, json={"challenge": asked["challenge"], "code": app.now()})
    assert dead.json()["code"] == "login_expired"
    fresh = await challenge_of(visitor, ada)
    slowed = await visitor.post(SECOND, json={"challenge": fresh["challenge"], "code": app.now()})
    assert slowed.status_code == 429
    history = (await ada.client.get(f"{ME}/logins")).json()
    assert sum(line["method"] == "second_factor" for line in history) == 5


async def test_codes_guessed_at_once_are_no_more_than_one_by_one(
    ada: Person, visitor: AsyncClient
) -> None:
    app, _ = await turn_on(ada)
    challenges = [(await challenge_of(visitor, ada))["challenge"] for _ in range(4)]
    real = {code_at(app, step) for step in range(-2, 3)}
    guesses = [f"{number:06}" for number in range(20) if f"{number:06}" not in real][:12]
    answers = await asyncio.gather(
        *(
            visitor.post(SECOND, json={"challenge": challenges[number % 4], "code": guess})
            for number, guess in enumerate(guesses)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


async def test_no_code_fits_what_a_lost_secret_sealed(
    ada: Person,
    visitor: AsyncClient,
    shared_house: House,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    app, _ = await turn_on(ada)
    asked = await challenge_of(visitor, ada)
    secret = ServerSecret(value="another-secret-of-the-server-" * 2, file=tmp_path / "none")
    monkeypatch.setattr(shared_house.get(Factors), "_secret", secret)
    body = {"challenge": asked["challenge"], "code": code_at(app, 1)}
    refused = await visitor.post(SECOND, json=body)
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_second_factor")


async def test_a_recovery_code_works_once(ada: Person, visitor: AsyncClient, post: Post) -> None:
    _, codes = await turn_on(ada)
    await post.fetch()
    for code, status in (
        (codes[0].upper().replace("-", " "), 200),
        (codes[0], 401),
        (codes[1], 200),
    ):
        asked = await challenge_of(visitor, ada)
        body = {"challenge": asked["challenge"], "recovery_code": code}
        assert (await visitor.post(SECOND, json=body)).status_code == status
    left = (await ada.client.get(f"{ME}/second-factors")).json()["recovery_codes_left"]
    assert left == 8
    assert len(await post.fetch()) == 2
    renewed = await ada.client.post(f"{ME}/second-factors/recovery-codes")
    assert len(renewed.json()["recovery_codes"]) == 10
    asked = await challenge_of(visitor, ada)
    old = {"challenge": asked["challenge"], "recovery_code": codes[2]}
    assert (await visitor.post(SECOND, json=old)).status_code == 401


async def test_sensitive_acts_need_a_fresh_proof(ada: Person) -> None:
    app, _ = await turn_on(ada)
    later = datetime.now(UTC) + timedelta(minutes=11)
    with time_machine.travel(later):
        for method, path, body in (
            ("POST", f"{ME}/email", {"email": "other@example.org"}),
            ("POST", f"{ME}/api-keys", {"name": "a", "scopes": ["items:read"]}),
            ("POST", f"{ME}/passkeys/options", None),
            ("POST", f"{ME}/second-factors/recovery-codes", None),
            ("DELETE", f"{ME}/second-factors/totp", None),
        ):
            refused = await ada.client.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (403, "proof_required"), path
        for proof, status in (
            ({"password": PASSWORD}, 401),
            ({"code": app.now()}, 422),
            ({"password": "Wrong-1867", "code": app.now()}, 422),
            ({"password": PASSWORD, "code": app.now()}, 204),
        ):
            answer = await ada.client.post(f"{ME}/proof", json=proof)
            assert answer.status_code == status, (proof, answer.text)
        off = await ada.client.delete(f"{ME}/second-factors/totp")
        assert off.status_code == 204
    status = (await ada.client.get(f"{ME}/second-factors")).json()
    assert (status["is_on"], status["recovery_codes_left"]) == (False, 0)


@pytest.mark.parametrize(
    "offered",
    [
        {},
        {"passkey": {}},
        {"passkey": {"id": "x"}, "challenge": "x"},
        {"code": "123456"},
        {"recovery_code": "aaaa-bbbb-cccc"},
        {"passkey": {}, "code": "123456"},
        {"password": "", "passkey": {}},
    ],
)
async def test_a_factor_that_is_not_on_proves_nothing(ada: Person, offered: dict) -> None:
    """Whoever holds a session of somebody without a second factor, and no password."""
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        refused = await ada.client.post(f"{ME}/proof", json=offered)
        assert refused.status_code in {401, 422}
        act = await ada.client.post(f"{ME}/email", json={"email": "thief@example.org"})
        assert act.json()["code"] == "proof_required"


async def test_a_code_beside_a_passkey_needs_the_password(ada: Person) -> None:
    app, _ = await turn_on(ada)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        offered = {"code": app.now(), "passkey": {}}
        refused = await ada.client.post(f"{ME}/proof", json=offered)
        assert refused.json()["code"] == "wrong_password"
        act = await ada.client.delete(f"{ME}/second-factors/totp")
        assert act.json()["code"] == "proof_required"


async def add_passkey(person: Person, **traits: object) -> tuple[Authenticator, dict]:
    key = Authenticator(origin=BASE_URL, **traits)
    begun = (await person.client.post(f"{ME}/passkeys/options")).json()
    made = await person.client.post(
        f"{ME}/passkeys",
        json={
            "challenge": begun["challenge"],
            "credential": key.create(begun["public_key"]),
            "name": "Phone",
        },
    )
    assert made.status_code == 201, made.text
    return key, made.json()


async def test_the_first_proof_of_an_address_ends_what_was_set_up_before(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    """Whoever made the account may be somebody else than whose address it is."""
    await turn_on(ada)
    key, _ = await add_passkey(ada)
    assert (await by_passkey(visitor, key)).is_success
    await post.fetch()
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    body = {"token": await post.token(ada.email), "new_password": "Cabinet-1901!"}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).status_code == 204
    assert not (await by_passkey(visitor, key)).is_success
    entered = {"email": ada.email, "password": "Cabinet-1901!"}
    answer = await visitor.post(f"{AUTH}/login", json=entered)
    assert "access_token" in answer.json()


async def test_a_proved_address_keeps_its_factors_at_a_reset(
    ada: Person, visitor: AsyncClient, post: Post
) -> None:
    await prove(ada, post)
    await turn_on(ada)
    await post.fetch()
    await visitor.post(f"{AUTH}/password-reset", json={"email": ada.email})
    body = {"token": await post.token(ada.email), "new_password": "Cabinet-1901!"}
    assert (await visitor.post(f"{AUTH}/password-reset/confirm", json=body)).status_code == 204
    entered = {"email": ada.email, "password": "Cabinet-1901!"}
    answer = await visitor.post(f"{AUTH}/login", json=entered)
    assert answer.json().get("challenge"), answer.text


async def ceremony(visitor: AsyncClient, **body: object) -> dict:
    begun = await visitor.post(f"{AUTH}/login/passkey/options", json=body)
    assert begun.status_code == 200, begun.text
    return begun.json()


async def by_passkey(visitor: AsyncClient, key: Authenticator):
    begun = await ceremony(visitor)
    body = {"challenge": begun["challenge"], "passkey": key.get(begun["public_key"])}
    return await visitor.post(f"{AUTH}/login/passkey", json=body)


async def test_a_passkey_logs_in_alone(
    ada: Person, visitor: AsyncClient, shared_app: FastAPI
) -> None:
    key, made = await add_passkey(ada)
    assert len(made["recovery_codes"]) == 10
    done = await by_passkey(visitor, key)
    assert done.status_code == 200, done.text
    async with client_of(shared_app, done.json()["access_token"]) as phone:
        assert (await phone.get(ME)).json()["email"] == ada.email
        devices = (await phone.get(f"{ME}/sessions")).json()
        current = next(device for device in devices if device["is_current"])
        assert (current["method"], current["second_factor"]) == ("passkey", True)
    listed = (await ada.client.get(f"{ME}/passkeys")).json()
    assert listed[0]["name"] == "Phone"
    assert listed[0]["last_used_at"]
    path = f"{ME}/passkeys/{listed[0]['id']}"
    assert (await ada.client.patch(path, json={"name": "Old phone"})).json()["name"] == "Old phone"
    assert (await ada.client.delete(path)).status_code == 204
    assert (await by_passkey(visitor, key)).status_code == 422
    assert (await ada.client.get(f"{ME}/second-factors")).json()["is_on"] is False


async def test_a_passkey_is_a_second_factor_too(ada: Person, visitor: AsyncClient) -> None:
    key, _ = await add_passkey(ada, verifies=False)
    asked = await challenge_of(visitor, ada)
    assert asked["methods"] == ["passkey", "recovery_code"]
    begun = await ceremony(visitor, challenge=asked["challenge"])
    assert len(begun["public_key"]["allowCredentials"]) == 1
    body = {"challenge": asked["challenge"], "passkey": key.get(begun["public_key"])}
    done = await visitor.post(SECOND, json=body)
    assert done.status_code == 200, done.text


async def test_a_passkey_proves_again_who_is_there(ada: Person) -> None:
    key, _ = await add_passkey(ada)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        refused = await ada.client.post(f"{ME}/second-factors/recovery-codes")
        assert refused.json()["code"] == "proof_required"
        begun = (await ada.client.post(f"{ME}/proof/options")).json()
        body = {"challenge": begun["challenge"], "passkey": key.get(begun["public_key"])}
        assert (await ada.client.post(f"{ME}/proof", json=body)).status_code == 204
        assert (await ada.client.post(f"{ME}/proof", json=body)).status_code == 401
        assert (await ada.client.post(f"{ME}/second-factors/recovery-codes")).is_success


async def test_a_passkey_without_a_finger_proves_nobody_without_the_password(ada: Person) -> None:
    """Whoever finds a security key beside an open laptop has both."""
    key, _ = await add_passkey(ada, verifies=False)

    async def prove(**more: str) -> int:
        begun = (await ada.client.post(f"{ME}/proof/options")).json()
        body = {"challenge": begun["challenge"], "passkey": key.get(begun["public_key"]), **more}
        return (await ada.client.post(f"{ME}/proof", json=body)).status_code

    assert await prove() == 401
    assert await prove(password="Another-horse-8") == 422
    assert await prove(password=PASSWORD) == 204


async def test_forged_passkeys_open_nothing(
    ada: Person, owner: Person, visitor: AsyncClient, shared_house: House
) -> None:
    # Each attempt counts; the throttle has a test of its own.
    throttle = shared_house.get(Throttle)
    key, _ = await add_passkey(ada)
    # A finger was not on the sensor: alone that is not enough.
    key.verifies = False
    assert (await by_passkey(visitor, key)).status_code == 422
    key.verifies = True
    # Another site's page asked.
    key.origin = "https://armarium.test.evil.example"
    assert (await by_passkey(visitor, key)).status_code == 422
    key.origin = BASE_URL
    # A copy that lags behind the counter.
    assert (await by_passkey(visitor, key)).status_code == 200
    key.counter -= 2
    assert (await by_passkey(visitor, key)).status_code == 422
    key.counter += 5
    await throttle.succeeded(login_buckets("127.0.0.1", "passkey"))
    # Another key under the same name.
    forger = Authenticator(BASE_URL, counter=99, credential_id=key.credential_id)
    assert (await by_passkey(visitor, forger)).status_code == 422
    # An answer to an older question.
    begun, other = await ceremony(visitor), await ceremony(visitor)
    body = {"challenge": other["challenge"], "passkey": key.get(begun["public_key"])}
    assert (await visitor.post(f"{AUTH}/login/passkey", json=body)).status_code == 422
    # Used twice.
    begun = await ceremony(visitor)
    body = {"challenge": begun["challenge"], "passkey": key.get(begun["public_key"])}
    assert (await visitor.post(f"{AUTH}/login/passkey", json=body)).status_code == 200
    assert (await visitor.post(f"{AUTH}/login/passkey", json=body)).status_code == 401
    await throttle.succeeded(login_buckets("127.0.0.1", "passkey"))
    # Garbage.
    for passkey in ({}, {"rawId": "!"}, {**key.get(begun["public_key"]), "response": "x"}):
        begun = await ceremony(visitor)
        body = {"challenge": begun["challenge"], "passkey": passkey}
        assert (await visitor.post(f"{AUTH}/login/passkey", json=body)).status_code == 422
    # Somebody else's passkey is no second factor of mine.
    mine, _ = await add_passkey(owner)
    asked = await challenge_of(visitor, ada)
    begun = await ceremony(visitor, challenge=asked["challenge"])
    body = {"challenge": asked["challenge"], "passkey": mine.get(begun["public_key"])}
    assert (await visitor.post(SECOND, json=body)).status_code == 401


async def test_a_passkey_cannot_be_registered_by_another_or_twice(
    ada: Person, owner: Person
) -> None:
    begun = (await ada.client.post(f"{ME}/passkeys/options")).json()
    key = Authenticator(BASE_URL)
    body = {"challenge": begun["challenge"], "credential": key.create(begun["public_key"])}
    assert (await owner.client.post(f"{ME}/passkeys", json=body)).status_code == 422
    assert (await ada.client.post(f"{ME}/passkeys", json=body)).status_code == 201
    assert (await ada.client.post(f"{ME}/passkeys", json=body)).status_code == 401
    again = (await ada.client.post(f"{ME}/passkeys/options")).json()
    body = {"challenge": again["challenge"], "credential": key.create(again["public_key"])}
    assert (await ada.client.post(f"{ME}/passkeys", json=body)).status_code == 422


async def test_passkeys_ask_for_an_address_with_a_name(shared_app: FastAPI) -> None:
    async with client_of(shared_app) as visitor:
        visitor.base_url = "http://127.0.0.1:8400"
        refused = await visitor.post(f"{AUTH}/login/passkey/options", json={})
        assert refused.json()["code"] == "passkeys_need_a_name"


@pytest.fixture
def demanded(shared_house: House, ada: Person):
    factors = shared_house.get(Factors)
    factors._rule = "everyone"
    yield
    factors._rule = "nobody"


@pytest.mark.usefixtures("demanded")
async def test_of_two_last_factors_taken_away_at_once_one_stays(
    ada: Person, shared_house: House
) -> None:
    """Both acts begin before either ends: each would count the factor that the other takes."""
    made = [(await add_passkey(ada))[1]["passkey"]["id"] for _ in range(2)]
    async with shared_house.database.transaction(Scope()) as session:
        await session.execute(
            text("select from accounts_user where id = :id for no key update"), {"id": ada.id}
        )
        acts = [asyncio.create_task(ada.client.delete(f"{ME}/passkeys/{each}")) for each in made]
        await waiting(shared_house, acts)
    answers = await asyncio.gather(*acts)
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len((await ada.client.get(f"{ME}/passkeys")).json()) == 1


async def test_passkeys_are_counted_when_they_are_kept(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkeys, "MOST_PASSKEYS", 1)
    begun = [(await ada.client.post(f"{ME}/passkeys/options")).json() for _ in range(2)]
    answers = [
        await ada.client.post(
            f"{ME}/passkeys",
            json={
                "challenge": each["challenge"],
                "credential": Authenticator(BASE_URL).create(each["public_key"]),
                "name": "Phone",
            },
        )
        for each in begun
    ]
    assert [answer.status_code for answer in answers] == [201, 409]


@pytest.mark.usefixtures("demanded")
async def test_whoever_must_have_a_second_factor_can_only_set_one_up(
    ada: Person, visitor: AsyncClient
) -> None:
    for method, path in (("GET", "/api/v1/items"), ("PATCH", ME), ("GET", f"{ME}/sessions")):
        refused = await ada.client.request(method, path, json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_missing")
    assert (await ada.client.get(ME)).status_code == 200
    await turn_on(ada)
    assert (await ada.client.get("/api/v1/items")).status_code == 200
    kept = await ada.client.delete(f"{ME}/second-factors/totp")
    assert (kept.status_code, kept.json()["code"]) == (409, "second_factor_needed")
    assert (await ada.client.get(f"{ME}/second-factors")).json()["totp"] is True
