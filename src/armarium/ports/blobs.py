"""Socket for bytes at rest: originals, thumbnails, crops, documents.

Called by the media room alone. Keys are `{space_id}/…`, made by the media room; an adapter adds
its own root (folder, bucket and prefix) and nothing else. Content types are kept in the media
room's rows, since a folder can't hold them. Nothing here is public: a reader needs the API's
authorization or a signed URL that expires.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class BlobStat:
    """An object as the store sees it; `size` in bytes, `modified_at` in UTC."""

    key: str
    size: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """How a client sends one object straight to the store, once, before `expires_at`.

    `PUT`: the raw bytes as the body, with `headers`. `POST`: a multipart form with `fields` first
    and the bytes last as `file`. The store refuses more than `max_bytes`; the media room looks
    again when the upload is completed.
    """

    method: Literal["PUT", "POST"]
    url: str
    max_bytes: int
    expires_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class SignedDownload:
    """A URL that gives the bytes to whoever holds it until `expires_at`."""

    url: str
    expires_at: datetime


class BlobMissing(Exception):
    """No object has this key."""


class BlobTooLarge(Exception):
    """The bytes passed the bound that was agreed; nothing was kept."""


class SignatureRefused(Exception):
    """A signed URL that was changed, made for something else, or has expired."""


class BlobStore(Protocol):
    """A private object store. Every write is atomic: readers see the old object, the new, or none.

    All methods raise `BlobMissing` for a key that isn't there, except `delete`, which is
    idempotent, and `list`, which is then empty. A key outside the store's rules (`..`, NUL, an
    empty segment) raises ValueError.
    """

    async def put(
        self, key: str, data: bytes | AsyncIterator[bytes], *, max_bytes: int | None = None
    ) -> BlobStat:
        """Write or replace. Over `max_bytes`: `BlobTooLarge`, and the key stays as it was."""
        ...

    async def get(self, key: str) -> bytes:
        """The whole object."""
        ...

    def stream(self, key: str) -> AsyncIterator[bytes]:
        """The object in pieces of at most about a quarter megabyte."""
        ...

    async def stat(self, key: str) -> BlobStat:
        """Size and age, without the bytes."""
        ...

    async def delete(self, key: str) -> None:
        """Remove, at once and for good; grace periods are the media room's."""
        ...

    def list(self, prefix: str) -> AsyncIterator[BlobStat]:
        """Every object under `prefix`, which is whole path segments; all under an empty one."""
        ...

    async def upload_ticket(
        self, key: str, *, content_type: str, max_bytes: int, lifetime: timedelta
    ) -> UploadTicket:
        """Leave to write this one key."""
        ...

    async def download_url(
        self, key: str, *, content_type: str, filename: str, lifetime: timedelta
    ) -> SignedDownload:
        """Leave to read this one key; the answer names `content_type` and `filename`.

        Asked again within a third of `lifetime`, the URL is the same, so that browsers may keep
        what it gave; it lives for two thirds of `lifetime` at least and never longer than it.
        """
        ...


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """What a signed upload URL of a self-served store allows."""

    key: str
    content_type: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class DownloadGrant:
    """What a signed download URL of a self-served store allows."""

    key: str
    content_type: str
    filename: str
    expires_at: datetime


@runtime_checkable
class SelfServed(Protocol):
    """A store without a server of its own: the API serves its signed URLs (`/api/v1/blobs/…`)."""

    def check_upload(self, token: str) -> UploadGrant:
        """Raise `SignatureRefused` unless `token` is ours, for an upload, and still valid."""
        ...

    def check_download(self, token: str) -> DownloadGrant:
        """Raise `SignatureRefused` unless `token` is ours, for a download, and still valid."""
        ...
