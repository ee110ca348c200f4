"""A whole photo to its detections: decode, find, cut, judge; with a way out when nothing is found.

Called by the inference process.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision import geometry
from armarium.adapters.vision.detect import find_quads
from armarium.adapters.vision.image import decode_upright, encode_jpeg
from armarium.adapters.vision.rectify import quality, rectify
from armarium.adapters.vision.salient import find_object
from armarium.ports.inference import InputRefused
from armarium.ports.vision import Detection, PhotoDetections, Quad, Region

Array = NDArray[Any]

NO_SCORE = 0.0
"""The whole photo stands in where nothing was found: no claim that it is one thing."""


def detect(data: bytes, *, limit: int = 60) -> PhotoDetections:
    """Rectangles, else one salient object, else the whole photo; reading order."""
    pixels, width, height = decode_upright(data)
    scale = width / pixels.shape[1]
    found = find_quads(pixels, limit=limit)
    if found:
        quads = [(each.quad, each.score) for each in found]
        detections = [_cut(pixels, quad, score, "quad", scale) for quad, score in quads]
        return PhotoDetections(width, height, tuple(_reading_order(detections)))
    thing = find_object(pixels)
    if thing is not None:
        detection = _cut(pixels, thing.quad, thing.score, "object", scale)
    else:
        detection = _cut(pixels, _frame(pixels), NO_SCORE, "whole", scale)
    return PhotoDetections(width, height, (detection,))


def crop(data: bytes, box: Quad) -> Detection:
    """What lies between four corners that a person gave, in any order and winding."""
    pixels, width, _ = decode_upright(data)
    scale = width / pixels.shape[1]
    quad = np.array(box, np.float64) / scale
    limits = np.array([pixels.shape[1], pixels.shape[0]], np.float64)
    quad = np.clip(quad, 0, limits)
    if geometry.area(quad) < 0:
        quad = geometry.clockwise(quad)
    if not np.isfinite(quad).all() or not geometry.is_sane(quad, min_side=8, max_skew=0.95):
        raise InputRefused("bad_box", "The four corners don't make a box inside the photo.")
    return _cut(pixels, quad, 1.0, "quad", scale)


def _cut(pixels: Array, quad: Array, score: float, region: Region, scale: float) -> Detection:
    flat = rectify(pixels, quad)
    lengths = geometry.sides(quad) * scale
    first, second, third, fourth = (
        (round(float(x), 1), round(float(y), 1)) for x, y in quad * scale
    )
    return Detection(
        box=(first, second, third, fourth),
        score=round(score, 4),
        region=region,
        crop=encode_jpeg(flat),
        quality=quality(
            flat,
            width=round(float(max(lengths[0], lengths[2]))),
            height=round(float(max(lengths[1], lengths[3]))),
        ),
    )


def _frame(pixels: Array) -> Array:
    height, width = pixels.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)


def _reading_order(detections: list[Detection]) -> list[Detection]:
    """Rows from the top, left to right: things whose middles lie within half of one's height."""
    rest = sorted(detections, key=lambda each: _middle(each)[1])
    rows: list[list[Detection]] = []
    for each in rest:
        if rows and abs(_middle(each)[1] - _middle(rows[-1][0])[1]) < 0.5 * _tall(rows[-1][0]):
            rows[-1].append(each)
        else:
            rows.append([each])
    return [each for row in rows for each in sorted(row, key=lambda one: _middle(one)[0])]


def _middle(detection: Detection) -> tuple[float, float]:
    xs, ys = zip(*detection.box, strict=True)
    return sum(xs) / 4, sum(ys) / 4


def _tall(detection: Detection) -> float:
    ys = [y for _, y in detection.box]
    return max(ys) - min(ys)
