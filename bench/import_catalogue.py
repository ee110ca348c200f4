"""Catalogue imports by the command line, measured: time and memory, first and again.

Prints JSON. Each file goes into one fresh data folder with the embedded database, as a person
would do it; memory is the high-water mark of the importing process. Run:
.venv/bin/python bench/import_catalogue.py DATA
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FILES = (
    ("catalogues/tcgdex_cards.jsonl.gz", "tcgdex", 60),
    ("catalogues/tate_artworks.jsonl.gz", "tate", 90),
    ("retrieval/shelf/inventory.csv", "csv", None),
    ("photos/tarot/cards.json", "tarot", None),
)
COMMAND = [str(Path(sys.executable).with_name("armarium")), "catalogue", "import"]


def high_water(pid: int) -> int:
    """Largest resident size of a process so far, in MB; 0 once it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    except OSError:
        pass
    return 0


def measure(path: Path, file_format: str, folder: Path) -> dict[str, Any]:
    """One run of the command."""
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with (folder / "report.json").open("w+") as report:
        child = subprocess.Popen(
            [*COMMAND, str(path), "--format", file_format, "--json"],
            env={**os.environ, "ARMARIUM_DATA": str(folder / "data")},
            stdout=report,
            stderr=subprocess.DEVNULL,
        )
        memory = 0
        while child.poll() is None:
            memory = max(memory, high_water(child.pid))
            time.sleep(0.05)
        wall = time.monotonic() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if child.returncode:
            raise SystemExit(f"{path.name}: the import ended with {child.returncode}")
        report.seek(0)
        told = json.load(report)
    counts = ("read", "added", "changed", "unchanged", "images", "entry_count")
    return {
        "seconds": round(wall, 1),
        "import_seconds": told["seconds"],
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "memory_mb": memory,
        **{name: told[name] for name in counts},
        "skipped": {reason: each["count"] for reason, each in told["skipped"].items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    shown: dict[str, Any] = {
        "benchmark": "import_catalogue",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "files": {},
    }
    with tempfile.TemporaryDirectory(prefix="armarium-bench-") as folder:
        for name, file_format, bound in FILES:
            first = measure(data / name, file_format, Path(folder))
            again = measure(data / name, file_format, Path(folder))
            shown["files"][name] = {"first": first, "again": again, "target_seconds": bound}
    print(json.dumps(shown, indent=1))


if __name__ == "__main__":
    main()
