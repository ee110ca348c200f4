"""The door of the inference process: `armarium inference`, or started by `armarium up` on demand.

Takes a listening socket by descriptor (`--fd`), or makes one at a path (`--socket`).
"""

import argparse
import asyncio
import os
import signal
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from armarium.entry.settings import Settings
from armarium.platform.observability import configure_logging

if TYPE_CHECKING:
    from armarium.adapters.inference.server import InferenceServer

BACKLOG = 64

ONE_THREAD_EACH = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Read by the libraries of linear algebra when they are loaded. Requests run side by side; threads
of their own would spin for each other's cores (verification took five times the processor time)."""


def main(arguments: list[str] | None = None) -> None:
    """Serve until idle, told to stop, or the parent is gone."""
    options = _parser().parse_args(arguments)
    os.environ.update(dict.fromkeys(ONE_THREAD_EACH, "1"))
    from armarium.adapters.inference.server import InferenceServer  # noqa: PLC0415  # loads them

    settings = Settings()
    configure_logging(settings.log_level, settings.log_format)
    if options.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    listener = (
        socket.socket(fileno=options.fd) if options.fd is not None else _listen(options.socket)
    )
    server = InferenceServer(
        threads=settings.inference_threads or min(4, _cores()),
        idle_s=options.idle_seconds or settings.inference_idle_seconds,
    )
    try:
        asyncio.run(_serve(server, listener))
    finally:
        listener.close()
        if options.socket is not None:
            options.socket.unlink(missing_ok=True)


async def _serve(server: "InferenceServer", listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve(listener)


def _cores() -> int:
    """Those that this process may run on; outside Linux nobody says, so all there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="armarium inference", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--fd", type=int, help="descriptor of a socket that listens already")
    where.add_argument("--socket", type=Path, help="path of the unix socket to listen on")
    parser.add_argument("--idle-seconds", type=float, help="instead of the setting")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed"
    )
    return parser


def _listen(path: Path) -> socket.socket:
    """A socket that only this user may call."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(BACKLOG)
    return listener


def _end_with_parent() -> None:
    """The owner holds the other end of standard input: its end is ours."""
    while os.read(0, 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
