"""One house a module whose people are made by the tests, and their mail."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.entry.wiring import House
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, client_of, make_house, register, running_app
from tests.support.post import Post, post_of


@pytest.fixture(scope="module")
def shared_house(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> House:
    data: Path = tmp_path_factory.mktemp("house")
    return make_house(module_database_urls, data, environment="dev", log_level="warning")


@pytest.fixture(scope="module")
async def shared_app(shared_house: House) -> AsyncIterator[FastAPI]:
    async with running_app(shared_house) as app:
        yield app


@pytest.fixture(scope="module")
async def owner(shared_app: FastAPI) -> Person:
    """The first account: the administrator."""
    return await register(shared_app)


@pytest.fixture
async def ada(shared_app: FastAPI, owner: Person) -> Person:
    """Somebody who is not the administrator, new for each test."""
    return await register(shared_app)


@pytest.fixture
async def visitor(shared_app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with client_of(shared_app) as client:
        yield client


@pytest.fixture
def post(shared_house: House) -> Iterator[Post]:
    with post_of(shared_house) as found:
        yield found
