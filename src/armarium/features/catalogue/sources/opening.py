"""Files as they come: plain or gzip, JSON arrays or lines."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from armarium.features.catalogue.models import Skip

MAX_LINE_BYTES = 5_000_000


class UnreadableSource(Exception):
    """The file is not what its format says; the message tells what was expected."""


def open_bytes(path: Path) -> IO[bytes]:
    """The file, unpacked when it is gzip, whatever its name."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def json_records(path: Path) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    """`(record number, object)` of a file of JSON lines or of one JSON array."""
    with open_bytes(path) as stream:
        start = stream.read(1)
        while start and start.isspace():
            start = stream.read(1)
        if start == b"[":
            yield from _array(start + stream.read())
        else:
            yield from _lines(stream, start)


def _array(data: bytes) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    try:
        records = json.loads(data)
    except ValueError as error:
        raise UnreadableSource(f"This is not JSON: {error}.") from error
    for number, record in enumerate(records, 1):
        yield number, record if isinstance(record, dict) else _odd(number)


def _lines(stream: IO[bytes], start: bytes) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    number = 0
    try:
        while line := start + stream.readline(MAX_LINE_BYTES):
            start = b""
            if not line.strip():
                continue
            number += 1
            try:
                record = json.loads(line)
            except ValueError:
                yield number, Skip("broken_json", "The line is not JSON.", f"record {number}")
                continue
            yield number, record if isinstance(record, dict) else _odd(number)
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        yield number + 1, Skip("broken_file", f"The file ends early: {error}.", f"after {number}")


def _odd(number: int) -> Skip:
    return Skip("not_an_object", "The record is not a JSON object.", f"record {number}")


def text_of(value: Any) -> str:
    """Text of a JSON value that should be text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
