"""The application behind its HTTP door, without a socket."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from armarium.entry.api import create_app
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.accounts import Passwords
from armarium.kit.ids import new_id
from armarium.platform.postgres.urls import DatabaseUrls

PASSWORD = "Armarium-1867"
BASE_URL = "http://armarium.test"


def make_house(urls: DatabaseUrls, data: Path, **settings: Any) -> House:
    """A whole house on a test database; cheap password hashes, its own data folder."""
    return cheap(build(Settings(data=data, **settings), urls))


def cheap(house: House) -> House:
    """The same house with password hashes that cost next to nothing."""
    house.get(Passwords).__init__(memory_kib=64)
    return house


@asynccontextmanager
async def running_app(house: House) -> AsyncGenerator[FastAPI]:
    """The application between its start and its stop."""
    app = create_app(house)
    async with app.router.lifespan_context(app):
        yield app


def client_of(app: FastAPI, token: str | None = None, **options: Any) -> AsyncClient:
    """A program that calls the application, as the bearer of `token`."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return AsyncClient(transport=ASGITransport(app), base_url=BASE_URL, headers=headers, **options)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, logged in."""

    id: UUID
    email: str
    client: AsyncClient
    access_token: str
    refresh_token: str


async def register(app: FastAPI, email: str | None = None) -> Person:
    """A new person by the real door. The first one of a database is its admin."""
    address = email or f"{new_id().hex}@example.org"
    async with client_of(app) as stranger:
        answer = await stranger.post(
            "/api/v1/auth/register", json={"email": address, "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
    tokens = answer.json()
    client = client_of(app, tokens["access_token"])
    me = (await client.get("/api/v1/me")).json()
    return Person(
        id=UUID(me["id"]),
        email=address,
        client=client,
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
    )
