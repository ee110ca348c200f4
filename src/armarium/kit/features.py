"""Image features as JSON, for workflow checkpoints and the wire of the inference process."""

import base64
from typing import Any

from armarium.kit.visual import ImageFeatures


def dump_features(features: ImageFeatures) -> dict[str, Any]:
    """JSON-able form, about 45 KB."""
    return {
        "model": features.model,
        "phashes": [each.hex() for each in features.phashes],
        "embedding": [round(value, 6) for value in features.embedding],
        "local": base64.b64encode(features.local).decode(),
        "width": features.width,
        "height": features.height,
    }


def load_features(data: dict[str, Any]) -> ImageFeatures:
    """The inverse of `dump_features`."""
    first, second, third, fourth = (bytes.fromhex(each) for each in data["phashes"])
    return ImageFeatures(
        model=data["model"],
        phashes=(first, second, third, fourth),
        embedding=tuple(data["embedding"]),
        local=base64.b64decode(data["local"]),
        width=data["width"],
        height=data["height"],
    )
