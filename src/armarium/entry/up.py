"""`armarium up`: hands over to a small parent process that keeps everything running."""

import json
import os
import sys
from typing import NoReturn

from armarium.entry.settings import Settings


def up(settings: Settings) -> NoReturn:
    """Become the parent (entry/parent.py), which is the standard library alone.

    Reading settings and parsing options costs 40 MB that would stay for as long as the product
    runs; after exec they are gone. The children read the same settings again.
    """
    plan = {
        "data": str(settings.data.absolute()),
        "host": settings.host,
        "port": settings.port,
        "address": settings.base_url,
        "workers": settings.worker_processes,
        "external": settings.database_url is not None or settings.app_database_url is not None,
    }
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "armarium.entry.parent", json.dumps(plan)]
    os.execv(sys.executable, command)  # noqa: S606 # ourselves
