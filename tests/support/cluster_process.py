"""A process that owns a cluster until it is told to stop: `python cluster_process.py DATA`.

Prints one JSON line when the database is ready, or the refusal, then waits for SIGTERM.
Without fsync: it is processes that die in these tests, not machines.
"""

import json
import signal
import sys
import threading
from pathlib import Path

from armarium.platform.postgres import PostgresError
from armarium.platform.postgres.cluster import Cluster


def say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    try:
        with Cluster.own(Path(sys.argv[1]), overrides={"fsync": "off"}) as cluster:
            server = cluster.embedded
            assert server is not None
            urls = {"admin": cluster.urls.admin, "app": cluster.urls.app}
            say({**urls, "pid": server.pid})
            asked.wait()
    except PostgresError as error:
        say({"refused": type(error).__name__, "message": str(error)})
        sys.exit(3)


if __name__ == "__main__":
    main()
