"""Visual embedding: ImageNet features of EfficientNet-Lite0, however the picture is turned.

The mean over four turns of the pooled features, projected to 256 dimensions. Trained on
photographs of things, not on prints: it proposes look-alikes, geometry decides.
"""

from typing import Any

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from armarium.adapters.vision.weights import weights

Array = NDArray[Any]

NAME = "efficientnet-lite0-turn4-rp256"


class PictureEmbedder:
    """Holds the network (about 40 MB); thread-safe."""

    def __init__(self, *, threads: int = 1) -> None:
        """`threads` for one picture."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(weights("visual/efficientnet-lite0.onnx")),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._projection = np.load(weights("visual/projection-256.npy")).astype(np.float32)

    def embed(self, picture: Array) -> Array:
        """Unit vector of a BGR picture."""
        square = cv2.resize(picture, (224, 224), interpolation=cv2.INTER_AREA)[..., ::-1]
        scaled = (square.astype(np.float32) - 127) / 128
        turns = np.stack([np.rot90(scaled, turn) for turn in range(4)]).transpose(0, 3, 1, 2)
        (features,) = self._session.run(None, {"image": np.ascontiguousarray(turns)})
        vector = np.asarray(features).mean(axis=0) @ self._projection
        return vector / max(float(np.linalg.norm(vector)), 1e-9)
