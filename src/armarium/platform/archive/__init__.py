"""A space in one file: a ZIP of JSON lines by table, original pictures, and a signed-off list.

`ArchiveWriter` makes one on disk in bounded memory; `ArchiveReader` believes nothing of one.
"""

from armarium.platform.archive.reading import ArchiveReader, BadArchive, Bounds
from armarium.platform.archive.rows import BadRow, decode, encode
from armarium.platform.archive.rules import WORD, Row, Rule, Tally, weight
from armarium.platform.archive.writing import FORMAT, ArchiveWriter

__all__ = [
    "FORMAT",
    "WORD",
    "ArchiveReader",
    "ArchiveWriter",
    "BadArchive",
    "BadRow",
    "Bounds",
    "Row",
    "Rule",
    "Tally",
    "decode",
    "encode",
    "weight",
]
