"""The same uploads with the pictures in an S3 bucket: the client sends straight to the store."""

import base64
import json
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from armarium.adapters.blobs import S3Settings
from armarium.entry.blobs import UnusableBlobUrl, blob_store
from armarium.entry.settings import Settings
from armarium.entry.wiring import House
from armarium.features.media import MediaPipeline
from armarium.platform.database import Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.secret import ServerSecret
from tests.support import pictures
from tests.support.api import make_house, running_app
from tests.support.blobs import s3_bucket
from tests.support.media import presign, send_picture


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3Settings]:
    with s3_bucket() as settings:
        yield settings


@pytest.fixture(scope="module")
def house(
    module_database_urls: DatabaseUrls,
    tmp_path_factory: pytest.TempPathFactory,
    bucket: S3Settings,
) -> House:
    keys = {
        "endpoint": bucket.endpoint,
        "region": bucket.region,
        "access_key": bucket.access_key_id,
        "secret_key": bucket.secret_access_key,
    }
    return make_house(
        module_database_urls,
        tmp_path_factory.mktemp("data"),
        blob_url=f"s3://{bucket.bucket}/pictures",
        s3=keys,
    )


@pytest.fixture(scope="module")
async def app(house: House) -> AsyncGenerator[FastAPI]:
    async with running_app(house) as running:
        yield running


async def test_from_form_to_thumbnails(person: AsyncClient, house: House) -> None:
    data = pictures.picture(300, 200)
    upload = await presign(person, size=len(data))
    ticket = upload["upload"]
    assert ticket["method"] == "POST"
    assert ticket["url"].endswith("/armarium")
    me = (await person.get("/api/v1/me")).json()
    assert ticket["fields"]["key"] == f"pictures/{me['space_id']}/incoming/{upload['id']}"
    async with AsyncClient() as browser:
        sent = await browser.post(ticket["url"], data=ticket["fields"], files={"file": data})
        assert sent.status_code < 300, sent.text
        done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
        assert done.json()["status"] == "stored"
        scope = Scope(spaces=(me["space_id"],))
        media = await house.get(MediaPipeline).make_thumbnails(scope, UUID(upload["id"]))
        assert media.status == "ready"
        shown = await person.get(f"/api/v1/media/{upload['id']}/256")
        assert shown.headers["content-type"] == "image/webp"
        link = (await person.post(f"/api/v1/media/{upload['id']}/link")).json()["url"]
        assert link.startswith("http://127.0.0.1")
        assert (await browser.get(link)).content == data
    audit = (await person.get("/api/v1/storage/audit")).json()
    assert audit == {"without_row": [], "without_object": [], "repaired": 0}
    repaired = await person.post("/api/v1/storage/repair", params={"at_most": 5})
    assert repaired.json() == audit


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"encryption": "aes256"}, {"x-amz-server-side-encryption": "AES256"}),
        (
            {"encryption": "kms", "kms_key": "arn:aws:kms:us-east-1:1:key/a"},
            {
                "x-amz-server-side-encryption": "aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:us-east-1:1:key/a",
            },
        ),
    ],
)
async def test_the_store_is_asked_to_encrypt_whatever_is_written(
    tmp_path: Path, bucket: S3Settings, asked: dict[str, str], found: dict[str, str]
) -> None:
    keys = {"endpoint": bucket.endpoint, "access_key": "id", "secret_key": "secret", **asked}
    settings = Settings(data=tmp_path, blob_url=f"s3://{bucket.bucket}/sealed", s3=keys)
    store = blob_store(settings, ServerSecret(value="x", file=tmp_path / "secret"))
    minute = timedelta(minutes=1)
    await store.put("a/bytes", b"1")
    ticket = await store.upload_ticket(
        "a/form", max_bytes=9, content_type="image/png", lifetime=minute
    )
    policy = json.loads(base64.b64decode(ticket.fields["policy"]))
    assert all({name: value} in policy["conditions"] for name, value in found.items())
    assert found.items() <= ticket.fields.items()
    link = await store.download_url(
        "a/bytes", content_type="image/png", filename="a.png", lifetime=minute
    )
    async with AsyncClient() as browser:
        seen = await browser.get(link.url)
    assert found.items() <= dict(seen.headers).items()


def test_a_key_without_its_service_is_refused(tmp_path: Path) -> None:
    keys = {"access_key": "id", "secret_key": "secret", "kms_key": "arn:aws:kms:x"}
    settings = Settings(data=tmp_path, blob_url="s3://bucket", s3=keys)
    with pytest.raises(UnusableBlobUrl, match="ARMARIUM_S3__ENCRYPTION=kms"):
        blob_store(settings, ServerSecret(value="x", file=tmp_path / "secret"))


async def test_what_passed_the_form_is_still_measured(person: AsyncClient) -> None:
    """A store that ignores the policy (moto does) is not believed."""
    upload = await presign(person)
    ticket = upload["upload"]
    big = b"\xff\xd8\xff" + b"\0" * ticket["max_bytes"]
    async with AsyncClient() as browser:
        await browser.post(ticket["url"], data=ticket["fields"], files={"file": big})
    done = await person.post(f"/api/v1/uploads/{upload['id']}/complete")
    assert (done.status_code, done.json()["code"]) == (413, "upload_beyond_ticket")
    assert (await person.get(f"/api/v1/media/{upload['id']}")).status_code == 404


async def test_the_folders_addresses_are_closed(person: AsyncClient) -> None:
    await send_picture(person)
    for answer in (
        await person.get("/api/v1/blobs/a.b"),
        await person.put("/api/v1/blobs/a.b", content=b"x"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "blob_url_refused")


@pytest.fixture
def unknown_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine to which AWS lends nothing, whoever runs the test."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("unknown_to_aws")
async def test_without_keys_the_process_signs_with_what_aws_lends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "LENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "for-an-hour")
    settings = Settings(data=tmp_path, blob_url="s3://bucket/prefix")
    store = blob_store(settings, ServerSecret(value="x", file=tmp_path / "secret"))
    ticket = await store.upload_ticket(
        "a/b", content_type="image/png", max_bytes=10, lifetime=timedelta(minutes=1)
    )
    assert ticket.fields["x-amz-credential"].startswith("LENT/")
    assert ticket.fields["x-amz-security-token"] == "for-an-hour"
    policy = json.loads(base64.b64decode(ticket.fields["policy"]))
    assert {"x-amz-security-token": "for-an-hour"} in policy["conditions"]


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"access_key": "k"}, "go together"),
        ({"secret_key": "s"}, "go together"),
        ({"endpoint": "https://store.example"}, "needed at https://store.example"),
    ],
)
def test_half_a_pair_of_keys_is_no_role(tmp_path: Path, keys: dict[str, str], words: str) -> None:
    settings = Settings(data=tmp_path, blob_url="s3://bucket", s3=keys)
    with pytest.raises(UnusableBlobUrl, match=words):
        blob_store(settings, ServerSecret(value="x", file=tmp_path / "secret"))


def test_without_the_extra_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "armarium.adapters.blobs.lent", raising=False)
    settings = Settings(data=tmp_path, blob_url="s3://bucket")
    with pytest.raises(UnusableBlobUrl, match=r"pip install armarium\[aws\]"):
        blob_store(settings, ServerSecret(value="x", file=tmp_path / "secret"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://somewhere", "s3://bucket/prefix"),
        ("s3://", "names no bucket"),
        ("s3://bucket", "lends this process no keys"),
    ],
)
@pytest.mark.usefixtures("unknown_to_aws")
def test_a_store_that_can_not_be_used_is_said_in_words(
    tmp_path: Path, url: str, words: str
) -> None:
    settings = Settings(data=tmp_path, blob_url=url)
    secret = ServerSecret(value="x", file=settings.data / "secret")
    with pytest.raises(UnusableBlobUrl, match=words):
        blob_store(settings, secret)


@pytest.mark.parametrize(
    ("endpoint", "allow_http", "is_taken"),
    [
        ("http://store.example:9000", False, False),
        ("HTTP://10.0.0.7:9000", False, False),
        ("http://store.example:9000", True, True),
        ("https://store.example", False, True),
        ("http://127.0.0.1:9000", False, True),
        (None, False, True),
    ],
)
def test_signed_links_go_over_https_unless_told_otherwise(
    tmp_path: Path, endpoint: str | None, *, allow_http: bool, is_taken: bool
) -> None:
    keys = {
        "endpoint": endpoint,
        "access_key": "id",
        "secret_key": "secret",
        "allow_http": allow_http,
    }
    settings = Settings(data=tmp_path, blob_url="s3://bucket", s3=keys)
    secret = ServerSecret(value="x", file=settings.data / "secret")
    with nullcontext() if is_taken else pytest.raises(UnusableBlobUrl, match="plain HTTP"):
        blob_store(settings, secret)
