"""Detection and visual identity on composed photos; prints JSON.

    python bench/identify_photos.py [--data FOLDER] [--seeds 40] [--jobs 2]

Photos are composed from the scans that training left out, with seeds below 10000 (training uses
those from 10000), in two renderers and four backgrounds. Closed set: every scan is in the
catalogue. Open set: half of the scans are taken out, and what shows one of them must not be
accepted. The baseline in the same run is the perceptual hash alone: nearest, within 64 bits.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import sheets
from armarium.adapters.vision import detect, geometry, match, phash, rectify
from armarium.adapters.vision.embedding import PictureEmbedder
from armarium.adapters.vision.features import describe
from armarium.kit.visual import ImageFeatures, VisualMatch, decide_visual
from armarium.ports.vision import Reference

IOU = 0.85
SHORTLIST = 24
HASH_LIMIT = 64


@dataclass
class Tally:
    """What one background and renderer gave; added up over photos."""

    photos: int = 0
    items: int = 0
    found: int = 0
    false_boxes: int = 0
    seconds: list[float] = field(default_factory=list[float])
    closed: dict[str, int] = field(default_factory=dict[str, int])
    open: dict[str, int] = field(default_factory=dict[str, int])
    scored: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])

    def add(self, other: "Tally") -> None:
        """Sum."""
        self.photos += other.photos
        self.items += other.items
        self.found += other.found
        self.false_boxes += other.false_boxes
        self.seconds += other.seconds
        self.scored += other.scored
        for mine, theirs in ((self.closed, other.closed), (self.open, other.open)):
            for key, value in theirs.items():
                mine[key] = mine.get(key, 0) + value


class Bench:
    """One process's catalogue and models."""

    def __init__(self, folder: Path) -> None:
        cv2.setNumThreads(1)
        self.embedder = PictureEmbedder()
        paths = sorted(folder.glob("*.jpg"))
        self.scans = [(path.stem, cv2.imread(str(path))) for path in paths]
        self.held_out = self.scans[1::2]
        self.references = {name: self._reference(name, art) for name, art in self.scans}

    def _reference(self, name: str, art: Any) -> Reference:
        each = describe(art, self.embedder)
        return Reference(name, each.phashes[0], each.embedding, each.local)

    def photo(self, seed: int, background: str, renderer: str) -> Tally:
        """Compose, detect, identify twice."""
        rng = np.random.default_rng(seed)
        count = int(rng.integers(1, 10))
        picks = [self.held_out[i] for i in rng.choice(len(self.held_out), count, replace=False)]
        sheet = sheets.compose(rng, picks, background, renderer=renderer)
        removed = {name for name, _ in self.scans if rng.random() < 0.5}
        started = time.process_time()
        quads = [found.quad for found in detect.find_quads(sheet.image)]
        tally = Tally(photos=1, items=count, seconds=[time.process_time() - started])
        names = self._names(quads, sheet, tally)
        described = [describe(rectify.rectify(sheet.image, quad), self.embedder) for quad in quads]
        everything = list(self.references.values())
        kept = [reference for reference in everything if reference.id not in removed]
        for features, name in zip(described, names, strict=True):
            compared: dict[str, VisualMatch] = {}
            self._identify(
                features,
                name,
                everything,
                compared=compared,
                counts=tally.closed,
                scored=tally.scored,
            )
            known = name if name not in removed else None
            self._identify(features, known, kept, compared=compared, counts=tally.open)
        tally.open["known"] = sum(item.name not in removed for item in sheet.items)
        tally.closed["known"] = count
        return tally

    def _names(self, quads: list[Any], sheet: sheets.Sheet, tally: Tally) -> list[str | None]:
        """Whose crop each quad is (half of it at least), counting what was found exactly."""
        free = list(sheet.items)
        names: list[str | None] = []
        for quad in quads:
            best = max(sheet.items, key=lambda item: geometry.iou(quad, item.box))
            value = geometry.iou(quad, best.box)
            names.append(best.name if value > 0.5 else None)
            if value >= IOU and best in free:
                free.remove(best)
                tally.found += 1
            else:
                tally.false_boxes += 1
        return names

    def _identify(
        self,
        features: ImageFeatures,
        name: str | None,
        references: Sequence[Reference],
        *,
        compared: dict[str, VisualMatch],
        counts: dict[str, int],
        scored: list[tuple[float, bool]] | None = None,
    ) -> None:
        listed = shortlist(features, references)
        fresh = [each for each in listed if each.id not in compared]
        compared.update({each.id: each for each in match.match_visual(features, fresh)})
        matches = sorted((compared[each.id] for each in listed), key=lambda each: -each.score)
        verdict = decide_visual(matches, entry_of=lambda each: each)
        right = verdict.best is not None and verdict.best.id == name
        key = (
            verdict.decision
            if verdict.decision != "accepted"
            else ("accepted" if right else "wrong")
        )
        counts[key] = counts.get(key, 0) + 1
        if scored is not None:
            scored += [(each.score, each.id == name) for each in matches[:3]]
        near = min(references, key=lambda each: hash_distance(features, each))
        if hash_distance(features, near) <= HASH_LIMIT:
            key = "hash_accepted" if near.id == name else "hash_wrong"
            counts[key] = counts.get(key, 0) + 1


def hash_distance(features: ImageFeatures, reference: Reference) -> int:
    return min(phash.distance(each, reference.phash) for each in features.phashes)


def shortlist(features: ImageFeatures, references: Sequence[Reference]) -> list[Reference]:
    """Nearest by hash, and nearest by embedding, as the catalogue does it in SQL."""
    by_hash = sorted(references, key=lambda each: hash_distance(features, each))[:SHORTLIST]
    like = {each.id: -float(np.dot(features.embedding, each.embedding)) for each in references}
    by_look = sorted(references, key=lambda each: like[each.id])[:SHORTLIST]
    return list({each.id: each for each in (*by_hash, *by_look)}.values())


def shares(counts: dict[str, int], items: int) -> dict[str, float]:
    """Accepted of what the catalogue knows; wrong accepts as a share of all true items."""
    known = max(counts.get("known", 0), 1)
    return {
        "accepted": round(counts.get("accepted", 0) / known, 4),
        "wrong_accepts": round(counts.get("wrong", 0) / max(items, 1), 4),
        "review": counts.get("review", 0),
        "unknown": counts.get("unknown", 0),
        "hash_alone_accepted": round(counts.get("hash_accepted", 0) / known, 4),
        "hash_alone_wrong_accepts": round(counts.get("hash_wrong", 0) / max(items, 1), 4),
    }


def reliability(scored: list[tuple[float, bool]]) -> dict[str, Any]:
    """Said against seen, in ten bins, and the expected calibration error."""
    rows: list[dict[str, float]] = []
    error = 0.0
    for low in np.arange(0, 1, 0.1):
        part = [(s, r) for s, r in scored if low <= s < low + 0.1 or (low > 0.85 and s == 1)]
        if not part:
            continue
        said, seen = (float(np.mean([row[i] for row in part])) for i in (0, 1))
        error += abs(said - seen) * len(part) / len(scored)
        rows.append({"said": round(said, 3), "seen": round(seen, 3), "pairs": len(part)})
    return {"expected_calibration_error": round(error, 4), "bins": rows}


def report(tally: Tally) -> dict[str, Any]:
    return {
        "photos": tally.photos,
        "items": tally.items,
        "detection_recall": round(tally.found / max(tally.items, 1), 4),
        "false_boxes_a_photo": round(tally.false_boxes / max(tally.photos, 1), 3),
        "detection_cpu_seconds_p50": round(float(np.median(tally.seconds)), 3),
        "closed_set": shares(tally.closed, tally.items),
        "open_set": shares(tally.open, tally.items),
    }


def run(folder: Path, seed: int, plan: Sequence[tuple[str, str]]) -> list[Tally]:
    if folder not in _BENCHES:
        _BENCHES[folder] = Bench(folder)
    return [_BENCHES[folder].photo(seed, background, renderer) for background, renderer in plan]


_BENCHES: dict[Path, Bench] = {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("ARMARIUM_TEST_DATA"))
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--backgrounds", nargs="*", default=list(sheets.BACKGROUNDS))
    options = parser.parse_args()
    if options.data is None:
        sys.exit("Name the folder of test data by --data or ARMARIUM_TEST_DATA.")
    folder = Path(options.data) / "photos" / "tarot"
    plan = [(each, renderer) for each in options.backgrounds for renderer in ("home", "away")]
    tallies = {key: Tally() for key in plan}
    seeds = range(options.first, options.first + options.seeds)
    with ProcessPoolExecutor(options.jobs) as pool:
        for part in pool.map(partial(run, folder, plan=plan), seeds):
            for key, tally in zip(plan, part, strict=True):
                tallies[key].add(tally)
            print(".", end="", file=sys.stderr, flush=True)
    calm, every = Tally(), Tally()
    for (background, _), tally in tallies.items():
        every.add(tally)
        if background != "busy":
            calm.add(tally)
    answer = {
        "benchmark": "identify_photos",
        "machine": {"cpu": platform.machine(), "cores": os.cpu_count()},
        "seeds": [seeds.start, seeds.stop - 1],
        "iou": IOU,
        "plain_wood_cloth": report(calm) if calm.photos else None,
        "all": report(every),
        "calibration": reliability(every.scored),
        "by_background": {f"{b}/{r}": report(tally) for (b, r), tally in tallies.items()},
    }
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
