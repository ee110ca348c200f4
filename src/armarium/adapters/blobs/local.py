"""Blobs in a folder, with signed URLs that our own API serves.

obstore's local store writes to a staging file and renames, so a reader never sees half an object;
it can neither sign nor keep content types, so tokens carry both.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from obstore.store import LocalStore

from armarium.adapters.blobs.objects import Objects, check_key, signed_window
from armarium.kit.instants import now
from armarium.ports.blobs import (
    DownloadGrant,
    SignatureRefused,
    SignedDownload,
    UploadGrant,
    UploadTicket,
)

SECRET_BYTES = 32


class LocalBlobs(Objects):
    """A `BlobStore` and `SelfServed` in one folder.

    `url_base` is where the API answers for it (`/api/v1/blobs`, or with a host in front); the
    token that follows is base64url JSON and an HMAC-SHA256 over it.
    """

    def __init__(self, folder: Path, *, secret: Callable[[], bytes], url_base: str) -> None:
        """Nothing is read or made before first use.

        `secret` gives at least 32 bytes, the same in every process that signs or serves.
        """
        self._folder = folder
        self._read_secret = secret
        self._url_base = url_base.rstrip("/")

    @cached_property
    def store(self) -> LocalStore:  # pyright: ignore[reportIncompatibleVariableOverride]  # made late
        """The folder as obstore sees it; made when missing."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalStore(self._folder)

    @cached_property
    def _secret(self) -> bytes:
        secret = self._read_secret()
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"the blob secret needs at least {SECRET_BYTES} bytes")
        return secret

    async def upload_ticket(
        self, key: str, *, content_type: str, max_bytes: int, lifetime: timedelta
    ) -> UploadTicket:
        """See the port; a `PUT` of the raw bytes."""
        expires_at = now() + lifetime
        token = self._sign("put", check_key(key), expires_at, type=content_type, max=max_bytes)
        return UploadTicket(
            method="PUT",
            url=f"{self._url_base}/{token}",
            max_bytes=max_bytes,
            expires_at=expires_at,
            headers={"Content-Type": content_type},
        )

    async def download_url(
        self, key: str, *, content_type: str, filename: str, lifetime: timedelta
    ) -> SignedDownload:
        """See the port."""
        _begun, expires_at = signed_window(lifetime)
        token = self._sign("get", check_key(key), expires_at, type=content_type, name=filename)
        return SignedDownload(url=f"{self._url_base}/{token}", expires_at=expires_at)

    def check_upload(self, token: str) -> UploadGrant:
        """See `SelfServed`."""
        claim = self._verify("put", token)
        return UploadGrant(key=claim["key"], content_type=claim["type"], max_bytes=claim["max"])

    def check_download(self, token: str) -> DownloadGrant:
        """See `SelfServed`."""
        claim = self._verify("get", token)
        return DownloadGrant(
            key=claim["key"],
            content_type=claim["type"],
            filename=claim["name"],
            expires_at=datetime.fromtimestamp(claim["exp"], UTC),
        )

    def _sign(self, act: str, key: str, expires_at: datetime, **more: str | int) -> str:
        claim = {"act": act, "key": key, "exp": int(expires_at.timestamp()), **more}
        body = _encode(json.dumps(claim, separators=(",", ":")).encode())
        return f"{body}.{self._mac(body)}"

    def _verify(self, act: str, token: str) -> dict[str, Any]:
        body, _, mac = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(self._mac(body), mac):
            raise SignatureRefused("the signature does not match")
        claim: dict[str, Any] = json.loads(_decode(body))
        if claim["act"] != act:
            raise SignatureRefused("the link is for another act")
        if datetime.fromtimestamp(claim["exp"], UTC) <= now():
            raise SignatureRefused("the link has expired")
        return claim

    def _mac(self, body: str) -> str:
        return _encode(hmac.new(self._secret, body.encode(), hashlib.sha256).digest())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
