"""Fixtures of a module that shares one application: its people are strangers to each other.

A folder's conftest imports them; they stand in for those of the whole suite.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import make_house, register, running_app


@pytest.fixture(scope="module")
def house(module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> House:
    return make_house(module_database_urls, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
async def app(house: House) -> AsyncGenerator[FastAPI]:
    async with running_app(house) as running:
        yield running


@pytest.fixture
async def sign_in(app: FastAPI) -> Callable[[], Awaitable[AsyncClient]]:
    async def make() -> AsyncClient:
        return (await register(app)).client

    return make


@pytest.fixture
async def person(app: FastAPI) -> AsyncClient:
    """Somebody new, with an empty collection."""
    return (await register(app)).client
