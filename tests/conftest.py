"""Fixtures of every test: a real PostgreSQL, the app behind its HTTP door, no outside network."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from hypothesis import settings as hypothesis_settings

from armarium.entry.api import create_app
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.kit.ids import new_id
from armarium.platform.database import Database
from armarium.platform.http.principal import Principal
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import cheap
from tests.support.postgres import Server, embedded_server, external_admin_url
from tests.support.shared_routes import share_routes

PASSWORD = "Correct-Horse-42"
DATA = Path(os.environ.get("ARMARIUM_TEST_DATA", "/nowhere"))


def pytest_configure(config: pytest.Config) -> None:
    """Under xdist, the controller starts the one embedded server that all workers share."""
    config.stash[STACK] = ExitStack()
    # Tests ask more often than a person; those of the limits switch them on.
    os.environ.setdefault("ARMARIUM_LIMITS__ENABLED", "false")
    # The same examples in each run, and no clock: a busy machine is no bug.
    hypothesis_settings.register_profile("armarium", derandomize=True, deadline=None)
    hypothesis_settings.load_profile("armarium")
    share_routes()
    # Plain tracebacks: structlog's own print every local.
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a house in a folder of the test's own."""
    return Settings(data=tmp_path / "data", environment="dev", log_level="warning")


@pytest.fixture
def house(settings: Settings, database_urls: DatabaseUrls) -> House:
    """The whole house as the API process wires it, on this test's database; not started."""
    return cheap(build(settings, database_urls))


@pytest.fixture
async def app(house: House) -> AsyncIterator[FastAPI]:
    """The application, started."""
    application = create_app(house)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A visitor who has not logged in."""
    async with http_client(app) as visitor:
        yield visitor


@pytest.fixture
async def sign_in(app: FastAPI) -> AsyncIterator[Callable[..., Awaitable[AsyncClient]]]:
    """`await sign_in()`: a client of a newly registered person; the first one owns the house."""
    async with AsyncExitStack() as clients:

        async def make(email: str | None = None, password: str = PASSWORD) -> AsyncClient:
            person = await clients.enter_async_context(http_client(app))
            body = {"email": email or f"{new_id()}@example.org", "password": password}
            answer = await person.post("/api/v1/auth/register", json=body)
            assert answer.is_success, answer.text
            person.cookies.clear()
            person.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            return person

        yield make


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Real catalogues and photos; a user's machine does not have them."""
    if not DATA.is_dir():
        pytest.skip("ARMARIUM_TEST_DATA names no folder of test data")
    return DATA


def http_client(app: FastAPI) -> AsyncClient:
    """A client at the HTTP door, in this process."""
    return AsyncClient(transport=ASGITransport(app), base_url="http://testserver")
