"""One thing that is no rectangle: a coin, a vase, a book seen from its corner.

The last resort before the whole photo: whatever differs from the photo's rim, as one upright box.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from armarium.adapters.vision.detect import Found
from armarium.adapters.vision.image import shrink
from armarium.adapters.vision.proposals import background_distance

Array = NDArray[Any]

_SIDE = 480
_PADDING = 0.03


def find_object(photo: Array) -> Found | None:
    """The largest blob that differs from the background, or None when none stands out.

    The score is the share of the blob's own pixels that differ clearly.
    """
    small = shrink(photo, _SIDE)
    lab = np.asarray(cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), 5))
    distance = cv2.GaussianBlur(background_distance(lab), (0, 0), 2.0)
    mask = (distance > 55).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    index = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    left, top, wide, tall, size = (int(value) for value in stats[index])
    height, width = mask.shape
    if not 0.01 < size / (width * height) < 0.85 or wide * tall > 0.9 * width * height:
        return None
    if size < 0.6 * float(mask.sum()):
        return None
    pad = _PADDING * max(wide, tall)
    box = np.array(
        [
            [max(0, left - pad), max(0, top - pad)],
            [min(width, left + wide + pad), max(0, top - pad)],
            [min(width, left + wide + pad), min(height, top + tall + pad)],
            [max(0, left - pad), min(height, top + tall + pad)],
        ]
    )
    clear = float((distance[labels == index] > 90).mean())
    return Found(box * (photo.shape[1] / width), clear)
