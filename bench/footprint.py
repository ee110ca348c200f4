"""What starting and resting costs: cold and warm start, idle memory, size on disk; prints JSON.

    python bench/footprint.py [--no-cold] [--starts 5] [--baseline FILE]

Cold: `make run` in a fresh clone of HEAD, until the first page; it fetches packages, so that the
network is measured too (`--no-cold` leaves it out; `--fresh-caches` also empties uv's, pip's and
npm's). Warm: `armarium up` on a data folder that exists. Memory is PSS, summed over all processes
including PostgreSQL: after the start, and after use once the models are evicted. The baseline in
the same run is the eager way: the models loaded with the start and never evicted. `--baseline`
names the JSON of an earlier run to compare with.
"""

# ruff: noqa: E402  # run by hand, from its folder

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

import numpy as np
from packaging.requirements import Requirement

import sheets
from _product import (
    Product,
    command,
    family,
    free_port,
    machine,
    part_of,
    product,
    proportional_mb,
    sign_up,
    spread,
    until_page,
    until_quiet,
)
from armarium.adapters.inference import InferenceClient

SETTLED_S = 6.0
"""After this, freed memory has been given back and nothing is left of the start."""
MEGABYTE = 1e6


def cold_start(place: Path, *, fresh_caches: bool) -> dict[str, Any]:
    """`make run` in a new clone."""
    clone = place / "armarium"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, clone], check=True)
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARMARIUM_")}
    kept.pop("VIRTUAL_ENV", None)
    env = {**kept, "ARMARIUM_DATA": str(place / "cold-data"), "ARMARIUM_PORT": str(port)}
    if fresh_caches:
        env |= {
            "UV_CACHE_DIR": str(place / "uv"),
            "PIP_CACHE_DIR": str(place / "pip"),
            "npm_config_cache": str(place / "npm"),
        }
    begun = time.perf_counter()
    with (place / "cold.log").open("wb") as log:
        process = subprocess.Popen(["make", "run"], cwd=clone, env=env, stdout=log, stderr=log)
    try:
        until_page(f"http://127.0.0.1:{port}", process, within_s=1800)
        seconds = time.perf_counter() - begun
        time.sleep(SETTLED_S)
        held = memory(family(process.pid))
    finally:
        for pid in family(process.pid):
            if part_of(pid) == "parent":
                os.kill(pid, signal.SIGTERM)
        process.wait(timeout=120)
    parts = {name: size_mb(clone / name) for name in (".venv", ".tools", "web/node_modules")}
    return {
        "seconds": round(seconds, 1),
        "caches": "empty" if fresh_caches else "as they were",
        "idle_pss_mb": held,
        "size_mb": {**parts, "all": size_mb(clone)},
    }


def size_mb(folder: Path) -> int:
    """Bytes of the files below a folder, hard links once."""
    seen: dict[tuple[int, int], int] = {}
    for path, _folders, names in os.walk(folder):
        for name in names:
            stat = (Path(path) / name).lstat()
            seen[stat.st_dev, stat.st_ino] = stat.st_size
    return round(sum(seen.values()) / MEGABYTE)


def packages_mb() -> dict[str, Any]:
    """What the product needs of this environment, without the tools of development."""
    waiting, sizes = ["armarium"], dict[str, float]()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in sizes:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # for another platform
        sizes[name] = sum(size_of(found)) / MEGABYTE
        waiting += [
            needed.name
            for needed in map(Requirement, found.requires or ())
            if needed.marker is None or needed.marker.evaluate({"extra": ""})
        ]
    largest = sorted(sizes, key=lambda name: -sizes[name])[:10]
    return {
        "all": round(sum(sizes.values())),
        "largest": {name: round(sizes[name]) for name in largest},
    }


def size_of(found: Distribution) -> Generator[int]:
    """Bytes of each installed file of a package."""
    for file in found.files or ():
        path = Path(str(file.locate()))
        if path.is_file():
            yield path.stat().st_size


def memory(pids: Sequence[int]) -> dict[str, float]:
    """PSS in MB by part of the product.

    Pages shared with strangers (other programs of the same environment) count in part only: on a
    machine where others run from it, the figure of the fresh clone is the true one.
    """
    held: dict[str, float] = defaultdict(float)
    for pid in pids:
        held[part_of(pid)] += proportional_mb(pid)
    return {**{part: round(mb, 1) for part, mb in held.items()}, "all": round(sum(held.values()))}


def a_photo() -> bytes:
    """A card of noise on a plain table: enough to wake every model."""
    rng = np.random.default_rng(1)
    card = rng.integers(0, 255, (500, 300, 3), dtype=np.uint8)
    return sheets.compose(rng, [("card", card)], "plain").jpeg()


async def load_models(running: Product, photo: bytes) -> float:
    """Ask each model once; seconds until all have answered."""
    begun = time.perf_counter()
    async with InferenceClient(socket=running.inference_socket()) as models:
        await models.detect(photo)
        await models.read(photo)
        await models.features(photo)
        await models.embed(["a card"])
    return time.perf_counter() - begun


@contextmanager
def used(data: Path, photo: bytes) -> Generator[Product]:
    """A product that has been worked with: an account, a scan, a search."""
    with product(data) as running:
        client = sign_up(running.address)
        files = [("files", ("photo.jpg", photo, "image/jpeg"))]
        client.post("/scans", files=files).raise_for_status()
        until_quiet(client)
        client.get("/search", params={"q": "card"}).raise_for_status()
        yield running


def rest(data: Path, starts: int) -> dict[str, Any]:
    """Everything but the cold start, on one data folder."""
    photo = a_photo()
    with product(data) as running:
        first = running.first_page_s
        time.sleep(SETTLED_S)
        untouched = memory(running.pids())
    with used(data, photo) as running:
        running.end_models()
        time.sleep(SETTLED_S)
        evicted = memory(running.pids())
    warm: list[float] = []
    worked: list[float] = []
    for _ in range(starts):
        with product(data) as running:
            warm.append(running.first_page_s)
            worked.append(sum(running.cpu_s().values()))
    with product(data) as running:
        loading = asyncio.run(load_models(running, photo))
        time.sleep(SETTLED_S)
        eager = {
            "first_page_s": round(running.first_page_s + loading, 2),
            "pss_mb": memory(running.pids()),
        }
    return {
        "first_start_s": round(first, 2),
        "warm_start_s": spread(warm),
        "warm_start_cpu_s": spread(worked),
        "idle_pss_mb": {"after_start": untouched, "after_use_models_evicted": evicted},
        "data_folder_mb": size_mb(data),
        "packages_mb": packages_mb(),
        "baseline_eager": eager,
    }


def against(now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Figures of an earlier run beside this one's."""
    places = {
        "warm_start_s": ("warm_start_s", "p50"),
        "idle_pss_mb": ("idle_pss_mb", "after_use_models_evicted", "all"),
        "packages_mb": ("packages_mb", "all"),
    }
    return {
        name: {"before": at(before, path), "now": at(now, path)} for name, path in places.items()
    }


def at(figures: Any, path: tuple[str, ...]) -> Any:
    """A figure by its path; None where it was not measured."""
    for name in path:
        figures = figures.get(name, {}) if isinstance(figures, dict) else None
    return figures or None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--no-cold", action="store_true", help="no clone, nothing is fetched")
    parser.add_argument("--fresh-caches", action="store_true", help="the cold start fetches all")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--baseline", type=Path, help="JSON of an earlier run")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="armarium-bench-") as place:
        before = machine()
        cold = (
            None if options.no_cold else cold_start(Path(place), fresh_caches=options.fresh_caches)
        )
        figures: dict[str, Any] = {
            "benchmark": "footprint",
            "command": command(sys.argv),
            "machine": {**before, "load_1m_after": 0.0},
            "cold_make_run": cold,
            **rest(Path(place) / "data", options.starts),
        }
        figures["machine"]["load_1m_after"] = machine()["load_1m"]
    if options.baseline:
        figures["against_earlier"] = against(figures, json.loads(options.baseline.read_text()))
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
