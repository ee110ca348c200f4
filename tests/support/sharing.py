"""People who share: a household with an owner, an editor and a viewer, and somebody outside."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.support.api import Person, client_of, register


@dataclass(frozen=True, slots=True)
class Household:
    """One space and the people around it; each client acts in the space by its header."""

    id: str
    admin: Person
    owner: Person
    editor: Person
    viewer: Person
    stranger: Person
    as_owner: AsyncClient
    as_editor: AsyncClient
    as_viewer: AsyncClient
    as_stranger: AsyncClient


def acting(app: FastAPI, person: Person, space_id: str) -> AsyncClient:
    """A client of this person in that space."""
    client = client_of(app, person.access_token)
    client.headers["X-Space"] = space_id
    return client


async def invite(
    client: AsyncClient, person: Person, path: str, role: str = "viewer", **more: Any
) -> None:
    """Offer a seat by link and take it."""
    offered = await client.post(path, json={"role": role, **more})
    assert offered.status_code == 201, offered.text
    token = offered.json()["token"]
    taken = await person.client.post("/api/v1/invitations/accept", json={"token": token})
    assert taken.status_code == 200, taken.text


@asynccontextmanager
async def household(app: FastAPI) -> AsyncGenerator[Household]:
    """A household by the real door; the server's first account is somebody else."""
    admin = await register(app)
    owner, editor, viewer, stranger = [await register(app) for _ in range(4)]
    body = {"kind": "household", "name": "The Lovelaces"}
    made = await owner.client.post("/api/v1/spaces", json=body)
    assert made.status_code == 201, made.text
    space_id = made.json()["id"]
    for person, role in ((editor, "editor"), (viewer, "viewer")):
        await invite(owner.client, person, f"/api/v1/spaces/{space_id}/invitations", role)
    async with AsyncExitStack() as clients:
        people = (owner, editor, viewer, stranger)
        acts = [
            await clients.enter_async_context(acting(app, person, space_id)) for person in people
        ]
        for person in people:
            clients.push_async_callback(person.client.aclose)
        clients.push_async_callback(admin.client.aclose)
        yield Household(space_id, admin, *people, *acts)
