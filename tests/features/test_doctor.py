"""`armarium doctor`: findings that say what to do, and an exit code for scripts."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from armarium.entry import doctor as checks
from armarium.entry.disks import is_encrypted, lies_encrypted
from armarium.entry.doctor import doctor, findings, judge
from armarium.entry.migrating import migrate_all
from armarium.entry.settings import Settings
from armarium.kinds.registry import ENTRY_POINT_GROUP, build
from armarium.platform.database.migrations import head
from armarium.platform.postgres import binaries, folder
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.errors import BinariesMissing
from armarium.platform.postgres.inspection import Inspection, Wire
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.external_server import free_port

HEALTHY: dict[str, Any] = {
    "wire": Wire.LOCAL,
    "server": "18.4",
    "vector": "0.8.5",
    "missing_roles": (),
    "loose_roles": (),
    "unpoliced": (),
    "size_bytes": 1,
    "connections": 1,
}


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    data = tmp_path / "data"
    yield Settings(data=data, port=free_port())
    shutil.rmtree(folder.runtime_folder(data, None), ignore_errors=True)


def verdicts(settings: Settings) -> dict[str, tuple[str, str]]:
    return {
        check.name: (check.verdict, check.detail + check.advice) for check in findings(settings)
    }


def test_a_fresh_machine_is_healthy_and_left_alone(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(settings) == 0
    said = capsys.readouterr().out
    assert "made at the first start" in said
    assert "postgres (PostgreSQL) 18" in said
    assert not settings.data.exists()


def test_json_is_for_programs(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(settings, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert {"name", "verdict", "detail", "advice"} == set(found[0])
    assert {"python", "disk space", "database", "models", "web app"} <= {
        check["name"] for check in found
    }


def test_a_database_at_rest_is_looked_into(settings: Settings) -> None:
    with Cluster.own(settings.data, overrides={"fsync": "off"}):
        pass
    found = verdicts(settings)
    assert found["database"][0] == "ok"
    assert found["schema"] == (
        "fail",
        f"revision none, this program is {head()}Run `armarium migrate`.",
    )
    with Cluster.own(settings.data, overrides={"fsync": "off"}) as cluster:
        migrate_all(cluster.urls)
        assert cluster.embedded is not None
        cluster.embedded.announce()
        found = verdicts(settings)
        assert {found[name][0] for name in ("database", "extension", "roles", "schema")} == {"ok"}
        assert found["address"][0] == "warn"


def test_a_setting_that_is_none_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert verdicts(settings)["settings"] == ("ok", "every name is known")
    monkeypatch.setenv("ARMARIUM_PROT", "1")
    verdict, said = verdicts(settings)["settings"]
    assert verdict == "warn"
    assert "Did you mean ARMARIUM_PORT?" in said


def test_a_port_of_another_program_is_named(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.port)):
        verdict, said = verdicts(settings)["address"]
    assert verdict == "fail"
    assert f"ARMARIUM_PORT={settings.port + 1}" in said


def test_an_external_server_is_asked(database_urls: DatabaseUrls, settings: Settings) -> None:
    external = Settings(data=settings.data, port=settings.port, database_url=database_urls.admin)
    found = verdicts(external)
    assert found["schema"] == ("ok", f"revision {head()}")
    assert found["row security"][0] == "ok"
    assert "server binaries" not in found
    away = f"postgresql://nobody:secret@127.0.0.1:{free_port()}/x"
    verdict, said = verdicts(Settings(data=settings.data, database_url=away))["database"]
    assert verdict == "fail"
    assert "secret" not in said


def test_a_folder_of_another_version_is_a_failure(settings: Settings) -> None:
    (settings.data / "postgres").mkdir(parents=True)
    (settings.data / "postgres" / "PG_VERSION").write_text("17")
    verdict, said = verdicts(settings)["database folder"]
    assert verdict == "fail"
    assert "made by PostgreSQL 17" in said


@pytest.mark.parametrize(
    ("change", "name", "said"),
    [
        ({"server": "17.2"}, "database", "needs PostgreSQL 18"),
        ({"vector": None}, "extension", "create extension vector"),
        ({"missing_roles": ("arm_wf",)}, "roles", "missing: arm_wf"),
        ({"loose_roles": ("arm_app",)}, "roles", "nobypassrls"),
        ({"revision": "0001"}, "schema", "armarium migrate"),
        ({"unpoliced": ("items",)}, "row security", "not enforced on items"),
    ],
)
def test_each_fault_of_a_database_is_a_failure(
    change: dict[str, Any], name: str, said: str
) -> None:
    seen = Inspection(**{"revision": head(), **HEALTHY, **change})
    failed = {
        check.name: check.detail + check.advice for check in judge(seen) if check.verdict == "fail"
    }
    assert list(failed) == [name]
    assert said in failed[name]


@pytest.mark.parametrize(
    ("wire", "verdict", "said"),
    [
        (Wire.LOCAL, "ok", "does not leave this machine"),
        (Wire.VERIFIED, "ok", "TLS"),
        (Wire.UNVERIFIED, "warn", "sslmode=verify-full"),
        (Wire.PLAIN, "warn", "not encrypted"),
    ],
)
def test_who_could_read_on_the_way_to_the_database_is_told(
    wire: Wire, verdict: str, said: str
) -> None:
    (check,) = [
        check
        for check in judge(Inspection(**{"revision": head(), **HEALTHY, "wire": wire}))
        if check.name == "connection"
    ]
    assert check.verdict == verdict
    assert said in check.detail + check.advice


def test_missing_parts_of_the_installation_are_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> binaries.Binaries:
        raise BinariesMissing("not installed")

    monkeypatch.setattr(checks, "locate", nowhere)
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    monkeypatch.setattr(checks, "COMFORTABLE_BYTES", 2**60)
    monkeypatch.setattr(checks, "web_folder", lambda _settings: None)
    found = verdicts(settings)
    assert found["server binaries"][0] == "fail"
    assert found["models"][0] == "fail"
    assert found["disk space"][0] == "warn"
    assert found["web app"][0] == "warn"
    monkeypatch.setattr(checks, "LEAST_PYTHON", (99, 0))
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = verdicts(settings)
    assert found["python"][0] == "fail"
    assert found["data folder"][0] == "fail"


def test_the_binaries_come_from_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda _name: None)
    binaries.locate.cache_clear()
    with pytest.raises(BinariesMissing, match="ARMARIUM_DATABASE_URL"):
        binaries.locate()
    binaries.locate.cache_clear()


def test_the_disks_below_the_data_folder_are_asked(tmp_path: Path) -> None:
    """A volume on LUKS, and the same grown onto a bare partition, as the kernel lists them."""
    assert not lies_encrypted(tmp_path)
    sealed = tmp_path / "slaves" / "dm-0" / "dm"
    sealed.mkdir(parents=True)
    (tmp_path / "dm").mkdir()
    (tmp_path / "dm" / "uuid").write_text("LVM-u9Ay")
    (sealed / "uuid").write_text("CRYPT-LUKS2-25ab-root")
    assert lies_encrypted(tmp_path)
    (tmp_path / "slaves" / "sda2").mkdir()
    assert not lies_encrypted(tmp_path)


def test_whether_the_disk_is_encrypted_is_said(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer, said in ((True, "is encrypted"), (False, "not encrypted"), (None, "not say")):
        monkeypatch.setattr(checks, "is_encrypted", lambda _folder, answer=answer: answer)
        assert said in checks.check_encryption(settings).detail
    assert is_encrypted(tmp_path) in {True, False, None}


def test_a_plugin_that_is_refused_is_named_with_its_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registry kept the reasons for the doctor, and the doctor never asked."""
    assert verdicts(settings)["kinds"] == ("ok", "card, book, art, generic")
    point = EntryPoint("stamps", "armarium.kinds.card:CARD", ENTRY_POINT_GROUP)
    monkeypatch.setattr(checks, "registry", lambda: build([point]))
    verdict, said = verdicts(settings)["kinds"]
    assert verdict == "warn"
    assert "stamps: the name card is taken" in said
    assert "remove" in said
    assert doctor(settings) == 0


def test_a_folder_that_another_program_holds_is_told_soon(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration, say: it waited for that, up to an hour, and printed nothing."""
    monkeypatch.setattr(checks, "ATTACH_PATIENCE_S", 0.1)
    settings.data.mkdir()
    held = folder.hold_program_lock(folder.Folder(settings.data))
    try:
        verdict, said = verdicts(settings)["database"]
    finally:
        os.close(held)
    assert verdict == "warn"
    assert f"another program holds the data folder (process {os.getpid()})" in said


def test_each_finding_is_printed_as_it_comes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def first_said() -> checks.Check:
        assert "python" in capsys.readouterr().out
        return checks.Check("settings", "ok", "asked")

    monkeypatch.setattr(checks, "check_settings", first_said)
    assert doctor(settings) == 0
    assert "settings         asked" in capsys.readouterr().out


def test_a_folder_of_another_user_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its lock can't be opened, which ended in a traceback."""

    def refuse(_path: Path) -> None:
        raise PermissionError

    settings.data.mkdir()
    folder.Folder(settings.data).program_lock.touch()
    monkeypatch.setattr(checks, "try_lock", refuse)
    found = verdicts(settings)
    assert found["address"][0] == "ok"
    assert found["database"][0] == "warn"
    assert "held or owned by another user" in found["database"][1]
    with socket.create_server(("127.0.0.1", settings.port)):
        assert "another user's Armarium" in verdicts(settings)["address"][1]


def test_a_home_that_cannot_be_entered_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, exists = tmp_path / "home", Path.exists

    def refuse(path: Path) -> bool:
        if home in path.parents:
            raise PermissionError
        return exists(path)

    home.mkdir()
    monkeypatch.setattr(Path, "exists", refuse)
    found = verdicts(Settings(data=home / "data", port=free_port()))
    assert f"{home}" in found["database folder"][1]
    assert found["database"][0] == "warn"
