"""Files as they come: plain or gzip, JSON arrays or lines."""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from armarium.features.catalogue.fitting import fitted
from armarium.features.catalogue.models import EntryDraft, Skip

MAX_LINE_BYTES = 5_000_000
MAX_DOCUMENT_BYTES = 200_000_000
"""Of one JSON document, which has to be in memory whole; lines have no such bound."""
MAX_UNPACKED_BYTES = 4_000_000_000
"""A few megabytes of gzip can say terabytes."""

DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _name: None)
"""NaN and Infinity are no JSON, yet Python and JavaScript write them for what is not known."""
ODD_ESCAPES = re.compile(r"\\u(0000|[dD][89a-fA-F])")
"""Escapes of a NUL or of half a character, which no text of the database can hold."""


ODD = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What Python raises where a record holds another type of value than was expected."""


class UnreadableSource(Exception):
    """The file is not what its format says; the message tells what was expected."""


def open_bytes(path: Path) -> IO[bytes]:
    """The file, unpacked when it is gzip, whatever its name."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", io.BufferedReader(_Unpacked(path))) if packed else path.open("rb")


class _Unpacked(io.RawIOBase):
    """The contents of a gzip file, up to a bound."""

    def __init__(self, path: Path) -> None:
        self._stream = gzip.open(path, "rb")  # noqa: SIM115 - closed with this one
        self._left = MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        count = self._stream.readinto(buffer)
        self._left -= count
        if self._left < 0:
            raise UnreadableSource(
                f"Unpacked, the file is larger than {MAX_UNPACKED_BYTES:,} bytes."
            )
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


def read_document(stream: IO[bytes], start: bytes = b"") -> bytes:
    """All the rest of a file that can only be read whole."""
    data = start + stream.read(MAX_DOCUMENT_BYTES + 1)
    if len(data) > MAX_DOCUMENT_BYTES:
        raise UnreadableSource(
            f"One JSON document of more than {MAX_DOCUMENT_BYTES:,} bytes: write JSON lines."
        )
    return data


def parse_json(data: bytes | str) -> Any:
    """JSON whose texts a database can hold; `ValueError` for all that can't be read."""
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = DECODER.decode(text)
        return fitted(value) if ODD_ESCAPES.search(text) or "\0" in text else value
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def drafted(make: Callable[[], EntryDraft | Skip], where: str) -> EntryDraft | Skip:
    """What `make` makes of one record, whatever stands in a place of another type."""
    try:
        return make()
    except ODD as error:
        return Skip("broken_record", f"{type(error).__name__}: {error}", where)


def json_records(path: Path) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    """`(record number, object)` of a file of JSON lines or of one JSON array."""
    with open_bytes(path) as stream:
        start = stream.read(1)
        while start and start.isspace():
            start = stream.read(1)
        if start == b"[":
            yield from _array(read_document(stream, start))
        else:
            yield from _lines(stream, start)


def _array(data: bytes) -> Iterator[tuple[int, dict[str, Any] | Skip]]:
    try:
        records = parse_json(data)
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
                record = parse_json(line)
            except ValueError:
                yield number, Skip("broken_json", "The line is not JSON.", f"record {number}")
                continue
            yield number, record if isinstance(record, dict) else _odd(number)
    except (EOFError, zlib.error, OSError) as error:
        yield number + 1, Skip("broken_file", f"The file ends early: {error}.", f"after {number}")


def _odd(number: int) -> Skip:
    return Skip("not_an_object", "The record is not a JSON object.", f"record {number}")


def text_of(value: Any) -> str:
    """Text of a JSON value that should be text; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
