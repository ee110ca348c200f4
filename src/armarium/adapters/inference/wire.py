"""Frames between client and server: a JSON head, then raw bytes.

4 bytes big-endian length of the head, the head, then the blobs whose lengths the head lists
under `blobs`. One request and one answer a connection.
"""

import asyncio
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_LENGTH = struct.Struct(">I")
MAX_HEAD = 4 * 1024 * 1024
MAX_BLOBS = 256 * 1024 * 1024
"""Of all blobs of a frame together: the crops of a photo with 60 things take 30 MB."""


class BadFrame(Exception):
    """The other side does not speak this protocol, or hung up in the middle."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said at once."""

    head: dict[str, Any]
    blobs: Sequence[bytes] = ()

    def encode(self) -> bytes:
        """The bytes on the wire."""
        head = {**self.head, "blobs": [len(blob) for blob in self.blobs]}
        text = json.dumps(head, separators=(",", ":")).encode()
        return b"".join([_LENGTH.pack(len(text)), text, *self.blobs])


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """The next frame; BadFrame when it is too large, cut off or no frame at all."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > MAX_HEAD:
            raise BadFrame("the head of the frame is too long")
        head = json.loads(await reader.readexactly(length))
        sizes = [int(size) for size in head.pop("blobs")]
        if sum(sizes) > MAX_BLOBS or min(sizes, default=0) < 0:
            raise BadFrame("the frame is too long")
        return Frame(head, [await reader.readexactly(size) for size in sizes])
    except (asyncio.IncompleteReadError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadFrame("the frame is cut off or garbled") from error
