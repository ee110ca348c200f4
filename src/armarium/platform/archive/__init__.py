"""A space in one file: a ZIP of JSON lines by table, original pictures, and a signed-off list.

`ArchiveWriter` makes one on disk in bounded memory; `ArchiveReader` believes nothing of one.
"""

from armarium.platform.archive.reading import ArchiveReader, BadArchive, Bounds
from armarium.platform.archive.rows import decode, encode
from armarium.platform.archive.writing import FORMAT, ArchiveWriter

__all__ = ["FORMAT", "ArchiveReader", "ArchiveWriter", "BadArchive", "Bounds", "decode", "encode"]
