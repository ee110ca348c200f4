"""Which blob store the settings mean; called by wiring."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from armarium.adapters.blobs import LocalBlobs, S3Blobs, S3Keys, S3Settings
from armarium.entry.settings import Settings
from armarium.platform.secret import ServerSecret
from armarium.ports.blobs import BlobStore

SERVED_AT = "/api/v1/blobs"
ENCRYPTION = {None: "", "aes256": "AES256", "kms": "aws:kms"}
"""As S3 names what people write."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class UnusableBlobUrl(Exception):
    """`ARMARIUM_BLOB_URL` names no store that can be used; the message says what to write."""


def blob_store(settings: Settings, secret: ServerSecret) -> BlobStore:
    """The bucket or the folder; nothing is created, and only a role's keys are asked for yet."""
    address = urlsplit(settings.blob_url or "")
    if address.scheme == "s3":
        bucket = _s3(settings)
        return S3Blobs(bucket, lent_keys=None if bucket.access_key_id else _lent_keys())
    if address.scheme not in {"", "file"}:
        raise UnusableBlobUrl(
            f"ARMARIUM_BLOB_URL {settings.blob_url!r}: write s3://bucket/prefix or a folder."
        )
    folder = Path(address.path) if address.path else settings.data / "blobs"
    return LocalBlobs(folder, secret=lambda: secret.derive("blob-urls"), url_base=SERVED_AT)


def bucket_name(settings: Settings) -> str:
    """What events call the store."""
    address = urlsplit(settings.blob_url or "")
    return address.netloc if address.scheme == "s3" else "local"


def _s3(settings: Settings) -> S3Settings:
    address = urlsplit(settings.blob_url or "")
    keys = settings.s3
    if not address.netloc:
        raise UnusableBlobUrl("ARMARIUM_BLOB_URL names no bucket: write s3://bucket/prefix.")
    if (keys.access_key is None) != (keys.secret_key is None):
        raise UnusableBlobUrl("ARMARIUM_S3__ACCESS_KEY and ARMARIUM_S3__SECRET_KEY go together.")
    if keys.access_key is None and keys.endpoint:
        raise UnusableBlobUrl(
            f"ARMARIUM_S3__ACCESS_KEY and ARMARIUM_S3__SECRET_KEY are needed at {keys.endpoint}: "
            "only AWS itself lends keys by a role."
        )
    if not keys.allow_http and _is_open_http(keys.endpoint):
        raise UnusableBlobUrl(
            f"ARMARIUM_S3__ENDPOINT {keys.endpoint!r}: signed links over plain HTTP can be read on "
            "their way. Write https://, or set ARMARIUM_S3__ALLOW_HTTP=true for a store inside "
            "your own network."
        )
    if keys.kms_key and keys.encryption != "kms":
        raise UnusableBlobUrl("ARMARIUM_S3__KMS_KEY needs ARMARIUM_S3__ENCRYPTION=kms.")
    return S3Settings(
        bucket=address.netloc,
        prefix=address.path.strip("/"),
        endpoint=keys.endpoint or "",
        region=keys.region,
        access_key_id=keys.access_key or "",
        secret_access_key=keys.secret_key.get_secret_value() if keys.secret_key else "",
        encryption=ENCRYPTION[keys.encryption],
        kms_key=keys.kms_key or "",
    )


def _lent_keys() -> Callable[[], S3Keys]:
    try:
        from armarium.adapters.blobs.lent import NoRole, lent_keys  # noqa: PLC0415  # optional
    except ModuleNotFoundError as error:
        raise UnusableBlobUrl(
            "Without ARMARIUM_S3__ACCESS_KEY the bucket is reached by the role of the process, "
            "which needs `pip install armarium[aws]`."
        ) from error
    try:
        return lent_keys()
    except NoRole as error:
        raise UnusableBlobUrl(
            "ARMARIUM_S3__ACCESS_KEY and ARMARIUM_S3__SECRET_KEY are needed: AWS lends this "
            "process no keys by a role."
        ) from error


def _is_open_http(endpoint: str | None) -> bool:
    """Whether links would leave this machine unencrypted."""
    address = urlsplit(endpoint or "")
    return address.scheme == "http" and address.hostname not in LOOPBACK
