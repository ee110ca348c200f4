"""The way to a PostgreSQL server elsewhere: encrypted, and the server has to show who it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient

from armarium.entry.api import create_app
from armarium.entry.databases import database_for, urls_of
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.http import certificates
from armarium.platform.http.certificates import own_certificate
from armarium.platform.postgres import ServerUnusable
from armarium.platform.postgres.inspection import Wire, inspect
from armarium.platform.postgres.urls import parse, text_of, with_database
from tests.support.api import cheap
from tests.support.external_server import external_server
from tests.support.tls_front import TlsFront, tls_front


@pytest.fixture(autouse=True, scope="module")
def home() -> Iterator[None]:
    """No address beside the loopback; tests may not even ask the machine for its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificates, "lan_addresses", list)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    own_certificate(folder, ["localhost"])
    return folder


@pytest.fixture(scope="module")
def far(folder: Path) -> Iterator[tuple[str, TlsFront]]:
    """The URL of a server that takes encrypted connections only."""
    with (
        external_server() as url,
        tls_front(parse(url).port or 0, folder / "server.pem", folder / "server.key") as front,
    ):
        there = parse(with_database(url, "collection")).set(host="localhost", port=front[0])
        yield text_of(there), front[1]


def with_tls(url: str, mode: str, authority: Path) -> str:
    return text_of(parse(url).update_query_dict({"sslmode": mode, "sslrootcert": str(authority)}))


async def test_every_connection_is_encrypted_to_a_server_that_is_verified(
    far: tuple[str, TlsFront], folder: Path, tmp_path: Path
) -> None:
    url, front = far
    settings = Settings(data=tmp_path, database_url=with_tls(url, "verify-full", folder / "ca.pem"))
    with database_for(settings) as cluster:
        assert inspect(cluster.urls.admin).wire is Wire.VERIFIED
        urls = urls_of(settings)
        assert {inspect(door).wire for door in (urls.migrator, urls.app, urls.worker)} == {
            Wire.VERIFIED
        }
        before = front.connections
        app = create_app(cheap(build(settings, urls)))
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=ASGITransport(app), base_url="http://armarium.test") as client,
        ):
            person = {"email": "ada@example.org", "password": "Correct-horse-7"}
            made = await client.post("/api/v1/auth/register", json=person)
        assert made.status_code == 201
        assert front.connections > before


def test_a_server_that_another_authority_signed_is_not_believed(
    far: tuple[str, TlsFront], tmp_path: Path
) -> None:
    own_certificate(tmp_path / "other", ["localhost"])
    url = with_tls(far[0], "verify-full", tmp_path / "other" / "ca.pem")
    settings = Settings(data=tmp_path, database_url=url)
    with pytest.raises(ServerUnusable, match="certificate"), database_for(settings):
        pass


def test_a_server_that_takes_no_open_connection_is_named(
    far: tuple[str, TlsFront], tmp_path: Path
) -> None:
    """As one whose pg_hba.conf has hostssl lines only."""
    url = text_of(parse(far[0]).update_query_dict({"sslmode": "disable"}))
    settings = Settings(data=tmp_path, database_url=url)
    with pytest.raises(ServerUnusable), database_for(settings):
        pass


def test_tls_with_whoever_answers_is_told_apart(
    far: tuple[str, TlsFront], folder: Path, tmp_path: Path
) -> None:
    url = with_tls(far[0], "verify-full", folder / "ca.pem")
    with database_for(Settings(data=tmp_path, database_url=url)):
        loose = text_of(parse(far[0]).update_query_dict({"sslmode": "require"}))
        assert inspect(loose).wire is Wire.UNVERIFIED
