"""All that identity needs of one picture, computed together."""

from typing import Any

import cv2
from numpy.typing import NDArray

from armarium.adapters.vision import embedding, keypoints, phash
from armarium.kit.visual import ImageFeatures

MODEL = f"phash256+sift{keypoints.VERSION}+{embedding.NAME}"
"""Changes whenever stored features stop being comparable with fresh ones."""


def describe(picture: NDArray[Any], embedder: embedding.PictureEmbedder) -> ImageFeatures:
    """Features of a BGR picture: a crop or a reference."""
    gray = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    return ImageFeatures(
        model=MODEL,
        phashes=phash.phashes(gray),
        embedding=tuple(float(value) for value in embedder.embed(picture)),
        local=keypoints.extract(picture).pack(),
        width=picture.shape[1],
        height=picture.shape[0],
    )
