"""Fits the weights of adapters/vision/match.py; run by hand, prints them.

    python models/visual/calibrate.py FOLDER_OF_CARD_SCANS

Composed photos (bench/sheets.py) of every second scan and of 30 made-up prints, both renderers,
a quarter of them overlapping, seeds from 20000; each found crop is compared with its own
reference and with the ten others nearest by hash and by embedding. The benchmark reports on the
other scans and on seeds below 10000.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.optimize import minimize

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import sheets  # noqa: E402  # after the path is set
from armarium.adapters.vision import detect, geometry, match, phash, rectify  # noqa: E402
from armarium.adapters.vision.embedding import PictureEmbedder  # noqa: E402
from armarium.adapters.vision.features import describe  # noqa: E402
from armarium.kit.visual import ImageFeatures  # noqa: E402
from armarium.ports.vision import Reference  # noqa: E402

SEEDS = range(20000, 20014)
NAMES = ("inliers", "coverage", "agreement", "hash", "similarity")


def scans(folder: Path) -> list[tuple[str, Any]]:
    """Every second scan: the half that is tuned on."""
    return [(path.stem, cv2.imread(str(path))) for path in sorted(folder.glob("*.jpg"))[::2]]


class Catalogue:
    """References of the scans and of the made-up prints, described once a process."""

    def __init__(self, folder: Path) -> None:
        cv2.setNumThreads(1)
        rng = np.random.default_rng(20)
        made = [(f"made{index}", sheets.render_card(rng)) for index in range(30)]
        self.embedder = PictureEmbedder()
        self.pool = scans(folder) + made
        self.references: list[Reference] = []
        for name, art in self.pool:
            each = describe(art, self.embedder)
            self.references.append(Reference(name, each.phashes[0], each.embedding, each.local))

    def shortlist(self, features: ImageFeatures, name: str | None) -> list[Reference]:
        """The true reference and the nearest others."""

        def far(each: Reference) -> int:
            return min(phash.distance(one, each.phash) for one in features.phashes)

        def unlike(each: Reference) -> float:
            return -float(np.dot(features.embedding, each.embedding))

        near = sorted(self.references, key=far)[:5] + sorted(self.references, key=unlike)[:5]
        near += [each for each in self.references if each.id == name]
        return list({each.id: each for each in near}.values())


def rows_of(seed: int) -> list[tuple[int, list[float]]]:
    """Label (1 the same picture) and signals, for each background once."""
    if not _CATALOGUE:
        _CATALOGUE.append(Catalogue(Path(sys.argv[1])))
    catalogue = _CATALOGUE[0]
    rng = np.random.default_rng(seed)
    rows: list[tuple[int, list[float]]] = []
    for background in sheets.BACKGROUNDS:
        picks = rng.choice(len(catalogue.pool), rng.integers(3, 10), replace=False)
        sheet = sheets.compose(
            rng,
            [catalogue.pool[index] for index in picks],
            background,
            renderer=str(rng.choice(["home", "away"])),
            overlap=bool(rng.random() < 0.25),
        )
        for found in detect.find_quads(sheet.image):
            truth = max((geometry.iou(found.quad, item.box), item.name) for item in sheet.items)
            if 0.2 < truth[0] < 0.6:
                continue
            name = truth[1] if truth[0] >= 0.6 else None
            features = describe(rectify.rectify(sheet.image, found.quad), catalogue.embedder)
            for each in match.match_visual(features, catalogue.shortlist(features, name)):
                values = match.signals(each)
                rows.append((int(each.id == name), [values[key] for key in NAMES]))
    return rows


_CATALOGUE: list[Catalogue] = []


def main() -> None:
    """Logistic regression with a little shrinkage."""
    with ProcessPoolExecutor(2) as pool:
        rows = [row for part in pool.map(rows_of, SEEDS) for row in part]
    labels = np.array([row[0] for row in rows], float)
    values = np.column_stack([np.ones(len(rows)), np.array([row[1] for row in rows])])

    def loss(weights: Any) -> float:
        margin = values @ weights * (2 * labels - 1)
        return float(np.logaddexp(0, -margin).sum() + 0.02 * (weights[1:] ** 2).sum())

    bounds = [(None, None)] + [(0, None)] * len(NAMES)
    fitted = minimize(loss, np.zeros(len(NAMES) + 1), method="L-BFGS-B", bounds=bounds).x
    print(f"{len(rows)} pairs, {int(labels.sum())} true, mean loss {loss(fitted) / len(rows):.5f}")
    for name, weight in zip(("bias", *NAMES), fitted, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
