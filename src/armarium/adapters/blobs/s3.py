"""Blobs in an S3-compatible bucket (AWS, MinIO, Ceph, R2), which must block public access.

Uploads are presigned POSTs: a presigned PUT can't cap the size, a POST policy can. obstore signs
PUT and GET but no policy, so the policy is signed here (AWS Signature Version 4, "Authenticating
requests: browser-based uploads using POST").
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from obstore.store import S3Store

from armarium.adapters.blobs.objects import Objects, check_key, signed_window
from armarium.kit.instants import now
from armarium.ports.blobs import SignedDownload, UploadTicket

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class S3Keys:
    """Who we are at the store for a while."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    lives: timedelta
    """When to ask again at the latest."""


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Where the bucket is and who we are there. `endpoint` empty means AWS itself.

    The keys stay empty where the store's `S3Blobs` is given a way to ask for them.
    """

    bucket: str
    access_key_id: str = ""
    secret_access_key: str = ""
    region: str = "us-east-1"
    prefix: str = ""
    endpoint: str = ""
    session_token: str = ""
    encryption: str = ""
    """`AES256` or `aws:kms`; empty leaves it to the bucket."""
    kms_key: str = ""
    """The key of `aws:kms`; empty means the account's own."""

    @property
    def encryption_headers(self) -> dict[str, str]:
        """What every write asks of the store, as S3 names it."""
        asked = {
            "x-amz-server-side-encryption": self.encryption,
            "x-amz-server-side-encryption-aws-kms-key-id": self.kms_key,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def url(self) -> str:
        """The bucket's address: by path at an own endpoint, by host name at AWS."""
        if self.endpoint:
            return f"{self.endpoint.rstrip('/')}/{self.bucket}"
        return f"https://{self.bucket}.s3.{self.region}.amazonaws.com"


class S3Blobs(Objects):
    """A `BlobStore` in a bucket, all keys under `settings.prefix`."""

    def __init__(
        self, settings: S3Settings, *, lent_keys: Callable[[], S3Keys] | None = None
    ) -> None:
        """Plain HTTP is allowed only where `endpoint` says so (a test server, a local MinIO).

        `lent_keys` stands in for the keys of the settings; it may block while it renews them.
        """
        self._settings = settings
        self._lent_keys = lent_keys
        self._prefix = settings.prefix.strip("/")
        options: dict[str, Any] = {"region": settings.region, **self._identity()}
        if settings.encryption:
            options["server_side_encryption"] = settings.encryption
        if settings.kms_key:
            options["sse_kms_key_id"] = settings.kms_key
        if settings.endpoint:
            options["endpoint"] = settings.endpoint
        self.store = S3Store(
            settings.bucket,
            prefix=self._prefix or None,
            client_options={"allow_http": settings.endpoint.startswith("http://")},
            **options,
        )

    async def upload_ticket(
        self, key: str, *, content_type: str, max_bytes: int, lifetime: timedelta
    ) -> UploadTicket:
        """See the port; a `POST` form whose policy bounds key, type and size."""
        expires_at = now() + lifetime
        fields = post_policy(
            await self._signing(),
            key=self._full(check_key(key)),
            content_type=content_type,
            max_bytes=max_bytes,
            signed_at=now(),
            expires_at=expires_at,
        )
        return UploadTicket(
            method="POST",
            url=self._settings.url,
            max_bytes=max_bytes,
            expires_at=expires_at,
            fields=fields,
        )

    async def download_url(
        self, key: str, *, content_type: str, filename: str, lifetime: timedelta
    ) -> SignedDownload:
        """See the port; the answer's headers are part of what is signed."""
        signed_at, expires_at = signed_window(lifetime)
        url = presigned_get(
            await self._signing(),
            key=self._full(check_key(key)),
            content_type=content_type,
            filename=filename,
            signed_at=signed_at,
            lifetime=lifetime,
        )
        return SignedDownload(url=url, expires_at=expires_at)

    def _identity(self) -> dict[str, Any]:
        """What obstore signs with: the keys, or the way to them."""
        if (lent := self._lent_keys) is not None:
            return {"credential_provider": lambda: _as_obstore(lent())}
        settings = self._settings
        keys = {
            "access_key_id": settings.access_key_id,
            "secret_access_key": settings.secret_access_key,
        }
        token = {"session_token": settings.session_token} if settings.session_token else {}
        return {**keys, **token}

    async def _signing(self) -> S3Settings:
        """The settings with the keys of now."""
        if self._lent_keys is None:
            return self._settings
        keys = await asyncio.to_thread(self._lent_keys)
        return replace(
            self._settings,
            access_key_id=keys.access_key_id,
            secret_access_key=keys.secret_access_key,
            session_token=keys.session_token,
        )

    def _full(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key


def _as_obstore(keys: S3Keys) -> dict[str, Any]:
    return {
        "access_key_id": keys.access_key_id,
        "secret_access_key": keys.secret_access_key,
        "token": keys.session_token or None,
        "expires_at": now() + keys.lives,
    }


def post_policy(
    settings: S3Settings,
    *,
    key: str,
    content_type: str,
    max_bytes: int,
    signed_at: datetime,
    expires_at: datetime,
) -> dict[str, str]:
    """The form fields that let a browser write `key`, and only it, up to `max_bytes`."""
    day = signed_at.strftime("%Y%m%d")
    fields = {
        "key": key,
        "Content-Type": content_type,
        "x-amz-algorithm": ALGORITHM,
        "x-amz-credential": f"{settings.access_key_id}/{day}/{settings.region}/s3/aws4_request",
        "x-amz-date": signed_at.strftime("%Y%m%dT%H%M%SZ"),
    }
    if settings.session_token:
        fields["x-amz-security-token"] = settings.session_token
    fields |= settings.encryption_headers
    conditions: list[Any] = [{"bucket": settings.bucket}]
    conditions += [{name: value} for name, value in fields.items()]
    conditions.append(["content-length-range", 1, max_bytes])
    document = {
        "expiration": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "conditions": conditions,
    }
    policy = base64.b64encode(json.dumps(document).encode()).decode()
    signature = hmac.new(_signing_key(settings, day), policy.encode(), hashlib.sha256).hexdigest()
    return {**fields, "policy": policy, "x-amz-signature": signature}


def _signing_key(settings: S3Settings, day: str) -> bytes:
    key = f"AWS4{settings.secret_access_key}".encode()
    for part in (day, settings.region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def presigned_get(
    settings: S3Settings,
    *,
    key: str,
    content_type: str,
    filename: str,
    signed_at: datetime,
    lifetime: timedelta,
) -> str:
    """A GET of `key` whose answer says `content_type` and `filename` ("query string" signing)."""
    day, stamp = signed_at.strftime("%Y%m%d"), signed_at.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{day}/{settings.region}/s3/aws4_request"
    address = urlsplit(f"{settings.url}/{quote(key)}")
    query = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{settings.access_key_id}/{scope}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(int(lifetime.total_seconds())),
        "X-Amz-SignedHeaders": "host",
        "response-cache-control": "private, no-cache",
        "response-content-disposition": f"inline; filename*=UTF-8''{quote(filename, safe='')}",
        "response-content-type": content_type,
    }
    if settings.session_token:
        query["X-Amz-Security-Token"] = settings.session_token
    canonical_query = urlencode(sorted(query.items()), quote_via=quote, safe="")
    request = "\n".join(
        ("GET", address.path, canonical_query, f"host:{address.netloc}", "", "host", UNSIGNED)
    )
    digest = hashlib.sha256(request.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}"
    signature = hmac.new(_signing_key(settings, day), to_sign.encode(), hashlib.sha256).hexdigest()
    return f"{address.geturl()}?{canonical_query}&X-Amz-Signature={signature}"
