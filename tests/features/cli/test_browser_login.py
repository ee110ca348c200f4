"""`armarium login` by the browser, against a server on a real socket."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from armarium.entry import browser_login, cli, credentials
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.live import live_server

EMAIL = "ada@example.org"
Outcome = tuple[int, str, str]


@pytest.fixture(scope="module")
def server(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    data = tmp_path_factory.mktemp("data")
    with live_server(cheap(build(Settings(data=data), module_database_urls))) as address:
        body = {"email": EMAIL, "password": PASSWORD}
        httpx2.post(f"{address}/api/v1/auth/register", json=body).raise_for_status()
        yield address


@pytest.fixture
def run(
    server: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., Outcome]:
    monkeypatch.setenv("ARMARIUM_URL", server)
    monkeypatch.setenv("ARMARIUM_LOGIN_FILE", str(tmp_path / "login.json"))
    monkeypatch.delenv("ARMARIUM_TOKEN", raising=False)

    def command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def person_in_a_browser(server: str, *, allow: bool = True, **forged: str) -> Callable[[str], bool]:
    """Log in, look at the question, answer it, and let the browser go back to the program."""

    def visit(address: str) -> bool:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        body = {"email": EMAIL, "password": PASSWORD}
        token = httpx2.post(f"{server}/api/v1/auth/login", json=body).json()["access_token"]
        answer = httpx2.post(
            f"{server}/api/v1/me/authorization",
            json={"allow": allow, "parameters": asked},
            headers={"Authorization": f"Bearer {token}"},
        )
        back = httpx2.URL(answer.json()["redirect_to"])
        stranger = httpx2.get(back.copy_merge_params({"state": "invented"}))
        assert stranger.status_code == 404
        assert httpx2.get(back.copy_merge_params(forged)).status_code == 200
        return True

    return visit


def test_the_browser_logs_the_command_line_in(
    run: Callable[..., Outcome], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", person_in_a_browser(server))
    code, _, err = run("login")
    assert (code, f"Logged in to {server} as {EMAIL}." in err) == (0, True), err
    assert EMAIL in run("whoami", "--json")[1]
    login = credentials.load()
    assert login is not None
    login.expires_at = 0
    credentials.save(login)
    assert run("whoami")[0] == 0, "a stale login is renewed by the token endpoint"
    renewed = credentials.load()
    assert renewed is not None
    assert renewed.refresh_token != login.refresh_token
    # It was allowed a lot, but not to manage the account itself.
    assert run("call", "me_api_keys_list")[0] == 1
    assert run("logout")[0] == 0
    bearer = {"Authorization": f"Bearer {renewed.access_token}"}
    assert httpx2.get(f"{server}/api/v1/me", headers=bearer).status_code == 401


def test_a_refusal_or_another_servers_answer_logs_nobody_in(
    run: Callable[..., Outcome], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", person_in_a_browser(server, allow=False))
    code, _, err = run("login")
    assert (code, "The person refused." in err) == (4, True)
    forged = person_in_a_browser(server, iss="https://evil.example")
    monkeypatch.setattr("webbrowser.open", forged)
    code, _, err = run("login")
    assert (code, "another server" in err) == (4, True)
    monkeypatch.setattr(browser_login, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr("webbrowser.open", lambda _address: False)
    code, _, err = run("login")
    assert (code, "Nobody answered" in err) == (4, True)
    assert credentials.load() is None
