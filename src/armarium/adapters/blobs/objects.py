"""What the folder and the bucket have in common: obstore's calls, with the port's errors."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import obstore

from armarium.kit.instants import now
from armarium.ports.blobs import BlobMissing, BlobStat, BlobTooLarge

PIECE_BYTES = 256 * 1024


def signed_window(lifetime: timedelta) -> tuple[datetime, datetime]:
    """`(from, until)` of a download link, in steps, so that the same link is signed for a while."""
    step = max(int(lifetime.total_seconds() / 3), 1)
    begun = datetime.fromtimestamp(int(now().timestamp()) // step * step, UTC)
    return begun, begun + lifetime


def check_key(key: str) -> str:
    """Refuse what could leave the root or differs between stores; the key unchanged otherwise."""
    segments = key.split("/")
    if any(segment in {"", ".", ".."} for segment in segments):
        raise ValueError(f"not a blob key: {key!r}")
    if not key.isascii() or not key.isprintable() or "\\" in key:
        raise ValueError(f"not a blob key: {key!r}")
    return key


async def _bounded(
    data: bytes | AsyncIterator[bytes], max_bytes: int | None
) -> AsyncIterator[bytes]:
    seen = 0
    async for piece in _pieces(data):
        seen += len(piece)
        if max_bytes is not None and seen > max_bytes:
            raise BlobTooLarge(f"more than {max_bytes} bytes")
        yield piece


async def _pieces(data: bytes | AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for piece in data:
        yield piece


class Objects:
    """The part of a `BlobStore` that obstore does alike everywhere."""

    store: Any
    """An obstore store, rooted at this adapter's folder or bucket prefix."""

    async def put(
        self, key: str, data: bytes | AsyncIterator[bytes], *, max_bytes: int | None = None
    ) -> BlobStat:
        """See the port. A stream that fails midway leaves nothing: the upload is aborted."""
        check_key(key)
        if isinstance(data, bytes):
            if max_bytes is not None and len(data) > max_bytes:
                raise BlobTooLarge(f"more than {max_bytes} bytes")
            await obstore.put_async(self.store, key, data)
        else:
            await obstore.put_async(self.store, key, _bounded(data, max_bytes))
        return await self.stat(key)

    async def get(self, key: str) -> bytes:
        """See the port."""
        try:
            found = await obstore.get_async(self.store, check_key(key))
            return bytes(await found.bytes_async())
        except FileNotFoundError as missing:
            raise BlobMissing(key) from missing

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """See the port."""
        try:
            found = await obstore.get_async(self.store, check_key(key))
        except FileNotFoundError as missing:
            raise BlobMissing(key) from missing
        async for piece in found.stream(min_chunk_size=PIECE_BYTES):
            yield bytes(piece)

    async def stat(self, key: str) -> BlobStat:
        """See the port."""
        try:
            meta = await obstore.head_async(self.store, check_key(key))
        except FileNotFoundError as missing:
            raise BlobMissing(key) from missing
        return BlobStat(key=key, size=meta["size"], modified_at=meta["last_modified"])

    async def delete(self, key: str) -> None:
        """See the port."""
        try:
            await obstore.delete_async(self.store, check_key(key))
        except FileNotFoundError:
            return

    async def list(self, prefix: str) -> AsyncIterator[BlobStat]:
        """See the port."""
        below = check_key(prefix.rstrip("/")) if prefix else None
        async for batch in obstore.list(self.store, below):
            for meta in batch:
                yield BlobStat(
                    key=str(meta["path"]), size=meta["size"], modified_at=meta["last_modified"]
                )
