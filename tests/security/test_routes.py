"""Every route of the program, tried by nobody and by the neighbor.

A route that is added later joins by itself: it must demand a token unless it names itself public,
and must not show or change what belongs to another space.
"""

import json
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.api import create_app
from armarium.entry.offline import offline_house
from armarium.kit.ids import new_id
from tests.support.api import Person, client_of, register
from tests.support.belongings import UUID_TEXT, belongings
from tests.support.routes import NOT_WALKED, PLACEHOLDER, example_bodies, routes_of

PUBLIC = {
    "GET /api/v1/auth/setup",
    # What events look like: of the program, not of anybody.
    "GET /api/v1/event-schemas",
    "GET /api/v1/event-schemas/{name}",
    "POST /api/v1/auth/login",
    # The next steps of a login, and what a letter's one-time token opens.
    "POST /api/v1/auth/login/second-factor",
    "POST /api/v1/auth/login/passkey",
    "POST /api/v1/auth/login/passkey/options",
    "POST /api/v1/auth/invitation",
    "POST /api/v1/auth/password-reset",
    "POST /api/v1/auth/password-reset/confirm",
    "POST /api/v1/auth/email/verify",
    "POST /api/v1/auth/email/confirm",
    "POST /api/v1/auth/email/undo",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
    # To a login provider and back; the state and a cookie bind the two.
    "GET /api/v1/auth/providers",
    "GET /api/v1/auth/providers/{name}/login",
    "GET /api/v1/auth/providers/{name}/logout",
    "GET /auth/callback",
    # Our issuer. The page asks nobody anything before they are logged in; the token endpoint takes
    # one-time codes with PKCE, and the user endpoint checks the bearer itself.
    "GET /.well-known/openid-configuration",
    "GET /.well-known/oauth-authorization-server",
    "GET /.well-known/oauth-protected-resource",
    "GET /oauth/authorize",
    "GET /oauth/logout",
    "POST /oauth/token",
    "POST /oauth/revoke",
    "POST /oauth/register",
    "GET /oauth/userinfo",
    "GET /api/v1/me/authorization/leaving",
    "GET /api/v1/me/authorization/page",
    "GET /.well-known/jwks.json",
    "GET /healthz",
    "GET /api/v1/health/version",
    "GET /api/docs",
    "GET /api/docs/errors",
    "GET /api/docs/start.js",
    "GET /api/docs/swagger-ui-bundle.js",
    "GET /api/docs/swagger-ui.css",
    "GET /api/openapi.json",
    # Signed addresses: the token in the path is the permission, for one object and some minutes.
    "GET /api/v1/blobs/{token}",
    "PUT /api/v1/blobs/{token}",
    # A shared link: its token is the permission, for one thing, until it is revoked.
    "GET /api/v1/shared/{token}",
    "GET /api/v1/shared/{token}/items",
    "GET /api/v1/shared/{token}/items/{item_id}",
    "GET /api/v1/shared/{token}/items/{item_id}/pictures/{media_id}/{variant}",
    # Who invites to what: names, to whoever holds the one-time token of the link.
    "POST /api/v1/invitations/lookup",
    # What people chose to show to everyone.
    "GET /api/v1/people/{handle}",
    "GET /api/v1/people/{handle}/collections/{collection_id}/items",
    "GET /api/v1/people/{handle}/items/{item_id}",
    "GET /api/v1/people/{handle}/items/{item_id}/pictures/{media_id}/{variant}",
    "GET /",
}
"""Opening a route is a decision: it is written down here, too."""


REFUSED = {403, 404, 405, 409, 413, 415, 422}


@pytest.fixture(scope="module")
def unstarted() -> FastAPI:
    return create_app(offline_house())


def test_public_routes_are_written_down(unstarted: FastAPI) -> None:
    found = {route.name for route in routes_of(unstarted) if route.open}
    assert found <= PUBLIC, f"these routes are public without a decision: {found - PUBLIC}"


def test_routes_that_are_not_walked_exist(unstarted: FastAPI) -> None:
    assert set(NOT_WALKED) <= {route.name for route in routes_of(unstarted)}


def test_pages_aside_everything_stands_under_the_guarded_prefix(unstarted: FastAPI) -> None:
    """The middleware guards /api/ only, so a private route elsewhere would be open."""
    outside = {
        r.name for r in routes_of(unstarted) if not r.path.startswith("/api/") and not r.open
    }
    assert not outside


async def test_nobody_gets_in_anywhere(app: FastAPI, client: AsyncClient) -> None:
    for route in routes_of(app):
        if route.open:
            continue
        path = PLACEHOLDER.sub(str(new_id()), route.path)
        for headers in ({}, {"Authorization": "Bearer a.b.c"}, {"Authorization": "Basic YTpi"}):
            answer = await client.request(route.method, path, headers=headers)
            assert answer.status_code == 401, route.name
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.fixture
async def neighbors(app: FastAPI) -> tuple[Person, Person]:
    """An owner of some things, and somebody else (neither of them the server's admin)."""
    await register(app)
    return await register(app), await register(app)


async def test_another_spaces_ids_lead_nowhere(
    app: FastAPI, neighbors: tuple[Person, Person]
) -> None:
    owner, stranger = neighbors
    theirs = await belongings(owner.client)
    before = await theirs.state(owner.client)
    bodies = example_bodies(app)
    for route in routes_of(app):
        names = PLACEHOLDER.findall(route.path)
        if route.open or not names or not route.path.startswith("/api/"):
            continue
        for ids in theirs.combinations(names):
            path = PLACEHOLDER.sub(lambda match, ids=ids: str(ids[match.group(1)]), route.path)
            for body in ({}, bodies.get(route.name, {})):
                answer = await stranger.client.request(route.method, path, json=body)
                assert answer.status_code in REFUSED, (
                    f"{route.name} answered {answer.status_code} to another space's id"
                )
                assert not theirs.leaks(answer.text, asked=path), route.name
    assert await theirs.state(owner.client) == before


async def test_another_spaces_ids_in_a_body_lead_nowhere(
    app: FastAPI, neighbors: tuple[Person, Person]
) -> None:
    owner, stranger = neighbors
    theirs = await belongings(owner.client)
    before = await theirs.state(owner.client)
    tried = 0
    for name, body in example_bodies(app).items():
        method, path = name.split(" ", 1)
        if not UUID_TEXT.search(json.dumps(body)):
            continue
        own = PLACEHOLDER.sub(str(stranger.id), path)
        for theirs_id in theirs.everything:
            sent = json.loads(UUID_TEXT.sub(theirs_id, json.dumps(body)))
            answer = await stranger.client.request(method, own, json=sent)
            assert answer.status_code < 500, name
            assert not theirs.leaks(answer.text, asked=theirs_id), name
            tried += 1
    assert tried > 20
    assert await theirs.state(owner.client) == before


async def test_another_spaces_ids_stay_out_of_lists(
    app: FastAPI, neighbors: tuple[Person, Person]
) -> None:
    owner, stranger = neighbors
    theirs = await belongings(owner.client)
    for route in routes_of(app):
        if route.method != "GET" or "{" in route.path or not route.path.startswith("/api/v1/"):
            continue
        if route.name in NOT_WALKED:
            continue
        answer = await stranger.client.get(route.path, params={"q": "first edition"})
        assert not theirs.leaks(answer.text, asked=""), route.name


async def test_a_token_of_one_space_does_not_open_another(
    app: FastAPI, neighbors: tuple[Person, Person]
) -> None:
    owner, stranger = neighbors
    for space in (owner.id, new_id(), UUID(int=0)):
        async with client_of(app, stranger.access_token) as intruder:
            intruder.headers["X-Space"] = str(space)
            answer = await intruder.get("/api/v1/me")
            assert answer.status_code == 404
            assert answer.json()["code"] == "no_such_space"
