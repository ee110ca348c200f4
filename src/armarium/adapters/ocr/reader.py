"""Photo of a thing to lines of text, with PP-OCRv6 small and two passes.

Called by the inference process, one picture at a time. First the whole picture at a size where
print is readable but memory bounded; then the corners, recognition only, at full resolution.
Which way is up is found by reading a few lines both ways.
"""

import logging
import threading
from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from armarium.adapters.ocr import lines as geometry
from armarium.adapters.ocr.lines import Line
from armarium.kit.visual import ROTATIONS, Rotation
from armarium.ports.ocr import Reading, TextLine

Array = NDArray[Any]

MODEL = "pp-ocrv6-small"

SHORT_SIDE = 736
LONG_SIDE = 1400
"""The detector sees at most 736 x 1400 pixels: 0.3 s on one core; thin strips are not blown up."""

MIN_CONFIDENCE = 0.5
CORNER_CONFIDENCE = 0.8
"""A corner's strip was guessed, not detected: only a sure reading counts."""

SURE = 0.93
"""Mean confidence from which nobody tries the picture upside down."""


class PaddleReader:
    """Holds the two networks (about 150 MB); calls are serialized by a lock."""

    def __init__(self, *, threads: int = 2) -> None:
        """`threads` of one call to the detector, which takes most of the time."""
        from rapidocr import RapidOCR  # noqa: PLC0415  # 0.6 s and 60 MB, only when reading

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        parameters = _parameters()
        engine: Any = RapidOCR(params=parameters)
        blank = np.zeros((64, 64, 3), np.uint8)
        engine(blank, use_det=True, use_cls=False, use_rec=False)  # models are loaded when used
        engine.recognize_txt([blank])
        # The library hands no option of that kind on.
        engine.text_det.session.session = _patient(parameters["Det.model_path"], threads)
        self._engine = engine
        self._lock = threading.Lock()

    def read(self, image: Array, *, corners: bool, rotation: Rotation | None) -> Reading:
        """All text of a BGR picture; boxes in its pixels."""
        with self._lock:
            if rotation is None:
                rotation, found = self._find_upright(image)
            else:
                found = self._read_upright(geometry.turn(image, rotation))
            upright = geometry.turn(image, rotation)
            if corners:
                found = found + self._read_corners(upright, found)
        return _reading(geometry.in_reading_order(found), rotation, image)

    def _find_upright(self, image: Array) -> tuple[Rotation, list[Line]]:
        boxes = self._detect(image)
        if not boxes:
            return 0, []
        tall = sum(_size(box) for box in boxes if geometry.is_tall(box))
        base = 1 if tall > 0.6 * sum(_size(box) for box in boxes) else 0
        if base:
            image = geometry.turn(image, ROTATIONS[base])
            boxes = self._detect(image)
        found = self._recognize(image, boxes)
        if not found or _trust(found) >= SURE or not self._reads_better_reversed(image, found):
            return ROTATIONS[base], found
        turned = geometry.turn(image, 180)
        height, width = image.shape[:2]
        flipped = [np.roll(geometry.turn_back(box, 180, width, height), 2, axis=0) for box in boxes]
        return ROTATIONS[base + 2], self._recognize(turned, flipped)

    def _reads_better_reversed(self, image: Array, found: list[Line]) -> bool:
        """Whether the longest lines are read more surely upside down."""
        longest = sorted(found, key=lambda line: -_size(line.box))[:5]
        cuts = [geometry.cut(image, line.box) for line in longest]
        upright = _weight(self._texts(cuts))
        reversed_ = _weight(self._texts([geometry.turn(each, 180) for each in cuts]))
        return reversed_ > upright * 1.05

    def _read_upright(self, image: Array) -> list[Line]:
        return self._recognize(image, self._detect(image))

    def _detect(self, image: Array) -> list[Array]:
        """Boxes of lines, in the image's pixels."""
        height, width = image.shape[:2]
        scale = min(SHORT_SIDE / min(height, width), LONG_SIDE / max(height, width))
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sized = cv2.resize(image, None, fx=scale, fy=scale, interpolation=way)
        pad = max(0, 64 - min(sized.shape[:2]))
        if pad:
            sized = cv2.copyMakeBorder(sized, 0, pad, 0, pad, cv2.BORDER_REPLICATE)
        result = self._engine(sized, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(result, "boxes", None)
        return [] if boxes is None else [np.asarray(box, np.float64) / scale for box in boxes]

    def _recognize(self, image: Array, boxes: list[Array]) -> list[Line]:
        cuts: list[Array] = []
        for box in boxes:
            flat = geometry.cut(image, box)
            cuts.append(geometry.turn(flat, 90) if geometry.is_tall(box) else flat)
        return [
            Line(text, box, confidence)
            for (text, confidence), box in zip(self._texts(cuts), boxes, strict=True)
            if text and confidence >= MIN_CONFIDENCE
        ]

    def _read_corners(self, upright: Array, known: list[Line]) -> list[Line]:
        boxes = geometry.corner_boxes(upright, known)
        texts = self._texts([geometry.cut(upright, box) for box in boxes])
        return [
            Line(text, box, confidence, from_corner=True)
            for (text, confidence), box in zip(texts, boxes, strict=True)
            if confidence >= CORNER_CONFIDENCE and any(each.isdigit() for each in text)
        ]

    def _texts(self, cuts: list[Array]) -> list[tuple[str, float]]:
        if not cuts:
            return []
        result = self._engine.recognize_txt(cuts)
        pairs = zip(result.txts or (), result.scores or (), strict=True)
        return [(str(text).strip(), float(score)) for text, score in pairs]


def _patient(model: str, threads: int) -> onnxruntime.InferenceSession:
    """A session whose threads sleep while they wait: spinning ones starve what runs beside."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _parameters() -> dict[str, Any]:
    from rapidocr.main import root_dir  # noqa: PLC0415  # as above

    models = root_dir / "models"
    return {
        "Global.log_level": "error",
        "Global.text_score": 0.0,
        "Global.use_cls": False,
        "Global.max_side_len": 4000,
        "Global.min_side_len": 16,
        "Global.use_vertical_padding": False,
        "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
        "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
        "Det.limit_type": "max",
        "Det.limit_side_len": LONG_SIDE + 64,
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
    }


def _size(box: Array) -> float:
    return float(np.prod(np.ptp(box, axis=0)))


def _weight(texts: list[tuple[str, float]]) -> float:
    """Sure long readings count; single letters are read in anything."""
    return sum(confidence**2 * min(len(text), 12) for text, confidence in texts if len(text) > 1)


def _trust(found: list[Line]) -> float:
    letters = sum(len(line.text) for line in found if len(line.text) > 2)
    if letters < 6:
        return 0.0
    sure = sum(len(line.text) * line.confidence for line in found if len(line.text) > 2)
    return sure / letters


def _reading(found: list[Line], rotation: Rotation, image: Array) -> Reading:
    height, width = image.shape[:2]
    texts: list[TextLine] = []
    for line in found:
        box = geometry.turn_back(line.box, rotation, width, height)
        first, second, third, fourth = (
            (round(float(np.clip(x, 0, width)), 1), round(float(np.clip(y, 0, height)), 1))
            for x, y in box
        )
        texts.append(
            TextLine(
                text=line.text,
                box=(first, second, third, fourth),
                confidence=round(line.confidence, 4),
                found_by="corner" if line.from_corner else "full",
            )
        )
    letters = sum(len(line.text) for line in found)
    trust = sum(len(line.text) * line.confidence for line in found) / letters if letters else 0.0
    return Reading(
        text="\n".join(line.text for line in found),
        lines=tuple(texts),
        rotation=rotation,
        confidence=round(trust, 4),
        model=MODEL,
    )
