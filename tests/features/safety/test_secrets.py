"""Secrets from variables, files and AWS Secrets Manager, and their rotation."""

import asyncio
import json
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from armarium.adapters.secrets.aws import AwsSecrets
from armarium.entry.renewing import Renewal
from armarium.entry.settings import Settings
from armarium.features.accounts import OutsideLogins
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.secret import ServerSecret
from armarium.ports.mailer import Mailer
from armarium.ports.secrets import SecretsUnavailable
from tests.support.api import client_of, make_house, register, running_app

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


async def test_a_running_house_takes_over_renewed_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_urls: DatabaseUrls
) -> None:
    """By the doors that need them: a session, and what was sealed before, live on."""
    file, mail = tmp_path / "key", tmp_path / "mail"
    file.write_text("before")
    mail.write_text("mail-before")
    monkeypatch.setenv("ARMARIUM_SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("ARMARIUM_MAIL__HOST", "mail.example.org")
    monkeypatch.setenv("ARMARIUM_MAIL__USERNAME", "armarium")
    monkeypatch.setenv("ARMARIUM_MAIL__PASSWORD_FILE", str(mail))
    house = make_house(database_urls, tmp_path / "data", secrets_reload_seconds=0.05)
    secret, renewal = house.get(ServerSecret), house.get(Renewal)
    async with running_app(house) as app:
        ada = await register(app)
        assert await renewal.look() == []
        old = secret.derive("totp")
        file.write_text("after")
        mail.write_text("mail-after")
        async with asyncio.timeout(10):
            while secret.derive("totp") == old:  # noqa: ASYNC110  # what is awaited is a clock
                await asyncio.sleep(0.02)
        assert secret.derive_all("totp")[1] == old
        assert house.services[Mailer]._password == "mail-after"
        assert (await ada.client.get("/api/v1/me")).status_code == 200
        async with client_of(app) as browser:
            pair = await browser.post(
                "/api/v1/auth/refresh", json={"refresh_token": ada.refresh_token}
            )
        assert pair.status_code == 200
        file.unlink()
        assert await renewal.look() == []
        assert secret.derive_all("totp")[1] == old, "what cannot be read leaves all as it is"


async def test_a_provider_gets_its_renewed_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_urls: DatabaseUrls
) -> None:
    before = {"issuer": "https://login.example.org", "client_id": "a", "client_secret": "before"}
    monkeypatch.setenv("ARMARIUM_IDENTITY_PROVIDERS", json.dumps({"example": before}))
    house = make_house(database_urls, tmp_path / "data")
    logins = house.get(OutsideLogins)
    assert logins.providers[0].client_secret == "before"
    after = before | {"client_secret": "after", "client_id": "another"}
    monkeypatch.setenv("ARMARIUM_IDENTITY_PROVIDERS", json.dumps({"example": after}))
    assert await house.get(Renewal).look() == ["identity_providers"]
    assert (logins.providers[0].client_secret, logins.providers[0].client_id) == ("after", "a")
    await house.database.close()
