"""Names that look like settings and are none are told, with the one that may be meant."""

import sys
from pathlib import Path

import pytest

from armarium.entry import cli
from armarium.entry.settings_unknown import unknown_settings

IS_NONE = "is no setting and does nothing."


@pytest.mark.parametrize(
    "name",
    [
        "ARMARIUM_PORT",
        "armarium_port",
        "ARMARIUM_S3",
        "ARMARIUM_S3__REGION",
        "ARMARIUM_SECRET_KEY_FILE",
        "ARMARIUM_MAIL__PASSWORD_FILE",
        "ARMARIUM_LOGIN_FILE",
        "ARMARIUM_URL",
        "ARMARIUM_SECRETS",
        "ARMARIUM_TEST_DATA",
        "ARMARIUM_IDENTITY_PROVIDERS__WORK__CLIENT_ID",
        "ARMARIUM_IDENTITY_PROVIDERS__WORK__ROLES",
        "ARMARIUM_TRUSTED_ISSUERS__COGNITO__AUDIENCE",
        "PATH",
    ],
)
def test_what_is_read_is_known(name: str) -> None:
    assert unknown_settings({name: "x"}) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ARMARIUM_PROT", "ARMARIUM_PORT"),
        ("ARMARIUM_S3__REGIN", "ARMARIUM_S3__REGION"),
        ("ARMARIUM_MAIL_HOST", "ARMARIUM_MAIL__HOST"),
        ("ARMARIUM_PORT__X", "ARMARIUM_PORT"),
    ],
)
def test_a_slip_is_told_with_what_is_meant(name: str, meant: str) -> None:
    assert unknown_settings({name: "x"}) == [f"{name} {IS_NONE} Did you mean {meant}?"]


def test_what_resembles_nothing_is_told_alone() -> None:
    assert unknown_settings({"ARMARIUM_XQWZ": "x"}) == [f"ARMARIUM_XQWZ {IS_NONE}"]


def test_keys_of_the_file_are_read_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "armarium.toml"
    file.write_text('prot = 1\nport = 2\n[mail]\nhost = "a"\nhots = "b"\n')
    monkeypatch.setenv("ARMARIUM_CONFIG", str(file))
    assert unknown_settings({}) == [
        f"prot in {file} {IS_NONE} Did you mean port?",
        f"mail.hots in {file} {IS_NONE} Did you mean mail.host?",
    ]


def test_the_start_tells(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("ARMARIUM_PROT", "1")
    monkeypatch.setattr("armarium.entry.up.up", lambda _settings: None)
    monkeypatch.setattr(sys, "argv", ["armarium", "up"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 0
    assert "Did you mean ARMARIUM_PORT?" in capsys.readouterr().err
