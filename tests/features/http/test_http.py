"""The HTTP pipe, through routes that stand for any room's."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from httpx2 import AsyncClient
from pydantic import BaseModel, Field
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.features.accounts.tables import UserRow
from armarium.platform import paging
from armarium.platform.database import Database, Scope
from armarium.platform.errors import Conflict
from armarium.platform.http import (
    IfMatch,
    PageQuery,
    Principal,
    check_version,
    current_principal,
    idempotent,
    provide,
    public,
    set_etag,
    set_link,
)
from armarium.platform.paging import keyset_page
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap, client_of, register, running_app

router = APIRouter(prefix="/probe")
Caller = Annotated[Principal, Depends(current_principal)]
Pipe = Annotated[Database, provide(Database)]


class Thing(BaseModel):
    title: str = Field(min_length=1)
    sizes: dict[str, int] = {}


@router.get("/users")
async def users(
    request: Request, response: Response, caller: Caller, pipe: Pipe, page: PageQuery
) -> list[str]:
    async with pipe.transaction(caller.scope) as session:
        rows = await keyset_page(session, select(UserRow).order_by(UserRow.email_key), page)
    return set_link(request, response, rows.map(lambda row: row.email))


@router.post("/things", status_code=201, dependencies=[Depends(idempotent)])
async def create(response: Response, caller: Caller, pipe: Pipe, body: Thing) -> dict[str, int]:
    async with pipe.transaction(caller.scope) as session:
        serial = await session.scalar(
            text("insert into probe (title) values (:t) returning id"), {"t": body.title}
        )
        await asyncio.sleep(0.1)
        if body.title == "refuse":
            raise Conflict("No.", pointer="/title", hint="another title")
    if body.title == "late":
        raise Conflict
    if body.title == "crash":
        raise RuntimeError("secret inside")
    response.headers["Location"] = f"/things/{serial}"
    return {"id": serial}


@router.patch("/versioned")
async def versioned(response: Response, expected: IfMatch) -> dict[str, str]:
    check_version(expected, 3)
    set_etag(response, 4)
    return {}


@router.get("/crash/{thing}")
async def crash(thing: UUID) -> None:
    raise RuntimeError("secret inside")


@router.get("/long")
@public
async def long() -> dict[str, str]:
    return {"text": "x" * 5000}


@router.get("/stream")
@public
async def stream() -> StreamingResponse:
    async def events() -> AsyncIterator[str]:
        yield "data: " + "x" * 5000 + "\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@router.post("/shared", dependencies=[Depends(idempotent)])
async def shared(pipe: Pipe) -> dict[str, bool]:
    """Works in no space, as the reading of a shared catalogue does."""
    async with pipe.transaction(Scope()) as session:
        await session.execute(text("select 1"))
    return {"done": True}


@router.get("/text/{word}")
@public
async def echo(pipe: Pipe, word: str) -> str | None:
    async with pipe.transaction(Scope()) as session:
        return await session.scalar(text("select cast(:w as text)"), {"w": word})


@router.post("/json")
@public
async def keep(pipe: Pipe, body: dict[str, str]) -> None:
    async with pipe.transaction(Scope()) as session:
        await session.execute(text("select cast(:j as jsonb)"), {"j": json.dumps(body)})


@router.get("/gone")
@public
async def gone() -> None:
    raise OperationalError("select secret", {}, Exception("server closed the connection"))


@pytest.fixture
async def app(database_urls: DatabaseUrls, tmp_path) -> AsyncIterator[FastAPI]:
    settings = Settings(data=tmp_path, max_body_bytes=10_000, cors_origins=["https://pwa.example"])
    house = cheap(build(settings, database_urls))
    house.routers.append(router)
    house.add(house.database)
    async with running_app(house) as application:
        await _make_table(database_urls)
        yield application


async def _make_table(urls: DatabaseUrls) -> None:
    migrator = Database(urls.migrator)
    async with migrator.engine.begin() as connection:
        await connection.execute(
            text("create table probe (id int generated always as identity, title text)")
        )
        await connection.execute(text("grant select, insert on probe to arm_app"))
    await migrator.close()


@pytest.fixture
async def caller(app: FastAPI) -> AsyncClient:
    return (await register(app, "a@example.org")).client


def database_of(app: FastAPI) -> Database:
    return app.state.services[Database]


async def things(app: FastAPI) -> int:
    async with database_of(app).engine.begin() as connection:
        return await connection.scalar(text("select count(*) from probe")) or 0


async def test_nobody_comes_in_without_a_token(client: AsyncClient) -> None:
    for path in ("/api/v1/probe/users", "/api/v1/nowhere", "/api/v1/probe/crash/1"):
        refused = await client.get(path)
        assert refused.status_code == 401
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "unauthenticated"
    huge = await client.post("/api/v1/probe/things", content=b"{" * 5000)
    assert huge.status_code == 401


async def test_a_problem_has_the_members_of_rfc_9457(caller: AsyncClient) -> None:
    refused = await caller.post("/api/v1/probe/things", json={"title": "refuse"})
    body = refused.json()
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert body.pop("request_id") == refused.headers["x-request-id"]
    assert body == {
        "type": "/api/docs/errors#conflict",
        "title": "Conflict",
        "status": 409,
        "detail": "No.",
        "code": "conflict",
        "instance": "/api/v1/probe/things",
        "errors": [{"pointer": "/title", "code": "conflict", "detail": "No."}],
        "hint": "another title",
    }


async def test_each_invalid_value_is_pointed_at(caller: AsyncClient) -> None:
    refused = await caller.post("/api/v1/probe/things", json={"title": "", "sizes": {"a/b": "x"}})
    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/title", "string_too_short"),
        ("/sizes/a~1b", "int_parsing"),
    ]
    query = await caller.get("/api/v1/probe/users?limit=0")
    assert query.json()["errors"][0]["pointer"] == "query:limit"
    broken = await caller.post(
        "/api/v1/probe/things", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert broken.status_code == 422
    assert broken.json()["errors"][0]["code"] == "json_invalid"


async def test_unknown_paths_and_methods_are_problems_too(caller: AsyncClient) -> None:
    missing = await caller.get("/api/v1/nowhere")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = await caller.put("/api/v1/probe/users")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["allow"]


async def test_an_unexpected_error_tells_nothing(caller: AsyncClient) -> None:
    broken = await caller.get("/api/v1/probe/crash/01a1f7ab-2452-733e-9a1a-b73a0fe78949")
    assert broken.status_code == 500
    assert broken.json()["code"] == "unexpected"
    assert "secret" not in broken.text
    assert broken.json()["request_id"] == broken.headers["x-request-id"]


async def test_a_list_leads_to_its_end_once_over_every_row(
    app: FastAPI, caller: AsyncClient
) -> None:
    for letter in "bcdefg":
        await register(app, f"{letter}@example.org")
    seen: list[str] = []
    path = "/api/v1/probe/users?limit=3"
    while path:
        page = await caller.get(path)
        assert page.status_code == 200
        seen += page.json()
        link = page.headers.get("link", "")
        path = link.partition(">")[0].removeprefix("<")
        assert not link or link.endswith('rel="next"')
    assert seen == [f"{letter}@example.org" for letter in "abcdefg"]


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "PnM6YQ", "Pmk6MQ", "PnM6YX5zOmI", "%00", "8J-YgA", "PnM6YQ1i"]
)
async def test_a_made_up_cursor_is_refused(caller: AsyncClient, cursor: str) -> None:
    answer = await caller.get(f"/api/v1/probe/users?cursor={cursor}")
    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert answer.json()["code"] == "bad_cursor"


async def test_a_database_that_is_away_is_no_made_up_cursor(
    app: FastAPI, caller: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that is told to start again would do so over a list that it had half read."""

    async def away(*_given: object, **_named: object) -> None:
        raise OperationalError("select", {}, Exception("the server closed the connection"))

    await register(app, "b@example.org")
    following = (await caller.get("/api/v1/probe/users?limit=1")).headers["link"]
    monkeypatch.setattr(paging, "select_page", away)
    answer = await caller.get(following.partition(">")[0].removeprefix("<"))
    assert answer.status_code == 503


async def test_if_match_guards_a_change(caller: AsyncClient) -> None:
    async def change(tag: str | None) -> Response:
        headers = {} if tag is None else {"If-Match": tag}
        return await caller.patch("/api/v1/probe/versioned", headers=headers)

    assert (await change(None)).headers["etag"] == 'W/"4"'
    assert (await change('W/"3"')).status_code == 200
    assert (await change('"3"')).status_code == 200
    assert (await change("*")).status_code == 200
    late = await change('W/"2"')
    assert late.status_code == 412
    assert late.json()["current_version"] == 3
    assert (await change("three")).status_code == 422


async def test_a_create_that_is_sent_again_happens_once(app: FastAPI, caller: AsyncClient) -> None:
    key = {"Idempotency-Key": "shot-1"}
    first = await caller.post("/api/v1/probe/things", json={"title": "a"}, headers=key)
    again = await caller.post("/api/v1/probe/things", json={"title": "a"}, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    other = await caller.post("/api/v1/probe/things", json={"title": "b"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    stranger = (await register(app)).client
    theirs = await stranger.post("/api/v1/probe/things", json={"title": "a"}, headers=key)
    assert theirs.json() != first.json()
    assert await things(app) == 2


async def test_duplicates_at_once_have_one_effect(app: FastAPI, caller: AsyncClient) -> None:
    key = {"Idempotency-Key": "shot-2"}
    answers = await asyncio.gather(
        *(caller.post("/api/v1/probe/things", json={"title": "a"}, headers=key) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await things(app) == 1


async def test_a_refused_create_may_be_tried_again_under_its_key(
    app: FastAPI, caller: AsyncClient
) -> None:
    for title, status in (("refuse", 409), ("late", 409), ("crash", 500)):
        key = {"Idempotency-Key": title}
        for _ in range(2):
            answer = await caller.post("/api/v1/probe/things", json={"title": title}, headers=key)
            assert answer.status_code == status
            assert "idempotency-replayed" not in answer.headers
    too_long = {"Idempotency-Key": "x" * 201}
    refused = await caller.post("/api/v1/probe/things", json={"title": "a"}, headers=too_long)
    assert refused.status_code == 422


async def test_a_key_is_harmless_where_nothing_of_the_callers_is_written(
    app: FastAPI, caller: AsyncClient
) -> None:
    for _ in range(2):
        answer = await caller.post("/api/v1/probe/shared", headers={"Idempotency-Key": "shared"})
        assert (answer.status_code, answer.json()) == (200, {"done": True})


async def test_tokens_are_never_kept_under_a_key(app: FastAPI) -> None:
    person = await register(app)
    words = {"email": person.email, "password": PASSWORD}
    key = {"Idempotency-Key": "login"}
    answers = [
        await person.client.post("/api/v1/auth/login", json=words, headers=key) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len({answer.json()["refresh_token"] for answer in answers}) == 2
    async with database_of(app).transaction(Scope(user_id=person.id)) as session:
        assert await session.scalar(text("select count(*) from http_idempotency")) == 0


async def test_a_nul_is_refused_as_the_callers_fault(client: AsyncClient) -> None:
    for answer in (
        await client.get("/api/v1/probe/text/a%00b"),
        await client.post("/api/v1/probe/json", json={"a": "b\0"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "unstorable_text")


async def test_a_database_that_is_gone_is_not_our_mistake_and_passes(client: AsyncClient) -> None:
    answer = await client.get("/api/v1/probe/gone")
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert answer.headers["retry-after"] == "2"
    assert "secret" not in answer.text


async def test_long_answers_are_compressed_but_streams_are_not(client: AsyncClient) -> None:
    headers = {"Accept-Encoding": "gzip"}
    answer = await client.get("/api/v1/probe/long", headers=headers)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < 1000
    streamed = await client.get("/api/v1/probe/stream", headers=headers)
    assert "content-encoding" not in streamed.headers


async def test_bodies_have_a_limit(caller: AsyncClient) -> None:
    announced = await caller.post("/api/v1/probe/things", json={"title": "x" * 20_000})
    assert (announced.status_code, announced.json()["code"]) == (413, "too_large")

    async def pieces() -> AsyncIterator[bytes]:
        yield b'{"title": "'
        for _ in range(20):
            yield b"x" * 1000

    streamed = await caller.post(
        "/api/v1/probe/things", content=pieces(), headers={"Content-Type": "application/json"}
    )
    assert (streamed.status_code, streamed.json()["code"]) == (413, "too_large")


async def test_another_origin_needs_to_be_named(client: AsyncClient) -> None:
    headers = {"Origin": "https://pwa.example", "Access-Control-Request-Method": "POST"}
    allowed = await client.options("/api/v1/probe/things", headers=headers)
    assert allowed.headers["access-control-allow-origin"] == "https://pwa.example"
    other = await client.options(
        "/api/v1/probe/things", headers={**headers, "Origin": "https://evil.example"}
    )
    assert "access-control-allow-origin" not in other.headers


async def test_every_answer_is_guarded(client: AsyncClient) -> None:
    for path in ("/", "/api/v1/probe/long", "/api/v1/probe/users", "/api/docs"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        # A page runs its own scripts, anything else none at all.
        assert "script-src 'self';" in policy or policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]
    ours = "0123456789abcdef0123456789abcdef"
    echoed = await client.get("/api/v1/probe/long", headers={"X-Request-ID": ours})
    assert echoed.headers.get_list("x-request-id") == [ours]


async def test_the_reference_needs_no_other_server(client: AsyncClient) -> None:
    page = await client.get("/api/docs")
    assert "https://" not in page.text
    assert "<script>" not in page.text
    for path in ("start.js", "swagger-ui-bundle.js", "swagger-ui.css", "errors"):
        assert (await client.get(f"/api/docs/{path}")).status_code == 200
    document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    errors = await client.get("/api/docs/errors")
    assert 'id="not_found"' in errors.text


async def test_the_web_app_is_served_with_its_own_routes(
    database_urls: DatabaseUrls, tmp_path
) -> None:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<title>Armarium</title>")
    (web / "assets" / "app-1a2b.js").write_text("1")
    (web / "sw.js").write_text("2")
    house = build(Settings(data=tmp_path, web_folder=web), database_urls)
    async with running_app(house) as app, client_of(app) as visitor:
        for path in ("/", "/collection", "/items/1"):
            page = await visitor.get(path)
            assert "Armarium" in page.text
            assert page.headers["cache-control"] == "no-cache"
        asset = await visitor.get("/assets/app-1a2b.js")
        assert "immutable" in asset.headers["cache-control"]
        assert (await visitor.get("/sw.js")).headers["cache-control"] == "no-cache"
        for path in ("/assets/gone.js", "/gone.png", "/../pyproject.toml"):
            assert (await visitor.get(path)).status_code == 404
        assert (await visitor.get("/api/v1/nowhere")).status_code == 401
        assert (await visitor.post("/collection")).status_code == 405


async def test_viewers_do_not_change_a_space(app: FastAPI, database_urls: DatabaseUrls) -> None:
    owner, guest = await register(app), await register(app)
    space = {"X-Space": str(owner.id)}
    hidden = await guest.client.get("/api/v1/me", headers=space)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "no_such_space")
    admin = Database(database_urls.admin)
    async with admin.engine.begin() as connection:
        await connection.execute(
            text("insert into spaces_member values (:space, :user, 'viewer', now())"),
            {"space": owner.id, "user": guest.id},
        )
        await connection.execute(
            text("select pg_notify('arm_cache', :key)"), {"key": f"member:{guest.id}"}
        )
    await admin.close()
    await asyncio.sleep(0.1)
    seen = await guest.client.get("/api/v1/me", headers=space)
    assert seen.json()["space_id"] == str(owner.id)
    assert seen.json()["space_role"] == "viewer"
    change = await guest.client.patch("/api/v1/me", json={}, headers=space)
    assert (change.status_code, change.json()["code"]) == (403, "read_only_space")
    assert (await guest.client.get("/api/v1/me", headers={"X-Space": "x"})).status_code == 422
    listed = (await guest.client.get("/api/v1/spaces")).json()
    assert [(row["id"], row["role"]) for row in listed] == [
        (str(guest.id), "owner"),
        (str(owner.id), "viewer"),
    ]
