"""`armarium up`: hands over to a small parent process that keeps everything running."""

import json
import os
import socket
import sys
from typing import NoReturn

from armarium.entry.settings import Settings

EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  # compared with, not bound


def addresses(settings: Settings) -> str:
    """What to open, on this machine and from the others in the network."""
    if settings.public_url is not None or settings.host not in EVERYWHERE:
        return settings.base_url
    scheme = "http" if settings.tls == "off" else "https"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return settings.base_url
        return f"{settings.base_url} and {scheme}://{probe.getsockname()[0]}:{settings.port}"


def up(settings: Settings) -> NoReturn:
    """Become the parent (entry/parent.py), which is the standard library alone.

    Reading settings and parsing options costs 40 MB that would stay for as long as the product
    runs; after exec they are gone. The children read the same settings again.
    """
    plan = {
        "data": str(settings.data.absolute()),
        "host": settings.host,
        "port": settings.port,
        "address": addresses(settings),
        "workers": settings.worker_processes,
        "external": settings.database_url is not None or settings.app_database_url is not None,
    }
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "armarium.entry.parent", json.dumps(plan)]
    os.execv(sys.executable, command)  # noqa: S606 # ourselves
