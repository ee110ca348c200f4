"""Letters, invitations, keys and second factors from the shell."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pyotp
import pytest

from armarium.entry import cli
from armarium.entry.doctor import check_mail
from armarium.entry.settings import MailSettings, Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.live import live_server

EMAIL = "ada@example.org"
Outcome = tuple[int, str, str]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def module_server(module_database_urls: DatabaseUrls, data: Path) -> Iterator[str]:
    with live_server(cheap(build(Settings(data=data), module_database_urls))) as address:
        body = {"email": EMAIL, "password": PASSWORD}
        httpx2.post(f"{address}/api/v1/auth/register", json=body).raise_for_status()
        yield address


@pytest.fixture
def run(  # noqa: PLR0917  # fixtures
    module_server: str,
    module_database_urls: DatabaseUrls,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Callable[..., Outcome]:
    """`run("mail", "list", given="…")` against the live server and its database."""
    for name, value in (
        ("URL", module_server),
        ("LOGIN_FILE", str(tmp_path / "login.json")),
        ("PASSWORD", PASSWORD),
        ("DATA", str(data)),
        ("APP_DATABASE_URL", module_database_urls.app),
        ("MIGRATOR_DATABASE_URL", module_database_urls.migrator),
        ("WORKER_DATABASE_URL", module_database_urls.worker),
    ):
        monkeypatch.setenv(f"ARMARIUM_{name}", value)
    monkeypatch.delenv("ARMARIUM_TOKEN", raising=False)

    def command(*arguments: str, given: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_the_newest_letter_is_shown(run: Callable[..., Outcome], data: Path) -> None:
    folder = data / "mail"
    folder.mkdir(exist_ok=True)
    first = run("mail", "list")
    assert "No letters" in first[2], first
    letter = "To: b@example.org\r\nSubject: Hello\r\nDate: now\r\n\r\nText of the letter\r\n"
    (folder / "20261120T000000.000000Z-a.eml").write_text(letter)
    code, out, _ = run("mail", "list", "--json")
    assert (code, json.loads(out)[0]["subject"]) == (0, "Hello")
    assert "Text of the letter" in run("mail", "show")[1]
    assert json.loads(run("mail", "show", "--json")[1])["text"] == "Text of the letter"
    assert run("mail", "show", "nothing")[0] == 1


def test_an_invitation_a_key_and_a_second_factor(
    run: Callable[..., Outcome], module_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("login", EMAIL)[0] == 0
    code, out, _ = run("user", "invite", "--role", "moderator", "--json")
    assert code == 0
    assert "/join#token=" in json.loads(out)["url"]
    body = json.dumps({"name": "robot", "scopes": ["account:read"]})
    made = json.loads(run("call", "me_api_keys_create", "--body", body)[1])
    assert run("login", "--key-stdin", given="arm_wrong\n")[0] == 4
    assert run("login", "--key-stdin", given=made["secret"] + "\n")[0] == 0
    assert json.loads(run("whoami", "--json")[1])["email"] == EMAIL
    assert run("user", "invite")[0] != 0
    assert run("logout")[0] == 0
    monkeypatch.setenv("ARMARIUM_TOKEN", made["secret"])
    assert run("whoami")[0] == 0
    monkeypatch.delenv("ARMARIUM_TOKEN")

    run("login", EMAIL)
    shared = json.loads(run("call", "me_totp_begin")[1])["secret"]
    code = json.dumps({"code": pyotp.TOTP(shared).now()})
    recovery = json.loads(run("call", "me_totp_confirm", "--body", code)[1])["recovery_codes"]
    refused = run("login", EMAIL)
    assert (refused[0], "--code" in refused[2]) == (4, True)
    assert run("login", EMAIL, "--code", recovery[0])[0] == 0
    assert run("login", EMAIL, "--code", recovery[0])[0] != 0
    removed = run("user", "reset-second-factor", EMAIL, "--json")
    assert json.loads(removed[1])["removed"] == 1
    assert run("login", EMAIL)[0] == 0


def test_a_reset_link_for_who_gets_no_letters(
    run: Callable[..., Outcome], module_server: str
) -> None:
    url = json.loads(run("user", "reset-link", EMAIL, "--json")[1])["url"]
    token = url.split("#token=")[1]
    body = {"token": token, "new_password": PASSWORD}
    path = f"{module_server}/api/v1/auth/password-reset/confirm"
    assert httpx2.post(path, json=body).status_code == 204
    assert httpx2.post(path, json=body).status_code == 422
    assert run("user", "reset-link", "nobody@example.org")[0] == 1


def test_the_doctor_says_where_letters_go(tmp_path: Path) -> None:
    folder = check_mail(Settings(data=tmp_path))
    assert (folder.verdict, str(tmp_path / "mail") in folder.detail) == ("ok", True)
    assert check_mail(Settings(data=tmp_path, verify_email=True)).verdict == "warn"
    server = MailSettings(host="mail.example.org")
    assert "mail.example.org:587" in check_mail(Settings(data=tmp_path, mail=server)).detail
    open_server = MailSettings(host="mail.example.org", security="none")
    assert check_mail(Settings(data=tmp_path, mail=open_server)).verdict == "warn"


def test_with_a_mail_server_there_is_no_folder_to_read(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMARIUM_MAIL__HOST", "mail.example.org")
    code, _, err = run("mail", "list")
    assert (code, "mail.example.org" in err) == (1, True)
