"""The command line against a real server on this machine."""

import json
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from armarium.entry import call, cli, credentials
from armarium.entry.settings import Settings
from armarium.entry.terminal import CommandError
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.live import live_server
from tests.support.pictures import picture

EMAIL = "ada@example.org"
Outcome = tuple[int, str, str]


@pytest.fixture
def server(module_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setenv("ARMARIUM_URL", module_server)
    monkeypatch.setenv("ARMARIUM_LOGIN_FILE", str(tmp_path / "private" / "login.json"))
    monkeypatch.setenv("ARMARIUM_PASSWORD", PASSWORD)
    monkeypatch.delenv("ARMARIUM_TOKEN", raising=False)
    return module_server


@pytest.fixture(scope="module")
def module_server(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    with live_server(cheap(build(settings, module_database_urls))) as address:
        yield address


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """`run("call", "me_get")`: the command's exit code, output and messages."""

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


@pytest.fixture
def account(
    server: str,
    run: Callable[..., Outcome],
    module_database_urls: DatabaseUrls,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> str:
    """Somebody with an account, made on this machine without a server."""
    for role, url in (
        ("APP", module_database_urls.app),
        ("MIGRATOR", module_database_urls.migrator),
        ("WORKER", module_database_urls.worker),
    ):
        monkeypatch.setenv(f"ARMARIUM_{role}_DATABASE_URL", url)
    monkeypatch.setenv("ARMARIUM_DATA", str(tmp_path / "data"))
    code, out, err = run("user", "create", EMAIL, "--admin", "--json")
    if code == 0:
        assert json.loads(out)["role"] == "admin"
    else:
        assert "email_taken" in err
    return EMAIL


def test_log_in_call_and_log_out(account: str, run: Callable[..., Outcome]) -> None:
    assert run("login", account)[0] == 0
    file = credentials.file_of_login()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PASSWORD not in file.read_text()
    code, out, _ = run("whoami", "--json")
    assert (code, json.loads(out)["email"]) == (0, account)
    assert account in run("whoami")[1]
    code, out, _ = run("call", "me_get")
    assert (code, json.loads(out)["role"]) == (0, "admin")
    code, out, _ = run("call", "me_update", "--body", '{"display_name": "Ada"}')
    assert json.loads(out)["display_name"] == "Ada"
    assert run("logout")[0] == 0
    assert not file.exists()
    code, _, err = run("whoami")
    assert code == 4
    assert "armarium login" in err


def test_what_is_no_photo_is_named_and_the_rest_is_scanned(
    account: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("login", account)
    photo, notes, empty = (tmp_path / name for name in ("a.jpg", "notes.txt", "empty.png"))
    photo.write_bytes(picture(300, 400))
    notes.write_text("milk, eggs")
    empty.write_bytes(b"")
    code, out, err = run("scan", str(notes), str(photo), str(empty), "--no-wait")
    shown = run("call", "scans_get", "--param", f"scan_id={json.loads(out)['id']}")[1]
    assert (code, len(json.loads(shown)["photos"])) == (1, 1)
    assert f"{notes}: " in err
    assert f"{empty}: " in err
    assert "2 of 3 files were left out" in err
    code, out, err = run("scan", str(notes), "--no-wait")
    assert (code, out) == (1, "")
    assert f"{notes}: " in err
    assert "nothing was scanned" in err


def test_a_table_cuts_no_id(account: str, run: Callable[..., Outcome]) -> None:
    run("login", account)
    code, out, _ = run("user", "list")
    assert code == 0
    person = next(line for line in out.splitlines() if account in line)
    assert len(person.split()[0]) == 36
    assert "…" not in out


def test_things_are_found_and_their_titles_do_nothing_to_the_terminal(
    account: str, run: Callable[..., Outcome]
) -> None:
    """Brackets are rich's markup; escapes move the cursor or rename the window."""
    run("login", account)
    title = "Marginalia [/x] [red]1[/red] :smile: \\u001b]0;mine\\u0007\\u202e"
    run("call", "items_create", "--body", f'{{"kind": "book", "title": "{title}"}}')
    code, out, _ = run("search", "marginalia")
    assert code == 0
    assert "Marginalia [/x] [red]1[/red] :smile:" in out
    assert not set(out) & {"\x1b", "\x07", "\u202e"}
    found = json.loads(run("search", "marginalia", "--mode", "bm25", "--json")[1])
    assert [each["kind"] for each in found] == ["book"]
    assert run("search", "marginalia", "--kind", "card")[1:] == ("", "Nothing fits.\n")
    assert "query:mode" in run("search", "x", "--mode", "guess")[2]


def test_a_stale_login_is_refreshed(account: str, run: Callable[..., Outcome]) -> None:
    run("login", account)
    login = credentials.load()
    assert login is not None
    before = login.refresh_token
    login.expires_at = time.time()
    credentials.save(login)
    assert run("whoami")[0] == 0
    renewed = credentials.load()
    assert renewed is not None
    assert renewed.refresh_token != before
    renewed.refresh_token, renewed.expires_at = "gone", 0
    credentials.save(renewed)
    code, _, err = run("whoami")
    assert (code, "expired" in err) == (4, True)
    credentials.file_of_login().write_text("{}")
    assert run("whoami")[0] == 4


def test_the_token_of_the_environment_is_enough(
    account: str, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = json.dumps({"email": account, "password": PASSWORD})
    code, out, _ = run("call", "auth_login", "--body", body)
    assert code == 0
    monkeypatch.setenv("ARMARIUM_TOKEN", json.loads(out)["access_token"])
    assert run("whoami")[0] == 0


def test_operations_can_be_listed_and_described(account: str, run: Callable[..., Outcome]) -> None:
    code, out, _ = run("call", "--list", "--json")
    assert code == 0
    assert {"operation": "me_get", "request": "GET /api/v1/me", "summary": "Your account"} in (
        json.loads(out)
    )
    assert "me_get" in run("call", "--list")[1]
    assert json.loads(run("call", "me_get", "--describe")[1])["operationId"] == "me_get"


def test_mistakes_are_one_clear_line(
    account: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    cases = [
        (("call", "me_gte"), 2, "me_get"),
        (("call", "me_get", "--param", "x"), 2, "name=value"),
        (("call", "me_get", "--param", "x=1"), 2, "no parameter x"),
        (("call", "me_update", "--body", "{"), 2, "not JSON"),
        (("call", "me_update", "--body", "@/nowhere"), 2, "cannot be read"),
        (("call", "me_get", "--file", str(tmp_path / "x")), 2, "takes no files"),
        (("export", "xml"), 2, "armarium export csv --output collection.csv"),
        (("export", "out.JSON"), 2, "armarium export json --output out.JSON"),
        (("scna",), 2, "Did you mean 'scan'?"),
        (("zzzzzz",), 2, "No such command 'zzzzzz'."),
        (("call", "me_get", "--url", "http://127.0.0.1:9"), 3, "armarium up"),
        (("user", "create", "nobody"), 1, "not an e-mail address"),
    ]
    for arguments, code, words in cases:
        outcome = run(*arguments)
        assert outcome[0] == code, (arguments, outcome)
        assert words in outcome[2]
        assert "Traceback" not in outcome[2]
    assert run("call", "auth_login", "--body", '{"email": "a@b.cd"}')[0] == 1


def test_a_wrong_password_is_said(
    account: str, run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMARIUM_PASSWORD", "Wrong-1867")
    code, _, err = run("login", account)
    assert (code, "wrong_credentials" in err) == (1, True)


def test_wrong_settings_name_the_variable(
    run: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARMARIUM_PORT", "many")
    code, _, err = run("migrate")
    assert code == 1
    assert "ARMARIUM_PORT" in err
    assert "many" not in err


def test_the_version_and_help_come_quickly_and_plainly(run: Callable[..., Outcome]) -> None:
    assert json.loads(run("version", "--json")[1])["armarium"]
    assert "armarium" in run("version")[1]
    code, out, _ = run("--help")
    assert code == 0
    assert "catalogue" in out or "call" in out
    assert run("nonsense")[0] == 2


def test_the_processes_start_without_the_libraries_of_the_command_line() -> None:
    script = (
        "import sys; sys.argv[1:] = ['api']; import armarium.entry.api as api;"
        "api.main = lambda: None; from armarium.entry import cli; cli.main();"
        "sys.exit('typer' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


DOCUMENT = {
    "paths": {
        "/things/{thing_id}": {
            "post": {
                "operationId": "things_send",
                "parameters": [
                    {"name": "thing_id", "in": "path", "required": True},
                    {"name": "kind", "in": "query"},
                    {"name": "If-Match", "in": "header"},
                ],
                "requestBody": {
                    "content": {
                        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/Form"}}
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Form": {
                "properties": {
                    "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "kind": {"type": "string"},
                }
            }
        }
    },
}


def test_parameters_go_where_the_document_says() -> None:
    operation = call.find(call.operations_of(DOCUMENT), "things_send")
    given = ["thing_id=a/b", "kind=book", "kind=art", "If-Match=3"]
    request = call.prepare(operation, given)
    assert request.path == "/things/a%2Fb"
    assert request.query == [("kind", "book"), ("kind", "art")]
    assert request.headers == {"If-Match": "3"}
    with pytest.raises(CommandError, match="thing_id"):
        call.prepare(operation, [])


def test_files_find_their_field(tmp_path: Path) -> None:
    operation = call.operations_of(DOCUMENT)["things_send"]
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"x")
    part = ("files", ("a.jpg", b"x", "image/jpeg"))
    assert call.read_files(operation, [str(photo)], DOCUMENT) == [part]
    assert call.read_files(operation, [f"files={photo}"], DOCUMENT) == [part]
    with pytest.raises(CommandError, match="cannot be read"):
        call.read_files(operation, ["files=/nowhere"], DOCUMENT)


def test_lists_are_followed_and_answers_saved(
    account: str, run: Callable[..., Outcome], tmp_path: Path
) -> None:
    run("login", account)
    for title in ("Poems", "Ballads", "Idylls"):
        body = json.dumps({"kind": "book", "title": title})
        assert run("call", "items_create", "--body", body)[0] == 0
    page = json.loads(run("call", "items_list", "--param", "limit=2")[1])
    assert len(page) == 2
    every = json.loads(run("call", "items_list", "--param", "limit=2", "--all")[1])
    assert {"Poems", "Ballads", "Idylls"} <= {item["title"] for item in every}
    file = tmp_path / "items.csv"
    assert run("export", "csv", "--output", str(file))[0] == 0
    assert "Ballads" in file.read_text()
    assert "Idylls" in run("export")[1]


def test_commands_load_one_by_one(run: Callable[..., Outcome]) -> None:
    for name in cli.command_line().list_commands(None):
        code, out, _ = run(name, "--help")
        assert code == 0, name
        assert "Usage" in out


def test_spaces_and_links_from_the_command_line(
    account: str, run: Callable[..., Outcome], server: str
) -> None:
    assert run("login", account, "--url", server)[0] == 0
    code, out, err = run("spaces", "create", "Ada's shop", "--kind", "shop", "--json")
    assert code == 0, err
    shop = json.loads(out)["id"]
    assert shop in run("spaces", "list", "--json")[1]
    assert json.loads(run("spaces", "members", shop, "--json")[1])[0]["email"] == account
    offered = json.loads(run("spaces", "invite", shop, "--role", "editor", "--json")[1])
    assert len(offered["token"]) > 30
    code, out, err = run("share", "create", "space", "--space", shop, "--json")
    assert code == 0, err
    made = json.loads(out)
    assert made["link"].startswith(f"{server}/s/")
    assert run("share", "revoke", made["id"], "--space", shop)[0] == 0
    (listed,) = json.loads(run("share", "list", "--space", shop, "--json")[1])
    assert listed["revoked_at"] is not None
    code, _, err = run("spaces", "leave", shop)
    assert code == 1
    assert "last_owner" in err
