"""Is the file what its format says? A first look at its bytes, before any parser sees them."""

import gzip
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from armarium.features.catalogue.models import Format
from armarium.features.catalogue.sources.opening import UnreadableSource, open_bytes
from armarium.kit.text import clean_line

BROKEN_PACKING = (EOFError, gzip.BadGzipFile, zlib.error)

EXPECTED: Mapping[Format, str] = {
    "tcgdex": "cards of TCGdex as JSON lines or one JSON array, plain or gzip",
    "tate": "works of the Tate collection as JSON lines or one JSON array, plain or gzip",
    "tarot": "a deck as a JSON object with a list of cards",
    "csv": "a table as text (CSV) whose first line names the columns, plain or gzip",
    "marc": "library records: binary MARC 21 or UNIMARC (.mrc), MARCXML or MARC-in-JSON",
}

MAGIC: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"RIFF": "a WebP picture or a sound",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive or an Office document",
    b"PK\x05\x06": "an empty ZIP archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"(\xb5/\xfd": "a zstd archive",
    b"SQLite format 3": "an SQLite database",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
}

LEADER = re.compile(rb"\s*\d{5}")
"""A binary MARC record begins with its length."""
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""Text of two bytes a character has NULs; its mark says so."""
PLAIN_CONTROLS = frozenset(b"\t\n\v\f\r\x1a\x1b\x1d\x1e\x1f")
HEAD_BYTES = 8192
MOST_CONTROLS = 0.05
MAX_SHOWN = 40
FEW = 12


def look(path: Path, file_format: Format, encoding: str | None) -> None:
    """Raise `UnreadableSource` for an empty file, and for bytes that can't be of that format."""
    with open_bytes(path) as stream:
        head = stream.read(HEAD_BYTES)
    expected = f"Expected {EXPECTED[file_format]}."
    if not head.lstrip(b"\xef\xbb\xbf").strip():
        raise UnreadableSource(f"The file is empty. {expected}")
    if found := what_else(head, file_format, encoding):
        raise UnreadableSource(
            f"It is {found}. {expected} Choose the file's own format, or export it again as one "
            "of these."
        )


def what_else(head: bytes, file_format: Format, encoding: str | None) -> str:
    """What the bytes are instead; empty when they may well be of that format."""
    for magic, name in MAGIC.items():
        if head.startswith(magic) and (len(magic) > 2 or b"\0" in head):  # noqa: PLR2004 - "MZ" begins names
            return name
    if head[4:8] == b"ftyp":
        return "a HEIC picture or a film"
    wide = head.startswith(WIDE) or (encoding or "").lower().startswith(("utf-16", "utf-32"))
    if file_format == "marc":
        if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b"[", b"{"} or LEADER.match(head):
            return ""
        return f"no library records: it begins with {shown(head.decode('latin-1'))}"
    controls = sum(byte < ord(" ") and byte not in PLAIN_CONTROLS for byte in head)
    if not wide and controls > MOST_CONTROLS * len(head):
        return f"no text: it begins with {shown(head.decode('latin-1'))}"
    return ""


def shown(text: str) -> str:
    """A stranger's text in quotes, printable and short."""
    return f"“{_plain(text)}”"


def listed(names: Iterable[str]) -> str:
    """A stranger's names, the first few of them."""
    all_names = list(names)
    more = len(all_names) - FEW
    tail = f" and {more} more" if more > 0 else ""
    return ", ".join(_plain(name) for name in all_names[:FEW]) + tail


def _plain(text: str) -> str:
    line = clean_line(text[: 4 * MAX_SHOWN])
    plain = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char)[0] == "C" else char
        for char in line
    )
    return plain[:MAX_SHOWN] + ("…" if len(plain) > MAX_SHOWN else "")
