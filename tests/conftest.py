"""Fixtures of every test: a real PostgreSQL, the app behind its HTTP door, no outside network."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from armarium.kit.ids import new_id
from armarium.platform.database import Database
from armarium.platform.http.principal import Principal
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.postgres import Server, embedded_server, external_admin_url

DATA = Path(os.environ.get("ARMARIUM_TEST_DATA", "/nowhere"))


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist, the controller starts the one embedded server that all workers share."""
    config.stash[STACK] = ExitStack()
    if getattr(config.option, "numprocesses", None) and not external_admin_url():
        server = config.stash[STACK].enter_context(embedded_server())
        os.environ["ARMARIUM_TEST_DATABASE_URL"] = server.admin_url


def pytest_unconfigure(config: pytest.Config) -> None:
    if STACK in config.stash:
        config.stash[STACK].close()


STACK = pytest.StashKey[ExitStack]()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The session's PostgreSQL server."""
    if url := external_admin_url():
        return Server(url)
    return pytestconfig.stash[STACK].enter_context(embedded_server())


@pytest.fixture
def database_urls(postgres: Server) -> Iterator[DatabaseUrls]:
    """A migrated database of this test's own."""
    with postgres.database() as urls:
        yield urls


@pytest.fixture(scope="module")
def module_database_urls(postgres: Server) -> Iterator[DatabaseUrls]:
    """A migrated database shared by the tests of one module (read-mostly ones)."""
    with postgres.database() as urls:
        yield urls


@pytest.fixture
def empty_database_urls(postgres: Server) -> Iterator[DatabaseUrls]:
    """A database with roles and extension but without any table."""
    with postgres.database(migrated=False) as urls:
        yield urls


@pytest.fixture
async def database(database_urls: DatabaseUrls) -> AsyncIterator[Database]:
    """The application's door, as the role that row-level security binds."""
    database = Database(database_urls.app, pool_size=5, max_overflow=5)
    yield database
    await database.close()


@pytest.fixture
def principal() -> Callable[..., Principal]:
    """A person in their own space: `principal()`, `principal(is_admin=True)`."""

    def make(*, user_id: UUID | None = None, is_admin: bool = False) -> Principal:
        person = user_id or new_id()
        return Principal(
            user_id=person,
            email=f"{person}@example.org",
            space_id=person,
            spaces=(person,),
            is_admin=is_admin,
        )

    return make


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Real catalogues and photos; a user's machine does not have them."""
    if not DATA.is_dir():
        pytest.skip("ARMARIUM_TEST_DATA names no folder of test data")
    return DATA
