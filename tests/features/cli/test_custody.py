"""Archives, keys and accounts from the shell, against a live server and its database."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from armarium.entry import cli, cli_custody
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.features.operations import Archives
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.items import CHARIZARD
from tests.support.live import live_server

EMAIL, OTHER = "ada@example.org", "bob@example.org"
Outcome = tuple[int, str, str]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(module_database_urls: DatabaseUrls, data: Path) -> Iterator[str]:
    with live_server(cheap(build(Settings(data=data), module_database_urls))) as address:
        for email in (EMAIL, OTHER):
            body = {"email": email, "password": PASSWORD}
            httpx2.post(f"{address}/api/v1/auth/register", json=body).raise_for_status()
        yield address


@pytest.fixture
def run(  # noqa: PLR0917  # fixtures
    server: str,
    module_database_urls: DatabaseUrls,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., Outcome]:
    for name, value in (
        ("URL", server),
        ("LOGIN_FILE", str(tmp_path / "login.json")),
        ("PASSWORD", PASSWORD),
        ("DATA", str(data)),
        ("APP_DATABASE_URL", module_database_urls.app),
        ("MIGRATOR_DATABASE_URL", module_database_urls.migrator),
        ("WORKER_DATABASE_URL", module_database_urls.worker),
    ):
        monkeypatch.setenv(f"ARMARIUM_{name}", value)
    monkeypatch.delenv("ARMARIUM_TOKEN", raising=False)

    def command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", *arguments])
        capsys.readouterr()
        try:
            cli.main()
            code: object = 0
        except SystemExit as stopped:
            code = stopped.code
        out = capsys.readouterr()
        return (code if isinstance(code, int) else 0, out.out, out.err)

    assert command("login", EMAIL)[0] == 0
    return command


def test_an_archive_goes_out_and_comes_in(  # noqa: PLR0917  # fixtures
    run: Callable[..., Outcome],
    server: str,
    module_database_urls: DatabaseUrls,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    body = {"email": EMAIL, "password": PASSWORD}
    login = httpx2.post(f"{server}/api/v1/auth/login", json=body).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    httpx2.post(f"{server}/api/v1/items", json=CHARIZARD, headers=headers).raise_for_status()
    me = UUID(httpx2.get(f"{server}/api/v1/me", headers=headers).json()["id"])

    async def work() -> None:
        house = build(Settings(data=data), module_database_urls)
        archives = house.get(Archives)
        for each in await archives.of_person(me):
            await archives.make(me, each.id)
        await house.database.close()

    monkeypatch.setattr(cli_custody.time, "sleep", lambda _seconds: asyncio.run(work()))
    file = tmp_path / "all.zip"
    code, out, err = run("archive", str(file), "--json")
    assert code == 0, err
    assert json.loads(out)["items"] == 1
    assert [path.name for path in tmp_path.glob("*.part")] == []
    code, out, err = run("import", str(file), "--for", OTHER, "--json")
    assert code == 0, err
    assert json.loads(out)["items"] == 1
    assert json.loads(run("import", str(file), "--for", OTHER, "--json")[1])["added"] == 0
    code, _, err = run("import", str(file), "--for", "nobody@example.org")
    assert code != 0
    assert "Nobody has the address" in err
    file.write_bytes(b"PK")
    code, _, err = run("import", str(file), "--for", OTHER)
    assert code != 0
    assert "bad_archive" in err


def test_keys_are_listed_and_renewed(run: Callable[..., Outcome]) -> None:
    assert json.loads(run("keys", "list", "--json")[1]) == []
    assert run("keys", "rotate")[0] == 2
    code, out, err = run("keys", "rotate", "--signing", "--json")
    assert code == 0, err
    assert json.loads(out)["signing_key"]
    person = json.loads(run("whoami", "--json")[1])["id"]
    assert json.loads(run("keys", "rotate", "--space", person, "--json")[1])["sealed_again"] == 0
    listed = json.loads(run("keys", "list", "--json")[1])
    assert [each["space_id"] for each in listed] == [person]
    assert json.loads(run("keys", "rotate", "--server", "--json")[1]) == {"wrapped_again": 1}
    done = run("keys", "rotate", "--server", "--forget-older", "--json")[1]
    assert json.loads(done) == {"wrapped_again": 0}


def test_people_are_listed_raised_and_locked(run: Callable[..., Outcome]) -> None:
    people = json.loads(run("user", "list", "bob", "--json")[1])
    assert [each["email"] for each in people] == [OTHER]
    assert json.loads(run("user", "role", OTHER, "moderator", "--json")[1])["role"] == "moderator"
    assert run("user", "role", OTHER, "king")[0] == 2
    assert run("user", "disable", OTHER)[0] == 0
    assert json.loads(run("user", "list", "bob", "--json")[1])[0]["disabled_at"]
    assert run("user", "enable", OTHER)[0] == 0
    code, _, err = run("user", "disable", EMAIL)
    assert code != 0
    assert "last_admin" in err
