"""A second instance of the same binaries, as an external server over TCP with passwords.

`python -m tests.support.external_server pytest …` runs a command against it: the tests find its
administrator's URL in `ARMARIUM_TEST_DATABASE_URL`.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from armarium.platform.postgres import EmbeddedPostgres
from armarium.platform.postgres.names import SUPERUSER
from tests.support.postgres import CARELESS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def external_server() -> Generator[str]:
    """The administrator's URL of a bare server: no roles, no extension, no database of ours."""
    port = free_port()
    settings = {**CARELESS, "listen_addresses": "127.0.0.1", "port": str(port)}
    with (
        TemporaryDirectory(prefix="armarium-external-") as data,
        EmbeddedPostgres(Path(data), overrides=settings) as server,
    ):
        password = server.folder.passwords()[SUPERUSER]
        yield f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{port}/postgres"
    shutil.rmtree(server.runtime, ignore_errors=True)


def main() -> int:
    with external_server() as url:
        env = {**os.environ, "ARMARIUM_TEST_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
