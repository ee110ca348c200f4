"""`armarium up` as a person runs it: the real API, worker and database."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pyvips

from armarium.adapters.renderings import render_card
from armarium.platform.postgres.folder import runtime_folder
from armarium.platform.postgres.urls import with_database
from tests.support.clusters import all_gone, eventually, family
from tests.support.external_server import external_server, free_port

PERSON = {"email": "first@example.org", "password": "Correct-Horse-42"}
HAS_NEIGHBOURS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")) > 1
FOUND_WITHIN_SECONDS = 45 if HAS_NEIGHBOURS else 15
"""The models load in that time, too: it is the first photo after the start. Beside another test,
which may keep all processors busy, the same work takes three times as long."""
pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(runtime_folder(tmp_path / "data", None), ignore_errors=True)


@contextmanager
def armarium(
    data: Path, **variables: str
) -> Generator[tuple[subprocess.Popen[str], httpx2.Client]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "armarium.entry.cli", "up", "--port", str(port)],
        env={**os.environ, "ARMARIUM_DATA": str(data), **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            eventually(lambda: answers(client), 60)
            yield process, client
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


def photo_of(card: bytes) -> bytes:
    """The card on a plain table, as a phone sees it from above."""
    return (
        pyvips.Image.new_from_buffer(card, "")
        .embed(260, 320, 1270, 1690, extend="background", background=[70, 88, 104])
        .jpegsave_buffer(Q=90)
    )


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx2.HTTPError:
        return False


def descendants(pid: int) -> list[int]:
    found = family(pid)
    return [pid, *(one for child in found[1:] for one in descendants(child))]


def test_a_killed_product_leaves_nobody_and_forgets_nothing(data: Path) -> None:
    with armarium(data) as (process, client):
        assert client.post("/api/v1/auth/register", json=PERSON).is_success
        everyone = descendants(process.pid)
        assert len(everyone) > 8
        process.send_signal(signal.SIGKILL)
        eventually(lambda: all_gone([one for one in everyone if one != process.pid]), 10)
        process.wait()
    with armarium(data) as (process, client):
        assert client.post("/api/v1/auth/login", json=PERSON).is_success
        everyone = descendants(process.pid)
        process.terminate()
        assert process.wait(60) == 0
        assert all_gone(everyone)


def sign_up_with_a_catalogue(client: httpx2.Client) -> None:
    rows = b"name,number,set_name\nLantern Keeper,12/64,Harbor\nTide Singer,13/64,Harbor\n"
    person = client.post("/api/v1/auth/register", json=PERSON).json()
    client.headers["Authorization"] = f"Bearer {person['access_token']}"
    sent = client.post(
        "/api/v1/catalogues/imports",
        files={"file": ("harbor.csv", rows, "text/csv")},
        data={"format": "csv", "kind": "card"},
    )
    assert sent.is_success, sent.text
    eventually(lambda: "ready" in client.get("/api/v1/catalogues").text, 30)


def photograph(client: httpx2.Client, name: str, number: str) -> str:
    """Send the card's photo; the scan's address."""
    card = render_card(name, number, "Harbor Lights, 1999", seed=3)
    files = [("files", ("photo.jpg", photo_of(card), "image/jpeg"))]
    sent = client.post("/api/v1/scans", files=files, data={"kind": "card"})
    assert sent.is_success, sent.text
    return f"/api/v1/scans/{sent.json()['id']}"


def found(client: httpx2.Client, word: str) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/search?q={word}").raise_for_status().json()


def test_a_photo_is_found_by_search_within_seconds(data: Path) -> None:
    with armarium(data) as (_process, client):
        sign_up_with_a_catalogue(client)
        begun = time.monotonic()
        photograph(client, "Lantern Keeper", "12/64")
        eventually(lambda: found(client, "lantern"), 60)
        assert time.monotonic() - begun < FOUND_WITHIN_SECONDS


@pytest.mark.parametrize("killed", ["worker", "everything"])
def test_a_photo_outlives_what_was_killed_while_it_was_read(data: Path, killed: str) -> None:
    """Killed outright; the house starts another worker, or a person the whole again."""
    with armarium(data) as (process, client):
        sign_up_with_a_catalogue(client)
        photograph(client, "Lantern Keeper", "12/64")
        eventually(lambda: found(client, "lantern"), 60)
        scan = photograph(client, "Tide Singer", "13/64")
        eventually(lambda: client.get(scan).json()["progress"]["done"] > 0, 30)
        assert client.get(scan).json()["status"] == "running"
        died = time.monotonic()
        if killed == "worker":
            (worker,) = [
                one for one in descendants(process.pid) if command_of(one).endswith(b"\0worker\0")
            ]
            os.kill(worker, signal.SIGKILL)
        else:
            process.send_signal(signal.SIGKILL)
            process.wait()
        with nullcontext((process, client)) if killed == "worker" else armarium(data) as now:
            again = now[1].post("/api/v1/auth/login", json=PERSON).json()
            now[1].headers["Authorization"] = f"Bearer {again['access_token']}"
            eventually(lambda: found(now[1], "tide"), 60)
            assert time.monotonic() - died < FOUND_WITHIN_SECONDS
            assert [each["title"] for each in found(now[1], "singer")] == ["Tide Singer"]
            assert len(now[1].get("/api/v1/items").json()) == 2


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_it_survives_the_death_of_its_database(data: Path) -> None:
    with armarium(data) as (_process, client):
        assert client.post("/api/v1/auth/register", json=PERSON).is_success
        server = int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server, signal.SIGKILL)
        eventually(lambda: client.post("/api/v1/auth/login", json=PERSON).is_success, 30)


def test_it_runs_on_an_external_server(data: Path) -> None:
    with (
        external_server() as url,
        armarium(data, ARMARIUM_DATABASE_URL=with_database(url, "collection")) as started,
    ):
        assert started[1].post("/api/v1/auth/register", json=PERSON).is_success
        assert not (data / "postgres").exists()
