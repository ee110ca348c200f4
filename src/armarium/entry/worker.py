"""The worker's door: builds the same house as the API, and runs what it enqueues."""

import asyncio
import signal

from armarium.entry.databases import urls_of
from armarium.entry.renewing import Renewal
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.platform.cache import Cache
from armarium.platform.events import Dispatcher, Events
from armarium.platform.observability import configure_logging
from armarium.platform.workflows import Flows
from armarium.platform.workflows.worker import Tuning, UnknownQueue, Worker

GRACE_S = 5.0
"""What running jobs get to end in when the process is told to: a photo takes three seconds. The
rest is taken over, and goes on behind its last finished step."""


def worker_of(house: House, tuning: Tuning | None = None) -> Worker:
    """The worker that runs the jobs of this house."""
    flows = house.get(Flows)
    dispatcher = Dispatcher(house.get(Events), flows, house.database)
    return Worker(
        flows,
        database=house.database,
        url=house.urls.worker,
        companions=[dispatcher],
        tuning=tuning,
        queues=house.settings.worker_queues,
    )


async def run(house: House, stop: asyncio.Event) -> None:
    """Work until `stop`; what is unfinished then is handed over."""
    worker = worker_of(house)
    await house.get(Cache).start()
    await house.get(Renewal).start()
    await worker.start()
    try:
        await stop.wait()
    finally:
        await worker.stop(GRACE_S)
        await house.stop()


async def _run_until_told(house: House) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await run(house, stop)


def main() -> None:
    """Run jobs until SIGTERM or Ctrl-C; waits for the database of `armarium up`."""
    settings = Settings()
    configure_logging(settings.log_level, settings.log_format)
    try:
        asyncio.run(_run_until_told(build(settings, urls_of(settings))))
    except UnknownQueue as error:
        raise SystemExit(f"ARMARIUM_WORKER_QUEUES: {error}") from error


if __name__ == "__main__":
    main()
