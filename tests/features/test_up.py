"""`armarium up`: one parent, its children, and every way in which they may end."""

import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from armarium.entry.activation import Activation
from armarium.entry.children import Child
from armarium.entry.parent import CannotStart, Parent, Plan, require_port
from armarium.platform.postgres.folder import runtime_folder
from tests.support.clusters import all_gone, eventually, family
from tests.support.external_server import free_port

SCRIPT = Path(__file__).parents[1] / "support" / "parent_process.py"


class Up:
    """A running parent with small children."""

    def __init__(self, folder: Path, *, port: int | None = None, **variables: str) -> None:
        self.port = port or free_port()
        self.data = folder / "data"
        self.diary_file = folder / "diary"
        plan = {
            "data": str(self.data),
            "host": "127.0.0.1",
            "port": self.port,
            "address": f"http://127.0.0.1:{self.port}",
            "workers": 1,
            "external": False,
        }
        places = os.pathsep.join(place for place in sys.path if place)
        self.process = subprocess.Popen(
            [sys.executable, str(SCRIPT), json.dumps(plan), str(self.diary_file)],
            env={**os.environ, "PYTHONPATH": places, "PORT": str(self.port), **variables},
            stderr=subprocess.PIPE,
            text=True,
        )

    def diary(self, what: str = "") -> list[str]:
        if not self.diary_file.exists():
            return []
        return [line for line in self.diary_file.read_text().splitlines() if what in line]

    def pids(self, what: str) -> list[int]:
        return [int(line.split()[-1]) for line in self.diary(what)]

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def started(self) -> "Up":
        eventually(lambda: self.answers() and bool(self.diary("worker begins")), 30)
        eventually((self.data / "runtime.json").exists)
        return self

    def call(self, said: bytes = b"who") -> str:
        """As the client of the inference process does."""
        path = runtime_folder(self.data, None) / "inference.sock"
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(10)
            caller.connect(str(path))
            caller.sendall(said)
            return caller.recv(16).decode()

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        return self.finish()

    def finish(self) -> tuple[int, str]:
        _out, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def start(tmp_path: Path) -> Iterator[type[Up]]:
    running: list[Up] = []

    def begin(**options: Any) -> Up:
        running.append(Up(tmp_path, **options))
        return running[-1]

    yield begin
    for up in running:
        if up.process.poll() is None:
            up.end(signal.SIGKILL)
    shutil.rmtree(runtime_folder(tmp_path / "data", None), ignore_errors=True)


def test_it_starts_everything_and_stops_it_in_order(start: type[Up]) -> None:
    up = start().started()
    server = int((up.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    servers = family(server)
    code, said = up.end()
    assert code == 0
    assert f"Armarium runs on http://127.0.0.1:{up.port}" in said
    assert said.count("Stopping …") == 1
    assert [line.rsplit(" ", 1)[0] for line in up.diary("ends")] == ["api ends", "worker ends"]
    assert all_gone([*servers, *up.pids("begins")])
    log = (up.data / "logs" / "postgres.log").read_text()
    assert "database system is shut down" in log
    left = {each.name for each in runtime_folder(up.data, None).iterdir()}
    assert not left & {"pg", "inference.sock"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
@pytest.mark.slow
def test_ctrl_c_and_a_closed_terminal_are_clean_stops(
    start: type[Up], number: signal.Signals
) -> None:
    assert start().started().end(number)[0] == 0


def test_a_stop_is_heard_at_once_whatever_goes_on(capfd: pytest.CaptureFixture[str]) -> None:
    """Making the first database takes seconds, in which Ctrl-C seemed to do nothing."""
    parent = Parent(Plan("data", "127.0.0.1", 1, "http://127.0.0.1:1", 1, external=False))
    parent._heard(signal.SIGCHLD, None)
    assert capfd.readouterr().err == ""
    parent._heard(signal.SIGINT, None)
    parent._heard(signal.SIGINT, None)
    assert capfd.readouterr().err.count("Stopping …") == 1


def test_what_crashes_is_started_again(start: type[Up]) -> None:
    up = start().started()
    for role in ("api", "worker"):
        [pid] = up.pids(f"{role} begins")
        os.kill(pid, signal.SIGKILL)
        eventually(lambda role=role: len(up.diary(f"{role} begins")) == 2)
    eventually(up.answers)
    assert up.end()[0] == 0


def test_killing_the_parent_leaves_nobody_behind(start: type[Up]) -> None:
    up = start().started()
    up.call()
    server = int((up.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    everyone = [*family(server), *up.pids("begins")]
    assert len(everyone) > 6
    up.end(signal.SIGKILL)
    eventually(lambda: all_gone(everyone), 5)


def test_models_are_started_by_the_first_call_and_again_after_they_ended(start: type[Up]) -> None:
    up = start().started()
    assert up.diary("inference") == []
    first = up.call()
    assert up.call() == first
    eventually(lambda: len(up.diary("inference ends")) == 1)
    second = up.call()
    assert second != first
    assert up.call(b"die") == ""
    assert up.call() not in {first, second}
    assert up.end()[0] == 0


def test_a_port_in_use_is_named_before_anything_is_made(start: type[Up]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        up = start(port=port)
        code, said = up.finish()
    assert code == 1
    assert f"Port {port} on 127.0.0.1 is in use" in said
    assert f"ARMARIUM_PORT={port + 1}" in said
    assert not up.data.exists()


def test_an_address_of_another_machine_is_named() -> None:
    with pytest.raises(CannotStart, match=r"Cannot listen on 192\.0\.2\.1:8400"):
        require_port("192.0.2.1", 8400)


def test_a_failed_migration_stops_the_start(start: type[Up]) -> None:
    up = start(PREPARE="fail")
    assert up.finish()[0] == 1
    assert all_gone(up.pids("begins"))
    assert not (up.data / "runtime.json").exists()


def test_an_api_that_cannot_start_is_given_up(start: type[Up]) -> None:
    up = start(API="crash")
    code, said = up.finish()
    assert code == 1
    assert "The API does not start; its messages are above." in said
    assert 2 <= len(up.diary("api begins")) <= 3


def test_the_impatient_ask_twice(start: type[Up]) -> None:
    up = start(WORKER="deaf").started()
    up.process.send_signal(signal.SIGTERM)
    eventually(lambda: bool(up.diary("api ends")))
    asked = time.monotonic()
    time.sleep(0.2)
    assert up.end()[0] == 0
    assert time.monotonic() - asked < 10


def test_a_second_parent_is_refused(start: type[Up]) -> None:
    first = start().started()
    second = start()
    code, said = second.finish()
    assert code == 1
    assert f"Armarium already runs on {first.data} (process {first.process.pid})" in said
    assert first.answers()


def test_a_child_that_crashes_at_once_is_waited_for_longer_each_time() -> None:
    child = Child("short", ["this", "module", "is", "missing"])
    waits = []
    for _ in range(3):
        child.start()
        eventually(lambda: child.reap() is not None)
        waits.append(child.due - time.monotonic())
        assert not child.may_start()
    assert waits == sorted(waits)


def test_a_child_that_will_not_stop_is_killed() -> None:
    child = Child("deaf", ["tests.support.small_child", "worker"], {"DIARY": os.devnull})
    child.arguments = ["timeit", "-n", "1", "-s", "import signal, time", "time.sleep(60)"]
    child.start()
    child.wait_stopped(impatient=lambda: True)
    assert not child.alive


def test_the_socket_is_ours_alone_and_gone_afterwards(tmp_path: Path) -> None:
    with selectors.DefaultSelector() as selector, Activation(tmp_path, selector) as activation:
        assert activation.path.stat().st_mode & 0o777 == 0o600
        assert activation.env == {"ARMARIUM_INFERENCE_SOCKET": str(activation.path)}
    assert not activation.path.exists()
