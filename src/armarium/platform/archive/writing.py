"""Writing an archive to a file, table after table and picture after picture, never one whole."""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from armarium.platform.archive.rows import encode, line

FORMAT = 1
MANIFEST, README = "manifest.json", "README.txt"
FIXED_TIME = (2020, 1, 1, 0, 0, 0)
FLUSH = 256 * 1024


@dataclass(slots=True)
class Part:
    """One file of the archive, as the manifest lists it."""

    name: str
    sha256: str
    size: int
    rows: int | None = None


class ArchiveWriter:
    """Use as a context manager; `finish` writes the manifest."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=5)
        self._parts: list[Part] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    @property
    def counts(self) -> dict[str, int]:
        """Rows by table."""
        return {
            part.name.removeprefix("data/").removesuffix(".jsonl"): part.rows
            for part in self._parts
            if part.rows is not None
        }

    async def table(self, name: str, rows: AsyncIterator[Mapping[str, Any]]) -> int:
        """All rows of a table, one a line; how many."""
        part = Part(f"data/{name}.jsonl", "", 0, 0)
        count = 0

        async def lines() -> AsyncIterator[bytes]:
            nonlocal count
            buffer = bytearray()
            async for row in rows:
                count += 1
                buffer += line(encode(row))
                if len(buffer) >= FLUSH:
                    yield bytes(buffer)
                    buffer.clear()
            yield bytes(buffer)

        await self._write(part, lines(), zipfile.ZIP_DEFLATED)
        part.rows = count
        return count

    async def file(self, name: str, data: AsyncIterator[bytes]) -> str:
        """A file as it is (pictures are packed already); its SHA-256."""
        part = Part(name, "", 0)
        await self._write(part, data, zipfile.ZIP_STORED)
        return part.sha256

    def finish(self, facts: Mapping[str, Any], readme: str) -> None:
        """The list of all files, then the words for people."""
        manifest = {"format": FORMAT, **facts, "files": [asdict(part) for part in self._parts]}
        self._zip.writestr(_info(README), readme)
        self._zip.writestr(_info(MANIFEST), json.dumps(manifest, ensure_ascii=False, indent=1))

    async def _write(self, part: Part, data: AsyncIterator[bytes], how: int) -> None:
        digest, size = hashlib.sha256(), 0
        info = _info(part.name, how)
        with self._zip.open(info, "w", force_zip64=True) as opened:
            async for piece in data:
                digest.update(piece)
                size += len(piece)
                await asyncio.to_thread(opened.write, piece)
        part.sha256, part.size = digest.hexdigest(), size
        self._parts.append(part)


def _info(name: str, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.compress_type = how
    info.external_attr = 0o600 << 16
    return info
