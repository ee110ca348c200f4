"""What the inference process can do, by task name; runs in its threads, one request a call.

Models are made on first use and kept: the process as a whole is what gets evicted.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property
from threading import Lock, Thread
from typing import Any

import cv2
import numpy as np

from armarium.adapters.inference import codec
from armarium.adapters.inference.wire import Frame
from armarium.adapters.ocr import PaddleReader
from armarium.adapters.text import MiniLm
from armarium.adapters.vision import photo
from armarium.adapters.vision.embedding import PictureEmbedder
from armarium.adapters.vision.features import describe
from armarium.adapters.vision.image import decode_upright
from armarium.adapters.vision.match import match_visual
from armarium.adapters.vision.rectify import CROP_SIDE
from armarium.kit.features import dump_features, load_features
from armarium.ports.inference import InputRefused

_NEXT = ("_pictures", "_reader")
MAX_TEXTS = 256
MAX_LETTERS = 20_000
MAX_REFERENCES = 128


class Tasks:
    """The models, and a function for each task."""

    def __init__(self) -> None:
        cv2.setNumThreads(1)
        self._making = Lock()
        self._prepared = False
        self.by_name: dict[str, Callable[[Frame], Frame]] = {
            "vision.detect": self.detect,
            "vision.crop": self.crop,
            "vision.features": self.features,
            "vision.verify": self.verify,
            "text.read": self.read,
            "text.embed": self.embed,
        }

    @cached_property
    def _reader(self) -> PaddleReader:
        return PaddleReader()

    @cached_property
    def _pictures(self) -> PictureEmbedder:
        return PictureEmbedder()

    @cached_property
    def _texts(self) -> MiniLm:
        return MiniLm()

    def _model(self, name: str) -> Any:
        """A model, made once even when two requests need it at the same time."""
        with self._making:
            return getattr(self, name)

    def _prepare(self) -> None:
        """Make, beside the detection, the models that its crops are sent to next."""
        if not self._prepared:
            self._prepared = True
            Thread(target=lambda: [self._model(name) for name in _NEXT], daemon=True).start()

    def detect(self, request: Frame) -> Frame:
        """A photo's things and their crops."""
        self._prepare()
        found = photo.detect(request.blobs[0], limit=int(request.head["limit"]))
        head = {
            "width": found.width,
            "height": found.height,
            "found": [codec.dump_detection(each) for each in found.detections],
        }
        return Frame({"ok": head}, [each.crop for each in found.detections])

    def crop(self, request: Frame) -> Frame:
        """A crop at given corners."""
        found = photo.crop(request.blobs[0], codec.load_quad(request.head["box"]))
        return Frame({"ok": codec.dump_detection(found)}, [found.crop])

    def features(self, request: Frame) -> Frame:
        """Hashes, embedding and keypoints of a picture."""
        picture, _, _ = decode_upright(request.blobs[0], max_side=CROP_SIDE)
        return Frame({"ok": dump_features(describe(picture, self._model("_pictures")))})

    def verify(self, request: Frame) -> Frame:
        """A crop against its shortlist."""
        if len(request.head["references"]) > MAX_REFERENCES:
            raise InputRefused("too_many_references", "At most 128 references a call.")
        references = codec.load_references(request.head["references"], request.blobs)
        matches = match_visual(load_features(request.head["features"]), references)
        return Frame({"ok": [asdict(match) for match in matches]})

    def read(self, request: Frame) -> Frame:
        """Text of a picture."""
        picture, width, height = decode_upright(request.blobs[0], max_side=2 * CROP_SIDE)
        reading = self._model("_reader").read(
            picture, corners=bool(request.head["corners"]), rotation=request.head["rotation"]
        )
        scale = np.array([width / picture.shape[1], height / picture.shape[0]])
        head = asdict(reading)
        if picture.shape[:2] != (height, width):
            for line in head["lines"]:
                line["box"] = (np.array(line["box"]) * scale).round(1).tolist()
        return Frame({"ok": head})

    def embed(self, request: Frame) -> Frame:
        """Vectors of texts."""
        texts = [str(text) for text in request.head["texts"]]
        if len(texts) > MAX_TEXTS or max(map(len, texts), default=0) > MAX_LETTERS:
            raise InputRefused("text_too_long", "At most 256 texts of 20,000 letters a call.")
        vectors = self._model("_texts").embed(texts).astype("<f4")
        return Frame({"ok": {"count": len(texts)}}, [vectors.tobytes()])
