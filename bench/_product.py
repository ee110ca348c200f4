"""The real product for a benchmark: `armarium up` in a folder of its own, and what it uses."""

import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
STARTED_WITHIN_S = 300.0
INFERENCE = "armarium.entry.inference"


@dataclass(frozen=True, slots=True)
class Product:
    """A running Armarium."""

    process: subprocess.Popen[bytes]
    address: str
    env: dict[str, str]
    first_page_s: float
    """From the command to the first page."""

    def pids(self) -> list[int]:
        """The parent and everything below it."""
        return family(self.process.pid)

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds that the living processes have used, by what they are."""
        used: dict[str, float] = defaultdict(float)
        for pid in self.pids():
            used[part_of(pid)] += processor_time(pid)
        return used

    def end_models(self) -> int:
        """End the inference process as idleness would; how many there were."""
        found = [pid for pid in self.pids() if INFERENCE in command_of(pid)]
        for pid in found:
            os.kill(pid, signal.SIGTERM)
        while any(Path(f"/proc/{pid}").exists() and not is_zombie(pid) for pid in found):
            time.sleep(0.02)
        return len(found)

    def inference_socket(self) -> Path:
        """Where the models are called, from the environment of the product's own processes."""
        for pid in self.pids():
            for entry in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                name, _, value = entry.decode().partition("=")
                if name == "ARMARIUM_INFERENCE_SOCKET":
                    return Path(value)
        raise LookupError("no process knows the models' socket")

    def run(self, *arguments: str) -> None:
        """An `armarium` command on the same data folder."""
        subprocess.run(
            [sys.executable, "-m", "armarium.entry.cli", *arguments],
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def product(data: Path, python: str = sys.executable) -> Generator[Product]:
    """Start it on a free port, wait for the first page, stop it in the end."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ARMARIUM_")}
    env = {
        **kept,
        "ARMARIUM_DATA": str(data),
        "ARMARIUM_PORT": str(port),
        # A benchmark asks more often than a person.
        "ARMARIUM_LIMITS__ENABLED": "false",
    }
    begun = time.perf_counter()
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [python, "-m", "armarium.entry.cli", "up"], env=env, stdout=log, stderr=log
        )
    try:
        until_page(address, process)
        yield Product(process, address, env, time.perf_counter() - begun)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def until_page(
    address: str, process: subprocess.Popen[bytes], within_s: float = STARTED_WITHIN_S
) -> None:
    """Ask for the first page until it comes."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx2.get(f"{address}/", timeout=30).is_success:
                return
        except httpx2.TransportError:
            time.sleep(0.02)
    raise RuntimeError("armarium up gave no page")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat_of(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for each in found:
        found.extend(children.get(each, ()))
    return found


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, …; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def is_zombie(pid: int) -> bool:
    """Whether it has ended and waits to be reaped."""
    return stat_of(pid)[:1] == ["Z"]


def processor_time(pid: int) -> float:
    """Seconds on a core, of itself and of the children it has reaped."""
    fields = stat_of(pid)
    return sum(map(int, fields[11:15])) / TICKS if fields else 0.0


def command_of(pid: int) -> str:
    """Its command line."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


PARTS = {
    "armarium.entry.inference": "models",
    "armarium.entry.cli api": "api",
    "armarium.entry.cli worker": "worker",
    "armarium.entry.parent": "parent",
    "postgres": "postgres",
}


def part_of(pid: int) -> str:
    """Which part of the product a process is."""
    line = command_of(pid)
    return next((part for words, part in PARTS.items() if words in line), "other")


def proportional_mb(pid: int) -> float:
    """Memory with shared pages divided among those who share them (PSS), in MB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def sign_up(address: str) -> httpx2.Client:
    """The owner of the house, signed in."""
    client = httpx2.Client(base_url=f"{address}/api/v1", timeout=120)
    body = {"email": "bench@example.org", "password": "Bench-Mark-1909"}
    answer = client.post("/auth/register", json=body)
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def until_quiet(client: httpx2.Client, within_s: float = 1800.0) -> float:
    """Wait until no job is queued or running; seconds waited."""
    begun = time.monotonic()
    while time.monotonic() - begun < within_s:
        busy = [
            job
            for status in ("queued", "running")
            for job in client.get("/jobs", params={"status": status}).json()
            if job["name"] != "SweepMedia"  # waits for its day
        ]
        if not busy:
            return time.monotonic() - begun
        time.sleep(1.0)
    raise TimeoutError("jobs go on for ever")


def spread(values: Iterable[float]) -> dict[str, float]:
    """Count, median, 95th percentile and worst, rounded to milliseconds."""
    ordered = sorted(values)
    if not ordered:
        return {"n": 0}
    place = min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)
    return {
        "n": len(ordered),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[place], 3),
        "max": round(ordered[-1], 3),
    }


def machine() -> dict[str, Any]:
    """Where this was measured, and how busy it was: a loaded machine measures itself."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": model,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_1m": round(os.getloadavg()[0], 1),
    }


def command(arguments: Sequence[str]) -> str:
    """How this was run."""
    return " ".join(("python", *arguments))
