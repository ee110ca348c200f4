"""The application on a real socket of this machine, in a thread of its own."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from armarium.entry.api import create_app
from armarium.entry.wiring import House


@contextmanager
def live_server(house: House) -> Generator[str]:
    """Serve a house (not yet started) on a free port; gives its address."""
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
