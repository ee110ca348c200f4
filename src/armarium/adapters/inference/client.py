"""Calls the inference process; implements the vision, reading and embedding ports.

Made once a process by wiring. A connection a call: cheap on a unix socket, and nothing is tied
to one event loop. Without a socket it starts a process of its own on the first call.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from armarium.adapters.inference import codec
from armarium.adapters.inference.child import OwnProcess
from armarium.adapters.inference.wire import BadFrame, Frame, read_frame
from armarium.kit.features import dump_features, load_features
from armarium.kit.visual import ImageFeatures, Rotation, VisualMatch
from armarium.ports.inference import InferenceUnavailable, InputRefused
from armarium.ports.ocr import Reading
from armarium.ports.vision import Detection, PhotoDetections, Quad, Reference

FEATURE_MODEL = "phash256+sift1+efficientnet-lite0-turn4-rp256"
TEXT_MODEL = "all-minilm-l6-v2-int8"
TEXT_DIMENSIONS = 384
_CHUNK = 128


class InferenceClient:
    """VisionModel, TextReader and TextEmbedder over the socket; close it at the end."""

    def __init__(self, *, socket: Path | None = None, timeout_s: float = 120.0) -> None:
        """`socket` None starts an own process; `timeout_s` covers a call with its start."""
        self._own = OwnProcess() if socket is None else None
        self._socket = socket
        self._timeout_s = timeout_s

    async def __aenter__(self) -> Self:
        """Nothing is started before the first call."""
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close."""
        await self.close()

    async def close(self) -> None:
        """End the own process, if there is one."""
        if self._own is not None:
            await asyncio.to_thread(self._own.stop)

    @property
    def feature_model(self) -> str:
        """See `VisionModel`."""
        return FEATURE_MODEL

    @property
    def model(self) -> str:
        """See `TextEmbedder`."""
        return TEXT_MODEL

    @property
    def dimensions(self) -> int:
        """See `TextEmbedder`."""
        return TEXT_DIMENSIONS

    async def detect(self, image: bytes, *, limit: int = 60) -> PhotoDetections:
        """See `VisionModel`."""
        answer = await self._call({"task": "vision.detect", "limit": limit}, [image])
        return codec.load_detections(answer.head["ok"], answer.blobs)

    async def crop(self, image: bytes, box: Quad) -> Detection:
        """See `VisionModel`."""
        answer = await self._call({"task": "vision.crop", "box": box}, [image])
        return codec.load_detection(answer.head["ok"], answer.blobs[0])

    async def features(self, image: bytes) -> ImageFeatures:
        """See `VisionModel`."""
        answer = await self._call({"task": "vision.features"}, [image])
        return load_features(answer.head["ok"])

    async def verify(
        self, features: ImageFeatures, references: Sequence[Reference]
    ) -> list[VisualMatch]:
        """See `VisionModel`."""
        if not references:
            return []
        heads, blobs = codec.dump_references(references)
        head = {
            "task": "vision.verify",
            "features": dump_features(features),
            "references": heads,
        }
        answer = await self._call(head, blobs)
        return [codec.load_match(each) for each in answer.head["ok"]]

    async def read(
        self, image: bytes, *, corners: bool = True, rotation: Rotation | None = None
    ) -> Reading:
        """See `TextReader`."""
        head = {"task": "text.read", "corners": corners, "rotation": rotation}
        return codec.load_reading((await self._call(head, [image])).head["ok"])

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See `TextEmbedder`."""
        vectors: list[list[float]] = []
        for start in range(0, len(texts), _CHUNK):
            part = list(texts[start : start + _CHUNK])
            answer = await self._call({"task": "text.embed", "texts": part}, [])
            flat = np.frombuffer(answer.blobs[0], "<f4")
            vectors += flat.reshape(len(part), TEXT_DIMENSIONS).astype(float).tolist()
        return vectors

    async def _call(self, head: dict[str, Any], blobs: Sequence[bytes]) -> Frame:
        """Ask once, and once more when the process ended just then: no task has effects."""
        try:
            async with asyncio.timeout(self._timeout_s):
                try:
                    answer = await self._ask(Frame(head, blobs))
                except (ConnectionError, BadFrame):
                    await asyncio.sleep(0.3)
                    answer = await self._ask(Frame(head, blobs))
        except TimeoutError as error:
            raise InferenceUnavailable("The models did not answer in time.") from error
        except (OSError, BadFrame) as error:
            raise InferenceUnavailable("The inference process can't be reached.") from error
        return _unwrap(answer)

    async def _ask(self, request: Frame) -> Frame:
        path = self._socket or await self._own_socket()
        reader, writer = await asyncio.open_unix_connection(str(path), limit=2**20)
        try:
            writer.write(request.encode())
            await writer.drain()
            return await read_frame(reader)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _own_socket(self) -> Path:
        if self._own is None:
            raise InferenceUnavailable("No inference process is configured.")
        return await asyncio.to_thread(self._own.socket)


def _unwrap(answer: Frame) -> Frame:
    if "ok" in answer.head:
        return answer
    if refusal := answer.head.get("refused"):
        raise InputRefused(str(refusal["code"]), str(refusal["detail"]))
    said = answer.head.get("busy") or answer.head.get("failed") or {}
    raise InferenceUnavailable(str(said.get("detail", "The model failed.")))
