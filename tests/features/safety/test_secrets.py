"""Secrets from variables, files and AWS Secrets Manager, and their rotation."""

import json
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from armarium.adapters.secrets.aws import AwsSecrets
from armarium.entry.settings import Settings
from armarium.ports.secrets import SecretsUnavailable

NAME = "armarium/production"


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """AWS Secrets Manager as moto serves it, on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def aws(address: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in {
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": address,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_CONFIG_FILE": "/nowhere",
        "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    client: Any = boto3.client("secretsmanager")
    yield client
    for secret in client.list_secrets()["SecretList"]:
        client.delete_secret(SecretId=secret["Name"], ForceDeleteWithoutRecovery=True)


def keep(client: Any, **members: str) -> None:
    client.create_secret(Name=NAME, SecretString=json.dumps(members))


def rotate(client: Any, **members: str) -> None:
    client.put_secret_value(SecretId=NAME, SecretString=json.dumps(members))


def revealed(secret: Any) -> str | None:
    return None if secret is None else secret.get_secret_value()


def test_a_file_stands_in_for_a_variable_and_a_variable_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "key"
    file.write_text("from-a-file\n")
    monkeypatch.setenv("ARMARIUM_SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("ARMARIUM_S3__SECRET_KEY_FILE", str(file))
    settings = Settings()
    assert revealed(settings.secret_key) == "from-a-file"
    assert revealed(settings.s3.secret_key) == "from-a-file"
    monkeypatch.setenv("ARMARIUM_SECRET_KEY", "from-a-variable")
    assert revealed(Settings().secret_key) == "from-a-variable"
    monkeypatch.setenv("ARMARIUM_S3__SECRET_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SystemExit, match="ARMARIUM_S3__SECRET_KEY_FILE"):
        Settings()


def test_settings_come_from_the_manager(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(aws, SECRET_KEY="managed", s3__secret_key="bucket", database_url="postgresql://x/y")
    monkeypatch.setenv("ARMARIUM_SECRETS", f"aws:{NAME}")
    settings = Settings()
    assert revealed(settings.secret_key) == "managed"
    assert revealed(settings.s3.secret_key) == "bucket"
    assert revealed(settings.database_url) == "postgresql://x/y"
    assert settings.secret_key_previous is None
    assert "managed" not in repr(settings)
    rotate(aws, secret_key="renewed")
    settings = Settings()
    assert revealed(settings.secret_key) == "renewed"
    assert revealed(settings.secret_key_previous) == "managed"


def test_both_versions_are_read_for_a_day(aws: Any) -> None:
    keep(aws, secret_key="old")
    rotate(aws, secret_key="new")
    today = AwsSecrets(client=aws).read(NAME)
    assert (today.current, today.previous) == ({"secret_key": "new"}, {"secret_key": "old"})
    later = AwsSecrets(client=aws, clock=lambda: datetime.now(UTC) + timedelta(hours=25))
    assert later.read(NAME).previous == {}


def test_answers_are_kept_for_a_while(aws: Any) -> None:
    keep(aws, secret_key="old")
    passed = timedelta()
    secrets = AwsSecrets(client=aws, clock=lambda: datetime.now(UTC) + passed)
    assert secrets.read(NAME).current == {"secret_key": "old"}
    rotate(aws, secret_key="new")
    assert secrets.read(NAME).current == {"secret_key": "old"}
    passed = timedelta(seconds=301)
    assert secrets.read(NAME).current == {"secret_key": "new"}


def test_what_is_wrong_is_said_without_a_secret(aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SecretsUnavailable, match="no secret named"):
        AwsSecrets(client=aws).read("other")
    aws.create_secret(Name=NAME, SecretString="hunter2")
    with pytest.raises(SecretsUnavailable) as wrong:
        AwsSecrets(client=aws).read(NAME)
    assert "hunter2" not in str(wrong.value)
    for place, said in (("vault:x", "is not known"), ("aws:missing", "no secret named")):
        monkeypatch.setenv("ARMARIUM_SECRETS", place)
        with pytest.raises(SystemExit, match=said):
            Settings()
