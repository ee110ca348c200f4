"""Port types to frames and back; features travel as JSON, images as blobs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from armarium.kit.visual import VisualMatch
from armarium.ports.ocr import Reading, TextLine
from armarium.ports.vision import Detection, PhotoDetections, Quad, Quality, Reference


def dump_detection(detection: Detection) -> dict[str, Any]:
    """All but the crop, which goes as a blob."""
    return {
        "box": detection.box,
        "score": detection.score,
        "region": detection.region,
        "quality": asdict(detection.quality),
    }


def load_detection(data: dict[str, Any], crop: bytes) -> Detection:
    """The inverse, with the crop put back."""
    quality = data["quality"]
    return Detection(
        box=load_quad(data["box"]),
        score=data["score"],
        region=data["region"],
        crop=crop,
        quality=Quality(
            blur=quality["blur"],
            glare=quality["glare"],
            width=quality["width"],
            height=quality["height"],
            advice=tuple(quality["advice"]),
        ),
    )


def load_detections(data: dict[str, Any], crops: Sequence[bytes]) -> PhotoDetections:
    """A whole photo's answer."""
    found = [load_detection(each, crop) for each, crop in zip(data["found"], crops, strict=True)]
    return PhotoDetections(data["width"], data["height"], tuple(found))


def load_quad(points: Sequence[Sequence[float]]) -> Quad:
    """Four corners from JSON; ValueError for another number."""
    first, second, third, fourth = ((float(x), float(y)) for x, y in points)
    return (first, second, third, fourth)


def dump_references(references: Sequence[Reference]) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Heads, and the blobs: all embeddings together, then each one's local features."""
    heads = [{"id": each.id, "phash": each.phash.hex()} for each in references]
    embeddings = np.array([each.embedding for each in references], "<f4")
    return heads, [embeddings.tobytes(), *(each.local for each in references)]


def load_references(heads: Sequence[dict[str, Any]], blobs: Sequence[bytes]) -> list[Reference]:
    """The inverse; ValueError where heads and blobs don't agree."""
    embeddings = np.frombuffer(blobs[0], "<f4").reshape(len(heads), -1).astype(float).tolist()
    return [
        Reference(head["id"], bytes.fromhex(head["phash"]), tuple(embedding), local)
        for head, embedding, local in zip(heads, embeddings, blobs[1:], strict=True)
    ]


def load_match(data: dict[str, Any]) -> VisualMatch:
    """A match from `dataclasses.asdict`."""
    return VisualMatch(**data)


def load_reading(data: dict[str, Any]) -> Reading:
    """A reading from `dataclasses.asdict`."""
    found = [
        TextLine(
            text=line["text"],
            box=load_quad(line["box"]),
            confidence=line["confidence"],
            found_by=line["found_by"],
        )
        for line in data["lines"]
    ]
    return Reading(
        text=data["text"],
        lines=tuple(found),
        rotation=data["rotation"],
        confidence=data["confidence"],
        model=data["model"],
    )
