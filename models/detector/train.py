"""Trains judge.npz, the scorer of adapters/vision/judge.py; run by hand.

    python models/detector/train.py FOLDER_OF_CARD_SCANS [--only home|away] [--out FILE]

Data: photos composed by bench/sheets.py from every second scan and from made-up prints, and as
many of other things on other tables (scenes.py), seeds from 10000; no photo of the benchmark
(seeds below 10000, the other scans). Each settled quad is
a row of measurements; its target rises from 0 at an IoU of .70 with a thing to 1 at .92. A
34-24-12-1 network, L-BFGS, fixed seed. `--only` trains on one renderer, to see what is lost on
the other.
"""

import argparse
import hashlib
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scipy.optimize import minimize

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import scenes  # noqa: E402  # after the path is set

import sheets  # noqa: E402  # after the path is set
from armarium.adapters.vision import detect, geometry, judge  # noqa: E402

SEEDS = range(10000, 10064)
STRANGE = 4
"""Photos of scenes.py beside the four of sheets.py, a seed."""
HIDDEN = (24, 12)
DECAY = 3e-4
ROWS_OF_PHOTO = 140


def rows_of(folder: Path, seed: int) -> list[tuple[str, Any, Any]]:
    """(renderer, measurements, targets) of the photos of one seed: each background once."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    scans = [cv2.imread(str(path)) for path in sorted(folder.glob("*.jpg"))[::2]]
    found: list[tuple[str, Any, Any]] = []
    for background in (*sheets.BACKGROUNDS, *[None] * STRANGE):
        renderer = str(rng.choice(["home", "away"]))
        sheet = (
            scenes.scene(rng, renderer)
            if background is None
            else a_sheet(rng, scans, background, renderer)
        )
        scale = detect.WORKING_SIDE / max(sheet.image.shape[:2])
        layers, quads, evidence = detect.measured(sheet.image, scale)
        if evidence is None:
            continue
        rough = judge.first_score(evidence)
        values = judge.measurements(layers, quads, evidence, rough)
        truth = [item.box * scale for item in sheet.items]
        best = np.array([max(geometry.iou(quad, box) for box in truth) for quad in quads])
        keep = rng.permutation(len(quads))[:ROWS_OF_PHOTO]
        found.append((renderer, values[keep], np.clip((best[keep] - 0.7) / 0.22, 0, 1)))
    return found


def a_sheet(rng: sheets.Rng, scans: list[Any], background: str, renderer: str) -> sheets.Sheet:
    """1 to 9 prints of one size: scans, made-up cards, covers and postcards; some overlap."""
    count = int(rng.integers(1, 10))
    if rng.random() < 0.5:
        picks = [("", scans[index]) for index in rng.choice(len(scans), count)]
    else:
        wide, tall = [(350, 490), (350, 550), (420, 420), (500, 350), (330, 480)][rng.integers(5)]
        picks = [("", sheets.render_card(rng, width=wide, height=tall)) for _ in range(count)]
    chance = rng.random()
    gap = float(rng.uniform(0.0, 0.15)) if chance < 0.15 and count > 1 else None
    overlap = 0.15 <= chance < 0.3 and count > 1
    return sheets.compose(rng, picks, background, renderer=renderer, gap=gap, overlap=overlap)


def fit(values: Any, targets: Any) -> dict[str, Any]:
    """Weights by name, as judge.score reads them."""
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-3
    x = ((values - mean) / scale).astype(np.float64)
    rng = np.random.default_rng(1909)
    shapes = [(x.shape[1], HIDDEN[0]), (HIDDEN[0],), HIDDEN, (HIDDEN[1],), (HIDDEN[1], 1), (1,)]
    start = [
        rng.normal(0, np.sqrt(2 / shape[0]), shape) if len(shape) == 2 else np.zeros(shape)
        for shape in shapes
    ]

    def split(flat: Any) -> list[Any]:
        parts: list[Any] = []
        at = 0
        for shape in shapes:
            size = int(np.prod(shape))
            parts.append(flat[at : at + size].reshape(shape))
            at += size
        return parts

    def loss(flat: Any) -> tuple[float, Any]:
        w1, b1, w2, b2, w3, b3 = split(flat)
        h1 = np.maximum(x @ w1 + b1, 0)
        h2 = np.maximum(h1 @ w2 + b2, 0)
        logit = (h2 @ w3 + b3)[:, 0]
        cost = np.mean(np.logaddexp(0, logit) - targets * logit)
        d3 = ((1 / (1 + np.exp(-logit)) - targets) / len(x))[:, None]
        d2 = (d3 @ w3.T) * (h2 > 0)
        d1 = (d2 @ w2.T) * (h1 > 0)
        parts = [x.T @ d1, d1.sum(0), h1.T @ d2, d2.sum(0), h2.T @ d3, d3.sum(0)]
        gradient = np.concatenate([part.ravel() for part in parts]) + 2 * DECAY * flat
        return cost + DECAY * float(flat @ flat), gradient

    flat = np.concatenate([part.ravel() for part in start])
    solved = minimize(loss, flat, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    print(f"{len(x)} rows, loss {solved.fun:.4f} after {solved.nit} steps")
    names = ("w1", "b1", "w2", "b2", "w3", "b3")
    return {"mean": mean, "scale": scale, **dict(zip(names, split(solved.x), strict=True))}


def main() -> None:
    """Compose, measure, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=["home", "away"])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "judge.npz")
    parser.add_argument("--rows", type=Path, help="keep the measurements here, to fit again")
    options = parser.parse_args()
    if options.rows is not None and options.rows.exists():
        stored = np.load(options.rows)
        renderers, values, targets = (stored[name] for name in ("renderers", "values", "targets"))
    else:
        with ProcessPoolExecutor(2) as pool:
            parts = [p for part in pool.map(partial(rows_of, options.folder), SEEDS) for p in part]
        renderers = np.concatenate([[name] * len(targets) for name, _, targets in parts])
        values = np.concatenate([part for _, part, _ in parts])
        targets = np.concatenate([part for _, _, part in parts])
        if options.rows is not None:
            np.savez_compressed(options.rows, renderers=renderers, values=values, targets=targets)
    if options.only:
        values, targets = values[renderers == options.only], targets[renderers == options.only]
    weights = fit(values, targets)
    np.savez(options.out, **{name: part.astype(np.float32) for name, part in weights.items()})
    print(options.out, hashlib.sha256(options.out.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
