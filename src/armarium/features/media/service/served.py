"""The API as the server of a store that has none: checks tokens, streams bytes both ways."""

import hashlib
from collections.abc import AsyncIterator

from armarium.features.media.errors import BlobUrlRefused, MediaNotFound, UploadBeyondTicket
from armarium.features.media.service.intake import Picture
from armarium.ports.blobs import (
    BlobMissing,
    BlobStore,
    BlobTooLarge,
    SelfServed,
    SignatureRefused,
)


class ServedBlobs:
    """Behind `/api/v1/blobs/{token}`; refuses everything when the store serves itself (S3)."""

    def __init__(self, *, blobs: BlobStore) -> None:
        self._blobs = blobs

    async def receive(self, token: str, body: AsyncIterator[bytes]) -> None:
        """Write what the ticket allows, never a byte more than it says."""
        try:
            grant = self._door().check_upload(token)
        except SignatureRefused as refused:
            raise BlobUrlRefused from refused
        try:
            await self._blobs.put(grant.key, _filled(body), max_bytes=grant.max_bytes)
        except BlobTooLarge as refused:
            raise UploadBeyondTicket(limit_bytes=grant.max_bytes) from refused

    async def give(self, token: str) -> Picture:
        """The object that the link names."""
        try:
            grant = self._door().check_download(token)
            await self._blobs.stat(grant.key)
        except SignatureRefused as refused:
            raise BlobUrlRefused from refused
        except BlobMissing as missing:
            raise MediaNotFound from missing
        return Picture(
            stream=self._blobs.stream(grant.key),
            content_type=grant.content_type,
            filename=grant.filename,
            tag=hashlib.sha256(grant.key.encode()).hexdigest()[:32],
            expires_at=grant.expires_at,
        )

    def _door(self) -> SelfServed:
        if not isinstance(self._blobs, SelfServed):
            raise SignatureRefused("this store serves its own links")
        return self._blobs


async def _filled(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Without the empty piece that ends an ASGI body: the store would take it for a part."""
    async for piece in body:
        if piece:
            yield piece
