"""A house where programs may register themselves, a person, and a program that asks for them."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import Person, client_of, make_house, register, running_app
from tests.support.issuing import REDIRECT, registered


@pytest.fixture(scope="module")
async def app(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    house = make_house(module_database_urls, tmp_path_factory.mktemp("data"), dynamic_clients=True)
    async with running_app(house) as running:
        admin = await register(running)
        running.state.admin = admin
        yield running


@pytest.fixture
async def person(app: FastAPI) -> Person:
    return await register(app)


@pytest.fixture
async def program(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """The other program: it has no account."""
    async with client_of(app) as client:
        yield client


@pytest.fixture(scope="module")
async def client_id(app: FastAPI) -> str:
    return await registered(app, REDIRECT)
