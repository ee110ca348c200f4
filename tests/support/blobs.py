"""A bucket on moto's server, for tests of what speaks S3."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from moto.server import ThreadedMotoServer

from armarium.adapters.blobs import S3Settings


@contextmanager
def s3_bucket(name: str = "armarium") -> Iterator[S3Settings]:
    """An empty bucket on a server of its own, on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        settings = S3Settings(
            bucket=name,
            access_key_id="test-key",
            secret_access_key="test-secret",
            prefix="vault",
            endpoint=f"http://127.0.0.1:{port}",
        )
        httpx2.put(settings.url).raise_for_status()
        yield settings
    finally:
        server.stop()
