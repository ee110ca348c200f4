"""The probes of the guide, run as they stand there, by the same curl."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap
from tests.support.live import working_house

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "watch-uptime.md"
PLACE = "https://shelf.example.org"
HEADER = "/etc/armarium/probe-header"
ALARM = 22
"""Curl's exit for an answer of 400 and above, by which cron sends its letter."""


def probe(address: str, path: str, header: Path) -> int:
    """Run the guide's line for `path`; what the shell's cron would see as its end."""
    (line,) = re.findall(
        rf"^ +\S+ \* \* \* \* (curl .*{path}) >/dev/null$", GUIDE.read_text(), re.MULTILINE
    )
    command = line.replace(PLACE, address).replace(HEADER, str(header))
    return subprocess.run(
        shlex.split(command), stdout=subprocess.DEVNULL, timeout=60, check=False
    ).returncode


@pytest.fixture(scope="module")
def whole(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    with working_house(cheap(build(settings, module_database_urls))) as running:
        yield running.address


@pytest.fixture(scope="module")
def header(whole: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the key that the guide asks for."""
    person = {"email": "ada@example.org", "password": PASSWORD}
    token = httpx2.post(f"{whole}/api/v1/auth/register", json=person).json()["access_token"]
    made = httpx2.post(
        f"{whole}/api/v1/me/api-keys",
        json={"name": "probe", "scopes": ["jobs:read"]},
        headers={"Authorization": f"Bearer {token}"},
    )
    file = tmp_path_factory.mktemp("probe") / "probe-header"
    file.write_text(f"Authorization: Bearer {made.json()['secret']}\n")
    return file


def test_both_probes_are_content_with_what_runs(whole: str, header: Path) -> None:
    assert probe(whole, "/healthz", header) == 0
    assert probe(whole, "/api/v1/health/deep", header) == 0


def test_a_key_that_was_not_meant_for_it_raises_the_alarm(whole: str, tmp_path: Path) -> None:
    (tmp_path / "probe-header").write_text("Authorization: Bearer arm_made_up\n")
    assert probe(whole, "/api/v1/health/deep", tmp_path / "probe-header") == ALARM


def test_silence_raises_the_alarm(tmp_path: Path) -> None:
    assert probe("http://127.0.0.1:9", "/healthz", tmp_path) != 0
