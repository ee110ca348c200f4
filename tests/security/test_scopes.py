"""What a program's key reaches, and what the platform's roles may do."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import iter_route_contexts
from httpx2 import ASGITransport, AsyncClient

from armarium.entry.api import create_app
from armarium.entry.offline import offline_house
from armarium.kit.ids import new_id
from armarium.platform.http import (
    ApiScope,
    Authentication,
    Permission,
    Principal,
    current_principal,
    is_public,
    permissions_of,
    problems,
    require,
)
from armarium.platform.http.scopes import scope_of

PERSON = Principal(user_id=new_id(), email="ada@example.org", space_id=new_id(), spaces=())


def test_every_guarded_route_says_which_scope_it_needs() -> None:
    app = create_app(offline_house())
    missing = {
        f"{method} {context.path_format} (tags {context.route.tags})"
        for context in iter_route_contexts(app.routes)
        if context.path_format is not None
        and context.path_format.startswith("/api/v1/")
        and not is_public(context.endpoint)
        for method in context.methods or ()
        if scope_of(context.route.tags, method) is None
    }
    assert not missing, "give the tag a row in platform/http/scopes.py"


def test_roles_hold_their_permissions() -> None:
    assert permissions_of("user") == frozenset()
    assert permissions_of("moderator") < permissions_of("admin") == frozenset(Permission)
    assert permissions_of("emperor") == frozenset()
    assert replace(PERSON, is_admin=True).permissions == frozenset(Permission)


class Known:
    """Every token is this person."""

    def __init__(self, person: Principal) -> None:
        self.person = person

    async def authenticate(self, token: str, space_id: UUID | None) -> Principal:
        del token, space_id
        return self.person


def client_as(person: Principal) -> AsyncClient:
    router = APIRouter(prefix="/api/v1")

    @router.get("/things/{thing_id}", tags=["collection"])
    async def read(caller: Annotated[Principal, Depends(current_principal)]) -> str:
        return caller.via

    @router.post("/things", tags=["collection"])
    async def write() -> str:
        return "written"

    @router.get("/odd", tags=["undeclared"])
    async def odd() -> str:
        return "odd"

    @router.get("/audit", tags=["admin"])
    async def audit(caller: Annotated[Principal, require(Permission.AUDIT_READ)]) -> str:
        return caller.role

    app = FastAPI()
    app.include_router(router)
    problems.install(app)
    app.add_middleware(Authentication, routes=lambda: app.routes, authenticator=Known(person))
    headers = {"Authorization": "Bearer x"}
    return AsyncClient(
        transport=ASGITransport(app), base_url="http://armarium.test", headers=headers
    )


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [
        (None, 200, 200),
        (frozenset[str](), 403, 403),
        (frozenset({"items:read"}), 200, 403),
        (frozenset({"items:write"}), 403, 200),
        (frozenset({"media:read", "media:write", "admin"}), 403, 403),
    ],
)
async def test_a_key_reaches_what_its_scopes_name(
    scopes: frozenset[str] | None, read: int, write: int
) -> None:
    async with client_as(replace(PERSON, scopes=scopes)) as client:
        assert (await client.get("/api/v1/things/1")).status_code == read
        assert (await client.head("/api/v1/things/1")).status_code in {read, 405}
        answer = await client.post("/api/v1/things")
        assert answer.status_code == write
        if write == 403:
            assert answer.json()["code"] == "missing_scope"


async def test_a_key_reaches_no_route_without_a_declared_scope() -> None:
    everything = frozenset(str(each) for each in ApiScope)
    async with client_as(replace(PERSON, scopes=everything)) as client:
        assert (await client.get("/api/v1/odd")).status_code == 403
    async with client_as(PERSON) as client:
        assert (await client.get("/api/v1/odd")).status_code == 200


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (PERSON, 403),
        (replace(PERSON, role="moderator"), 403),
        (replace(PERSON, role="admin"), 200),
        (replace(PERSON, role="admin", scopes=frozenset({"items:read"})), 403),
        (replace(PERSON, role="user", scopes=frozenset({"admin"})), 403),
        (replace(PERSON, role="admin", scopes=frozenset({"admin"})), 200),
    ],
)
async def test_acts_on_the_server_need_a_permission(person: Principal, status: int) -> None:
    async with client_as(person) as client:
        answer = await client.get("/api/v1/audit")
        assert answer.status_code == status
