"""Socket for meaning: texts to vectors, for hybrid search and loose matching.

Called by the search room's indexing workflow and by queries. Vectors of different `model`s are
never compared; a change of model re-embeds in the background.
"""

from collections.abc import Sequence
from typing import Protocol


class TextEmbedder(Protocol):
    """Embeds short texts; unit length, so inner product is cosine."""

    @property
    def model(self) -> str:
        """Name and version, stored beside every vector."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of every vector."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order; at most 256 texts, each cut at the model's length.

        Raises `InputRefused` or `InferenceUnavailable`.
        """
        ...
