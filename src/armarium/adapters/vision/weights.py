"""Finds the weights that ship with the product, and refuses any other file.

In an installed wheel they lie in `armarium/_models`, in a checkout in `models/`.
"""

import hashlib
from pathlib import Path

import armarium

_PACKAGE = Path(armarium.__file__).parent
_PINNED = {
    "visual/efficientnet-lite0.onnx": (
        "2a18e439abd9ddbf68a573ca2f2242c9d0ac35491730063642668f0be65acc90"
    ),
    "visual/projection-256.npy": "b8384aca31c0ada51143955ec70af90aaefcc98f50e2f0e72d7a5375dec8bbd5",
    "detector/judge.npz": "9eba82f3dfee480b9f978328e081d788a32e546be526d2367538abfcd82346bb",
    "text/minilm-tokenizer.json": (
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
    ),
}


def weights(name: str) -> Path:
    """The file of that name, once its content is what this version was made for."""
    for folder in (_PACKAGE / "_models", _PACKAGE.parent.parent / "models"):
        path = folder / name
        if path.is_file():
            return verified(path, _PINNED[name])
    raise FileNotFoundError(f"the weights {name} are missing from this installation")


def verified(path: Path, sha256: str) -> Path:
    """The path, or ValueError when the file's SHA-256 differs."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(f"{path.name} is not the file that this version was made for")
    return path
