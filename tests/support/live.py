"""The application on a real socket of this machine, in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from armarium.entry.api import create_app
from armarium.entry.wiring import House
from armarium.platform.events import Events
from armarium.platform.workflows import Flows
from tests.support.workflows import running_worker


@contextmanager
def live_server(house: House, port: int = 0) -> Generator[str]:
    """Serve a house (not yet started) on a free port, or on this one; gives its address."""
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=port, log_config=None)
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


@dataclass
class Working:
    """A served house whose jobs run too, in one loop of a thread."""

    address: str
    loop: asyncio.AbstractEventLoop

    def run(self, coroutine: Coroutine[Any, Any, Any], within: float = 30.0) -> Any:
        """Something that belongs into the house's own loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(within)


@contextmanager
def working_house(house: House) -> Generator[Working]:
    """Serve a house (not yet started) on a free port, with a worker beside it."""
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=0, log_config=None)
    server = uvicorn.Server(config)
    ready = threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def both() -> None:
        loops.append(asyncio.get_running_loop())
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn rings no bell
            await asyncio.sleep(0.01)
        async with running_worker(
            house.urls, house.get(Flows), house.database, events=house.get(Events)
        ):
            ready.set()
            await serving

    thread = threading.Thread(target=lambda: asyncio.run(both()), daemon=True)
    thread.start()
    assert ready.wait(30), "the house did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Working(f"http://127.0.0.1:{port}", loops[0])
    finally:
        server.should_exit = True
        thread.join(15)
