"""Paths as they may stand in a log: an address that is a key is none of its business."""

import re

KEYED = re.compile(r"\b(shared|blobs)(/+)[^/]+")
"""Shared links and signed addresses of blobs carry their token in the path; so do refused and
mistyped ones, which no route has matched."""


def told_path(path: str) -> str:
    """The path without what opens something."""
    return KEYED.sub(r"\1\2…", path)
