"""Streams whose failures are known before anything of them is sent."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

Piece = TypeVar("Piece")


async def begun(pieces: AsyncGenerator[Piece]) -> AsyncIterator[Piece]:
    """The same pieces, of which the first is drawn already.

    What refuses at its first piece (a filter that cannot be read) refuses here, while the answer
    can still say so; later it would cut off a file that began with a status of success.
    """
    try:
        first = [await anext(pieces)]
    except StopAsyncIteration:
        first = []

    async def whole() -> AsyncIterator[Piece]:
        try:
            for piece in first:
                yield piece
            async for piece in pieces:
                yield piece
        finally:
            await pieces.aclose()

    return whole()
