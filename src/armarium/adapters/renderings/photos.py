"""A photo as a phone takes it from above: a thing on a table, a little askew, with its shadow."""

import cv2
import numpy as np

from armarium.adapters.renderings.surfaces import cloth, color, encode

ASKEW_DEGREES = 4.0
MARGIN = 0.28
"""Of the longer side, on each side of the thing."""
SHADOW = 0.45


def render_photo(picture: bytes, *, seed: int) -> bytes:
    """What was drawn (a JPEG), photographed. JPEG."""
    thing = np.asarray(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    height, width = thing.shape[:2]
    margin = round(MARGIN * max(height, width))
    size = (width + 2 * margin, height + 2 * margin)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), ASKEW_DEGREES, 1.0)
    turn[:, 2] += margin
    laid = cv2.warpAffine(thing[:, :, ::-1].astype(np.float32) / 255.0, turn, size)
    cover = cv2.warpAffine(np.ones((height, width), np.float32), turn, size)
    spread = margin / 12
    shade = cv2.GaussianBlur(np.roll(cover, round(spread), axis=(0, 1)), (0, 0), spread)
    table = cloth(np.random.default_rng(seed), size[1], size[0], color(0.58, 0.22, 0.42))
    table *= 1 - SHADOW * shade[:, :, None]
    photo = laid * cover[:, :, None] + table * (1 - cover[:, :, None])
    return encode(np.asarray(photo, np.float32))
