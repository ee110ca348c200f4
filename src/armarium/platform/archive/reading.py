"""Reading an archive that somebody brings. Nothing in it is believed before it is counted.

Nothing is ever unpacked to disk: a name in the archive is only compared, never used as a path.
"""

import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from uuid import UUID

from armarium.platform.archive.writing import FORMAT, MANIFEST, README
from armarium.platform.errors import Problem

NAMES = re.compile(r"data/[a-z_]{1,60}\.jsonl|pictures/[0-9a-f-]{36}|account\.json")
PIECE = 256 * 1024
LISTED_BYTES = 256
"""What a manifest of ours takes to list a file is under 200."""
LISTED_VALUES = 5
"""A file's object has four members; one more for the file itself."""
SPARE_VALUES = 20_000
"""Values of a manifest besides, pictures that are missing among them."""
ROW_VALUES = 100_000
"""Of one row; commas of its texts are counted with them."""
END, END64, LOCATOR = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q"), 20
ENTRY = struct.Struct("<4s24x3H12x")
SHA256 = re.compile(r"[0-9a-f]{64}")


class BadArchive(Problem):
    """This is no archive of Armarium, or it was changed since it was made."""

    status = 422
    code = "bad_archive"
    title = "Bad archive"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much an archive may hold, whatever it says of itself."""

    files: int = 200_000
    total_bytes: int = 200 * 1024**3
    table_bytes: int = 8 * 1024**3
    file_bytes: int = 128 * 1024**2
    row_bytes: int = 4 * 1024**2
    manifest_bytes: int = 1024**2
    """Besides `LISTED_BYTES` for each file that the archive holds."""
    ratio: int = 200
    """Unpacked to packed; JSON lines reach about twenty."""
    free_bytes: int = 1024**2
    """A file this small may be packed as tightly as it likes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the manifest lists it."""

    name: str
    sha256: str
    size: int
    rows: int | None


class ArchiveReader:
    """Opens an archive and checks its outline; `verify` checks every byte."""

    def __init__(self, path: Path, bounds: Bounds | None = None) -> None:
        """Raise `BadArchive` for what is none, or too large."""
        self.bounds = bounds or Bounds()
        self._count_first(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BadArchive("This file is no ZIP archive.") from error
        try:
            self._infos = self._outline()
            self.manifest = self._manifest()
            self.files = self._listed()
        except BaseException:
            self._zip.close()
            raise

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
    def space_id(self) -> UUID:
        """Whose it was."""
        try:
            return UUID(str(self.manifest["space_id"]))
        except (KeyError, ValueError) as error:
            raise BadArchive("The archive does not say whose it is.") from error

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables with a file."""
        return tuple(
            name.removeprefix("data/").removesuffix(".jsonl")
            for name in self.files
            if name.startswith("data/")
        )

    def verify(self) -> None:
        """Read everything once: sizes, hashes and numbers of rows are as listed."""
        for listed in self.files.values():
            digest, size, rows = hashlib.sha256(), 0, 0
            for piece in self.pieces(listed.name):
                digest.update(piece)
                size += len(piece)
                rows += piece.count(b"\n")
            if digest.hexdigest() != listed.sha256 or size != listed.size:
                raise BadArchive(f"{listed.name} is not what the list says.")
            if listed.rows is not None and rows != listed.rows:
                raise BadArchive(f"{listed.name} has another number of rows than listed.")

    def rows(self, table: str) -> Iterator[Any]:
        """The rows of a table as JSON; none where it has no file."""
        name = f"data/{table}.jsonl"
        if name not in self.files:
            return
        rest = b""
        for piece in self.pieces(name):
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > self.bounds.row_bytes:
                raise BadArchive(f"{name} has a row that is too long.")
            for each in lines:
                yield self._row(name, each)
        if rest:
            raise BadArchive(f"{name} ends inside a row.")

    def read(self, name: str) -> bytes:
        """A whole file of bounded size."""
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file piece by piece, never more than it is listed with."""
        left = self.files[name].size
        try:
            with self._zip.open(self._infos[name]) as opened:
                while piece := opened.read(min(PIECE, left + 1)):
                    left -= len(piece)
                    if left < 0:
                        break
                    yield piece
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
            raise BadArchive(f"{name} can't be read.") from error
        if left < 0:
            raise BadArchive(f"{name} is larger than listed.")

    def _count_first(self, path: Path) -> None:
        """Before `zipfile` makes an object of each entry, whatever the archive says of itself."""
        try:
            count = entries_of(path, self.bounds.files)
        except (OSError, ValueError, struct.error) as error:
            raise BadArchive("This file is no ZIP archive.") from error
        if count > self.bounds.files:
            raise BadArchive("The archive holds too many files.")

    def _row(self, name: str, text: bytes) -> Any:
        if len(text) > self.bounds.row_bytes or _values(text) > ROW_VALUES:
            raise BadArchive(f"{name} has a row that is too long.")
        try:
            return json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise BadArchive(f"{name} has a row that is no JSON.") from error

    def _outline(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        found: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in infos:
            is_ours = info.filename in {MANIFEST, README} or NAMES.fullmatch(info.filename)
            if not is_ours or info.filename in found or info.flag_bits & 1:
                raise BadArchive("The archive holds a file that does not belong there.")
            if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise BadArchive("The archive is packed in another way than ours.")
            total += info.file_size
            packed = max(info.compress_size, 1)
            is_bomb = info.file_size > self.bounds.free_bytes + packed * self.bounds.ratio
            if is_bomb or total > self.bounds.total_bytes or info.file_size > self._most(info):
                raise BadArchive("The archive would unpack to more than is allowed.")
            found[info.filename] = info
        return found

    def _most(self, info: zipfile.ZipInfo) -> int:
        if info.filename.startswith("data/"):
            return self.bounds.table_bytes
        return self._most_manifest() if info.filename == MANIFEST else self.bounds.file_bytes

    def _most_manifest(self) -> int:
        return self.bounds.manifest_bytes + LISTED_BYTES * len(self._zip.infolist())

    def _manifest(self) -> dict[str, Any]:
        if MANIFEST not in self._infos:
            raise BadArchive("The archive has no manifest.")
        try:
            with self._zip.open(self._infos[MANIFEST]) as opened:
                text = opened.read(self._most_manifest() + 1)
            most = SPARE_VALUES + LISTED_VALUES * len(self._infos)
            found = None if _values(text) > most else json.loads(text)
        except Exception as error:
            raise BadArchive("The manifest can't be read.") from error
        if not isinstance(found, dict) or found.get("format") != FORMAT:  # pyright: ignore[reportUnknownMemberType]  # any JSON
            raise BadArchive("The archive has a format that this version does not know.")
        return found  # pyright: ignore[reportUnknownVariableType]  # same

    def _listed(self) -> dict[str, Listed]:
        files: dict[str, Listed] = {}
        entries = self.manifest.get("files")
        for each in entries if isinstance(entries, list) else []:
            match each:
                case {
                    "name": str(name),
                    "sha256": str(sha256),
                    "size": int(size),
                    "rows": rows,
                } if (
                    name in self._infos
                    and name not in files
                    and SHA256.fullmatch(sha256)
                    and self._infos[name].file_size == size
                    and (rows is None or isinstance(rows, int))
                ):
                    files[name] = Listed(name, sha256, size, rows)
                case _:
                    raise BadArchive("The list of files does not fit the archive.")
        if set(files) != set(self._infos) - {MANIFEST, README}:
            raise BadArchive("The list of files does not fit the archive.")
        return files


def entries_of(path: Path, most: int) -> int:
    """How many files a ZIP's directory lists, read in bounded memory; more than `most` as one more.

    Finds the directory where `zipfile` does: right before its end record, which ends the file.

    Raises:
        ValueError: no such directory.
    """
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        tail = _tail(file, size)
        end = size - END.size
        *_, directory, _offset, comment = END.unpack(tail[-END.size :])
        if tail[-END.size :][:4] != b"PK\5\6" or comment:
            raise ValueError("no end")
        locator, record = tail[-END.size - LOCATOR :], tail[-END.size - LOCATOR - END64.size :]
        if locator[:4] == b"PK\6\7" and record[:4] == b"PK\6\6":
            *_, directory, _offset = END64.unpack(record[: END64.size])
            end -= LOCATOR + END64.size
        if directory > end:
            raise ValueError("no directory")
        file.seek(end - directory)
        count = 0
        while directory > 0 and count <= most:
            directory -= _entry(file)
            count += 1
    return count


def _tail(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - END.size - LOCATOR - END64.size))
    return file.read()


def _entry(file: BinaryIO) -> int:
    """Go past one entry of the directory; its length."""
    fixed = file.read(ENTRY.size)
    mark, name, extra, comment = ENTRY.unpack(fixed)
    if mark != b"PK\1\2":
        raise ValueError("no entry")
    file.seek(name + extra + comment, io.SEEK_CUR)
    return ENTRY.size + name + extra + comment


def _values(text: bytes) -> int:
    """At least as many values as this JSON makes; each costs far more in memory than in text."""
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
