"""What goes wrong for everybody once, told in one line: strange servers, places and letters."""

import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

from armarium.entry import cli, credentials
from armarium.entry.credentials import Login

ROOT = Path(__file__).resolve().parents[3]
NOWHERE = "http://127.0.0.1:9"
Outcome = tuple[int, str, str]
Run = Callable[..., Outcome]


class Answer(NamedTuple):
    """What a server says."""

    status: int
    body: object = None
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass
class Strange:
    """A server that answers as told, by method and path, and writes down what it was asked."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    otherwise: Answer | None = None
    asked: list[str] = field(default_factory=list[str])
    bodies: list[bytes] = field(default_factory=list[bytes])


@pytest.fixture
def server() -> Iterator[Strange]:
    strange = Strange()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            question = f"{self.command} {self.path}"
            strange.asked.append(question)
            strange.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
            said = strange.answers.get(question, strange.otherwise) or Answer(404)
            is_page = isinstance(said.body, str)
            content = said.body.encode() if isinstance(said.body, str) else json.dumps(said.body)
            data = content if isinstance(content, bytes) else content.encode()
            self.send_response(said.status)
            kind = "text/html" if is_page else "application/json"
            for name, value in {"content-type": kind, **said.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(0 if said.body is None else len(data)))
            self.end_headers()
            self.wfile.write(b"" if said.body is None else data)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
            """Quietly."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    strange.url = f"http://127.0.0.1:{listening.server_address[1]}"
    yield strange
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.setenv("ARMARIUM_LOGIN_FILE", str(tmp_path / "private" / "login.json"))
    monkeypatch.setenv("ARMARIUM_PASSWORD", "a-password-1867")
    monkeypatch.delenv("ARMARIUM_TOKEN", raising=False)
    monkeypatch.delenv("ARMARIUM_URL", raising=False)

    def command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", *arguments])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def logged_in(url: str, *, refresh: str = "r1", expires_at: float = 2.0**40) -> Login:
    login = Login(url, "ada@example.org", "a1", refresh, expires_at)
    credentials.save(login)
    return login


COMMANDS = (
    ("export", "csv"),
    ("search", "poems"),
    ("whoami",),
    ("call", "me_get"),
    ("spaces", "list"),
    ("archive", "a.zip"),
    ("login", "ada@example.org"),
    ("login",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_redirect_is_no_success(run: Run, server: Strange, command: tuple[str, ...]) -> None:
    server.otherwise = Answer(308, headers={"location": "https://armarium.example.org/x?y=1"})
    code, out, err = run(*command, "--url", server.url)
    assert (code, out) == (1, "")
    assert "use --url https://armarium.example.org\n" in err


def test_an_export_that_was_redirected_leaves_no_empty_backup(
    run: Run, server: Strange, tmp_path: Path
) -> None:
    file = tmp_path / "backup.csv"
    for answer in (
        Answer(308, headers={"location": "/elsewhere"}),
        Answer(304),
        Answer(200, "<p>"),
    ):
        server.otherwise = answer
        assert run("export", "csv", "-o", str(file), "--url", server.url)[0] != 0
        assert not file.exists()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_page_in_place_of_the_api_is_no_armarium(
    run: Run, server: Strange, command: tuple[str, ...]
) -> None:
    server.otherwise = Answer(200, "<!doctype html><title>Router</title>")
    code, out, err = run(*command, "--url", server.url)
    assert (code, out) == (3, "")
    assert f"No Armarium answers at {server.url}." in err


def test_a_refusal_of_no_shape_is_told_by_its_number(run: Run, server: Strange) -> None:
    server.otherwise = Answer(502, ["what"])
    assert "answered 502" in run("whoami", "--url", server.url)[2]


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:84x0"])
def test_an_address_that_is_none_is_wrong_use(run: Run, url: str) -> None:
    code, _, err = run("whoami", "--url", url)
    assert (code, f"{url} is no address" in err) == (2, True)


def test_a_place_that_cannot_be_written_is_named(run: Run, server: Strange, tmp_path: Path) -> None:
    server.otherwise = Answer(200, "a,b", {"content-type": "text/csv"})
    for place in (tmp_path / "nodir" / "x.csv", tmp_path):
        code, _, err = run("export", "-o", str(place), "--url", server.url)
        assert (code, err.count("\n")) == (1, 1)
        assert str(place) in err


def test_a_settings_file_that_is_broken_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "armarium.toml"
    file.write_text("port = [")
    monkeypatch.setenv("ARMARIUM_CONFIG", str(file))
    for command in ("doctor", "migrate", "whoami"):
        code, _, err = run(command)
        assert (code, err.count("\n"), str(file) in err) == (1, 1, True)


def test_nothing_is_asked_for_a_login_that_cannot_be_kept(
    run: Run, server: Strange, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ARMARIUM_LOGIN_FILE", str(tmp_path / "file" / "login.json"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("arm_key\n"))
    for arguments in (["ada@example.org"], [], ["--key-stdin"]):
        code, _, err = run("login", *arguments, "--url", server.url)
        assert (code, "cannot be kept" in err) == (1, True), err
    assert server.asked == []


@pytest.mark.parametrize("stored", ["{}", None])
def test_logging_in_does_not_ask_for_the_login_that_it_replaces(
    run: Run, server: Strange, stored: str | None
) -> None:
    logged_in(server.url, expires_at=0)
    if stored is not None:
        credentials.file_of_login().write_text(stored)
    tokens = {"access_token": "a2", "refresh_token": "r2", "expires_in": 900}
    server.answers = {
        "POST /api/v1/auth/refresh": Answer(401, {"code": "invalid_refresh_token"}),
        "POST /api/v1/auth/login": Answer(200, tokens),
    }
    assert run("login", "ada@example.org", "--url", server.url)[0] == 0
    assert server.asked == ["POST /api/v1/auth/login"]


def test_a_photo_whose_name_is_no_text_is_sent(run: Run, server: Strange, tmp_path: Path) -> None:
    photo = tmp_path / "caf\udce9.jpg"
    try:
        photo.write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes no such name")
    server.otherwise = Answer(202, {"id": "7"})
    assert run("scan", str(photo), "--no-wait", "--url", server.url)[0] == 0
    assert b'filename="caf?.jpg"' in server.bodies[0]


def test_a_folder_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    code, _, err = run("scan", str(tmp_path))
    assert (code, "is a folder" in err) == (2, True)


def test_wrong_use_of_an_import_is_wrong_use(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    assert run("catalogue", "import", str(file), "--format", "csv")[0] == 2
    file.write_text("a\n")
    assert run("catalogue", "import", str(file), "--format", "xls")[0] == 2
    assert run("catalogue", "import", str(file), "--format", "csv", "--map", "x")[0] == 2


def test_a_login_is_forgotten_also_where_its_server_is_away(run: Run, server: Strange) -> None:
    for url, answer in ((NOWHERE, None), (server.url, Answer(503))):
        logged_in(url)
        server.otherwise = answer or server.otherwise
        code, _, err = run("logout")
        assert (code, f"the session at {url} could not be ended" in err) == (0, True), err
        assert not credentials.file_of_login().exists()
    server.otherwise = Answer(204)
    logged_in(server.url)
    assert run("logout")[2] == "Logged out.\n"


def test_a_login_of_another_server_stays(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    logged_in("http://127.0.0.1:8400")
    code, _, err = run("logout", "--url", NOWHERE)
    assert (code, f"no login for {NOWHERE}" in err) == (4, True)
    monkeypatch.setenv("ARMARIUM_TOKEN", "t")
    code, _, err = run("logout")
    assert (code, "unset it" in err) == (1, True)
    assert credentials.file_of_login().exists()


def test_a_login_that_another_shell_renewed_is_taken(
    server: Strange, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scan goes on while the access token ends, and the other shell was first to renew it."""
    from armarium.entry.remote import Remote  # noqa: PLC0415  # after the variables are set

    monkeypatch.setenv("ARMARIUM_URL", server.url)
    server.answers["GET /api/v1/me"] = Answer(200, {})
    logged_in(server.url, refresh="used", expires_at=time.time())
    remote = Remote()
    logged_in(server.url, refresh="fresh")
    assert remote.json("GET", "/api/v1/me") == {}
    assert server.asked == ["GET /api/v1/me"]


def test_people_are_listed_to_the_last(run: Run, server: Strange) -> None:
    following = "/api/v1/admin/users?limit=200&cursor=c"
    more = {"link": f'<{following}>; rel="next"'}
    server.answers["GET /api/v1/admin/users?limit=200"] = Answer(200, [{"id": "a"}], more)
    server.answers[f"GET {following}"] = Answer(200, [{"id": "b"}])
    out = run("user", "list", "--json", "--url", server.url)[1]
    assert [each["id"] for each in json.loads(out)] == ["a", "b"]


def test_every_page_goes_into_the_file(run: Run, server: Strange, tmp_path: Path) -> None:
    document = {"paths": {"/things": {"get": {"operationId": "things_list"}}}}
    server.answers["GET /api/openapi.json"] = Answer(200, document)
    more = {"link": '</things?cursor=c>; rel="next"'}
    server.answers["GET /things"] = Answer(200, [{"title": "Émaux"}], more)
    server.answers["GET /things?cursor=c"] = Answer(200, [2])
    file = tmp_path / "all.json"
    code, out, _ = run("call", "things_list", "--all", "-o", str(file), "--url", server.url)
    assert (code, out) == (0, "")
    assert json.loads(file.read_text()) == [{"title": "Émaux"}, 2]


def test_letters_that_the_locale_has_not_are_told(
    run: Run, server: Strange, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "Émaux … 🂡"
    found = [{"title": title, "kind": "book"}]
    path = "/api/v1/search?q=x&mode=hybrid&limit=20"
    server.answers[f"GET {path}"] = Answer(200, found)
    for option, expected in (((), b"\xc9maux \\u2026 \\U0001f0a1"), (("--json",), b"\\u00c9maux")):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
        assert run("search", "x", *option, "--url", server.url)[0] == 0
        sys.stdout.flush()
        assert expected in raw.getvalue()
    assert json.loads(raw.getvalue())[0]["title"] == title


def test_the_web_app_is_built_in_a_locale_without_the_ellipsis() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import build_web;"
        "sys.argv[1:] = ['types', '--force']; build_web.find_node = lambda: print('Fetching …')"
        " or sys.exit(0); build_web.main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, b"Fetching \\u2026\n"), ended.stderr
