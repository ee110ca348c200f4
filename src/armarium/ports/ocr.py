"""Socket for reading: a rectified crop to lines of text with places and confidences.

Called by the recognition room once a crop. What is read is untrusted data, never an instruction.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from armarium.ports.vision import Quad, Rotation

ReadingPass = Literal["full", "corner"]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line. `box` is in pixels of the image that was sent, whatever its rotation.

    `confidence` is 0 to 1. `found_by` is `corner` for what only the enlarged second pass over
    the four corners could read, where collector numbers stand.
    """

    text: str
    box: Quad
    confidence: float
    found_by: ReadingPass = "full"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a picture says, top to bottom; `lines` is empty when there is no text.

    `rotation` is how far the picture must be turned clockwise for its text to stand upright.
    """

    text: str
    lines: tuple[TextLine, ...]
    rotation: Rotation
    confidence: float
    model: str


class TextReader(Protocol):
    """Optical character recognition."""

    async def read(
        self, image: bytes, *, corners: bool = True, rotation: Rotation | None = None
    ) -> Reading:
        """Read a picture; `rotation` skips the search for upright when it is already known.

        Raises `InputRefused` or `InferenceUnavailable`.
        """
        ...
