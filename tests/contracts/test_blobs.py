"""One behaviour for every blob store: a folder and an S3 bucket run the same tests."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
import time_machine

from armarium.adapters.blobs import LocalBlobs, S3Blobs, S3Keys, S3Settings
from armarium.adapters.blobs.s3 import post_policy
from armarium.ports.blobs import (
    BlobMissing,
    BlobStore,
    BlobTooLarge,
    SelfServed,
    SignatureRefused,
)
from tests.support.blobs import s3_bucket

SPACE = "0197f7a0-0000-7000-8000-000000000001"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3Settings]:
    with s3_bucket() as settings:
        yield settings


@pytest.fixture(params=["folder", "s3", "s3 by a role"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return LocalBlobs(tmp_path, secret=lambda: b"s" * 32, url_base="/api/v1/blobs")
    bucket: S3Settings = request.getfixturevalue("bucket")
    if request.param == "s3":
        return S3Blobs(bucket)
    return S3Blobs(
        replace(bucket, access_key_id="", secret_access_key=""),
        lent_keys=lambda: S3Keys("lent", "lent-secret", "token", lives=MINUTE),
    )


async def pieces(count: int, *, fail: bool = False) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 1000
    if fail:
        raise ConnectionError("the client went away")


async def keys(store: BlobStore, prefix: str) -> list[str]:
    return sorted([found.key async for found in store.list(prefix)])


async def test_what_is_put_is_got_back_whole_and_in_pieces(store: BlobStore) -> None:
    data = bytes(range(256)) * 4000
    stat = await store.put(f"{SPACE}/a.jpg", data)
    assert (stat.key, stat.size) == (f"{SPACE}/a.jpg", len(data))
    assert await store.get(f"{SPACE}/a.jpg") == data
    assert b"".join([piece async for piece in store.stream(f"{SPACE}/a.jpg")]) == data
    assert abs(datetime.now(UTC) - stat.modified_at) < MINUTE


async def test_a_stream_is_stored_and_a_second_put_replaces(store: BlobStore) -> None:
    await store.put(f"{SPACE}/s.bin", pieces(5))
    assert (await store.stat(f"{SPACE}/s.bin")).size == 5000
    await store.put(f"{SPACE}/s.bin", b"new")
    assert await store.get(f"{SPACE}/s.bin") == b"new"


@pytest.mark.parametrize("how", ["stream", "bytes"])
async def test_more_than_the_bound_leaves_nothing(store: BlobStore, how: str) -> None:
    key = f"{SPACE}/big-{how}.bin"
    with pytest.raises(BlobTooLarge):
        await store.put(key, pieces(20) if how == "stream" else b"x" * 20_000, max_bytes=10_000)
    with pytest.raises(BlobMissing):
        await store.stat(key)
    assert key not in await keys(store, SPACE)


async def test_a_broken_stream_keeps_the_old_object(store: BlobStore) -> None:
    await store.put(f"{SPACE}/keep.bin", b"old")
    with pytest.raises(ConnectionError):
        await store.put(f"{SPACE}/keep.bin", pieces(3, fail=True))
    assert await store.get(f"{SPACE}/keep.bin") == b"old"


async def test_missing_is_told_apart_and_delete_is_idempotent(store: BlobStore) -> None:
    for call in (store.get, store.stat):
        with pytest.raises(BlobMissing):
            await call(f"{SPACE}/none")
    with pytest.raises(BlobMissing):
        [piece async for piece in store.stream(f"{SPACE}/none")]
    await store.put(f"{SPACE}/gone", b"1")
    await store.delete(f"{SPACE}/gone")
    await store.delete(f"{SPACE}/gone")
    assert await keys(store, f"{SPACE}/gone") == []


async def test_list_takes_whole_segments(store: BlobStore) -> None:
    for key in ("one/a", "one/sub/b", "one-more/c"):
        await store.put(key, b"1")
    assert await keys(store, "one") == ["one/a", "one/sub/b"]
    assert await keys(store, "one/") == ["one/a", "one/sub/b"]
    assert await keys(store, "nothing") == []


@pytest.mark.parametrize(
    "key", ["../x", "a/../../x", "/etc/passwd", "a//b", "a\0b", "", "a\\b", "ä"]
)
async def test_keys_never_leave_the_root(store: BlobStore, key: str) -> None:
    with pytest.raises(ValueError):
        await store.put(key, b"1")
    with pytest.raises(ValueError):
        await store.get(key)
    with pytest.raises(ValueError):
        await store.upload_ticket(key, content_type="image/png", max_bytes=1, lifetime=MINUTE)


async def test_a_ticket_names_its_bound_and_its_end(store: BlobStore) -> None:
    ticket = await store.upload_ticket(
        f"{SPACE}/t.png", content_type="image/png", max_bytes=1000, lifetime=MINUTE
    )
    assert ticket.max_bytes == 1000
    assert timedelta() < ticket.expires_at - datetime.now(UTC) <= MINUTE


async def test_a_download_link_is_the_same_for_a_while_and_never_longer_than_asked(
    store: BlobStore,
) -> None:
    async def link() -> tuple[str, datetime]:
        made = await store.download_url(
            f"{SPACE}/t.png", content_type="image/png", filename="t.png", lifetime=3 * MINUTE
        )
        return made.url, made.expires_at

    with time_machine.travel("2031-05-05T10:00:05Z", tick=False) as clock:
        first, until = await link()
        assert until == datetime(2031, 5, 5, 10, 3, tzinfo=UTC)
        clock.shift(50)
        assert await link() == (first, until)
        clock.shift(10)
        assert (await link())[0] != first


async def test_a_bucket_takes_the_form_and_gives_by_signed_url(bucket: S3Settings) -> None:
    store = S3Blobs(bucket)
    ticket = await store.upload_ticket(
        f"{SPACE}/form.png", content_type="image/png", max_bytes=1000, lifetime=MINUTE
    )
    assert ticket.method == "POST"
    async with httpx2.AsyncClient() as client:
        sent = await client.post(ticket.url, data=dict(ticket.fields), files={"file": b"picture"})
        assert sent.status_code < 300
        assert await store.get(f"{SPACE}/form.png") == b"picture"
        link = await store.download_url(
            f"{SPACE}/form.png", content_type="image/png", filename="Çase.png", lifetime=MINUTE
        )
        got = await client.get(link.url)
    assert got.content == b"picture"
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"] == "inline; filename*=UTF-8''%C3%87ase.png"


def test_the_policy_bounds_key_type_and_size(bucket: S3Settings) -> None:
    signed_at = datetime(2015, 12, 29, tzinfo=UTC)
    fields = post_policy(
        bucket,
        key="vault/x",
        content_type="image/png",
        max_bytes=25,
        signed_at=signed_at,
        expires_at=signed_at + MINUTE,
    )
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert policy["expiration"] == "2015-12-29T00:01:00Z"
    assert {"bucket": bucket.bucket} in policy["conditions"]
    assert {"key": "vault/x"} in policy["conditions"]
    assert {"Content-Type": "image/png"} in policy["conditions"]
    assert ["content-length-range", 1, 25] in policy["conditions"]


def test_a_policy_signature_equals_botos(bucket: S3Settings) -> None:
    """boto3 (there for moto) signs the same policy: an independent implementation agrees."""
    from botocore.auth import S3SigV4PostAuth  # noqa: PLC0415 - only this test needs it
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    now = datetime.now(UTC)
    ours = post_policy(
        bucket, key="k", content_type="image/png", max_bytes=9, signed_at=now, expires_at=now
    )
    auth = S3SigV4PostAuth(
        Credentials(bucket.access_key_id, bucket.secret_access_key), "s3", bucket.region
    )
    request = AWSRequest(method="POST", url=bucket.url, data={}, headers={})
    request.context["timestamp"] = ours["x-amz-date"]
    assert auth.signature(ours["policy"], request) == ours["x-amz-signature"]


@time_machine.travel("2026-11-20T10:00:00Z", tick=False)
async def test_a_download_signature_equals_botos(bucket: S3Settings) -> None:
    from botocore.auth import S3SigV4QueryAuth  # noqa: PLC0415 - only this test needs it
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415
    from botocore.credentials import Credentials  # noqa: PLC0415

    link = await S3Blobs(bucket).download_url(
        f"{SPACE}/a b.png", content_type="image/png", filename="a (1)/ü.png", lifetime=MINUTE
    )
    address = urlsplit(link.url)
    query = dict(parse_qsl(address.query))
    request = AWSRequest(
        method="GET",
        url=f"{address.scheme}://{address.netloc}{address.path}",
        params={name: query[name] for name in query if name.startswith("response-")},
    )
    S3SigV4QueryAuth(
        Credentials(bucket.access_key_id, bucket.secret_access_key), "s3", bucket.region, expires=60
    ).add_auth(request)
    signature = dict(parse_qsl(urlsplit(request.url).query))["X-Amz-Signature"]
    assert query["X-Amz-Signature"] == signature


def test_aws_itself_is_addressed_by_host_name() -> None:
    settings = S3Settings(
        bucket="b", access_key_id="k", secret_access_key="s", region="eu-north-1", session_token="t"
    )
    assert settings.url == "https://b.s3.eu-north-1.amazonaws.com"
    now = datetime.now(UTC)
    fields = post_policy(
        settings, key="k", content_type="t", max_bytes=1, signed_at=now, expires_at=now
    )
    assert fields["x-amz-security-token"] == "t"


async def test_keys_that_were_renewed_sign_the_next_form() -> None:
    names = iter(("first", "second"))
    blobs = S3Blobs(
        S3Settings(bucket="b"),
        lent_keys=lambda: S3Keys(next(names), "s", "token", lives=MINUTE),
    )
    forms = [
        await blobs.upload_ticket("a", content_type="t", max_bytes=1, lifetime=MINUTE)
        for _ in range(2)
    ]
    signers = [form.fields["x-amz-credential"].partition("/")[0] for form in forms]
    assert signers == ["first", "second"]


class TestFolderTokens:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> LocalBlobs:
        return LocalBlobs(tmp_path, secret=lambda: b"s" * 32, url_base="/api/v1/blobs/")

    async def token(self, folder: LocalBlobs, lifetime: timedelta = MINUTE) -> str:
        ticket = await folder.upload_ticket(
            f"{SPACE}/a.png", content_type="image/png", max_bytes=10, lifetime=lifetime
        )
        assert ticket.url.startswith("/api/v1/blobs/")
        return ticket.url.rsplit("/", 1)[1]

    async def test_a_token_says_what_it_allows(self, folder: LocalBlobs) -> None:
        assert isinstance(folder, SelfServed)
        grant = folder.check_upload(await self.token(folder))
        assert (grant.key, grant.content_type, grant.max_bytes) == (
            f"{SPACE}/a.png",
            "image/png",
            10,
        )

    async def test_a_changed_token_is_refused(self, folder: LocalBlobs) -> None:
        token = await self.token(folder)
        body, mac = token.split(".")
        claim = json.loads(base64.urlsafe_b64decode(body + "=="))
        claim["max"] = 10**9
        forged = base64.urlsafe_b64encode(json.dumps(claim).encode()).decode().rstrip("=")
        for bad in (f"{forged}.{mac}", token[:-1], body, "", ".", "é.é", f"{body}.{mac}x"):
            with pytest.raises(SignatureRefused):
                folder.check_upload(bad)

    async def test_an_expired_token_is_refused(self, folder: LocalBlobs) -> None:
        with pytest.raises(SignatureRefused, match="expired"):
            folder.check_upload(await self.token(folder, timedelta(seconds=-1)))

    async def test_an_upload_token_downloads_nothing_and_the_reverse(
        self, folder: LocalBlobs
    ) -> None:
        with pytest.raises(SignatureRefused):
            folder.check_download(await self.token(folder))
        link = await folder.download_url(
            f"{SPACE}/a.png", content_type="image/png", filename="a.png", lifetime=MINUTE
        )
        token = link.url.rsplit("/", 1)[1]
        assert folder.check_download(token).filename == "a.png"
        with pytest.raises(SignatureRefused):
            folder.check_upload(token)

    async def test_a_short_secret_is_refused(self, tmp_path: Path) -> None:
        folder = LocalBlobs(tmp_path, secret=lambda: b"short", url_base="/")
        with pytest.raises(ValueError):
            await self.token(folder)
