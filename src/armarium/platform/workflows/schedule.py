"""Cron: every worker keeps time, and the tick's id makes sure that only one job comes of it."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from croniter import croniter

from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.workflows.flows import Cron, Flows

log = structlog.get_logger("armarium.workflows")

SETTLED = timedelta(minutes=5)
"""After its start, until when a worker leaves the machine to people."""
LONGEST_SLEEP = 60.0
"""Seconds; a clock that was set forward or a laptop that slept is noticed within this time."""


def next_tick(cron: Cron, after: datetime) -> datetime:
    """The first instant of the schedule after `after`, in UTC."""
    ticks = croniter(cron.schedule, after.astimezone(UTC), second_at_beginning=True)
    return ticks.get_next(datetime)


def last_tick(cron: Cron, before: datetime) -> datetime:
    """The last instant of the schedule up to `before`, in UTC."""
    ticks = croniter(cron.schedule, before.astimezone(UTC), second_at_beginning=True)
    return ticks.get_prev(datetime)


def tick_id(cron: Cron, tick: datetime) -> str:
    """The workflow id that all workers agree on."""
    return f"cron:{cron.name}:{tick:%Y-%m-%dT%H:%M:%SZ}"


async def keep_time(flows: Flows, database: Database) -> None:
    """Enqueue each cron's command at its ticks, until cancelled.

    A tick that nobody was awake for is made up a while after the start: a machine that is off at
    night would never have its nightly care.
    """
    started = now()
    due = {cron.name: next_tick(cron, started) for cron in flows.crons.values()}
    missed = {cron.name: last_tick(cron, started) for cron in flows.crons.values()}
    while due:
        if missed and now() >= started + SETTLED:
            for name, tick in missed.items():
                await _fire(flows, database, flows.crons[name], tick)
            missed.clear()
        wait = (min(due.values()) - now()).total_seconds()
        if wait > 0:
            await asyncio.sleep(min(wait, LONGEST_SLEEP))
            continue
        for cron in flows.crons.values():
            if due[cron.name] <= now():
                await _fire(flows, database, cron, due[cron.name])
                due[cron.name] = next_tick(cron, now())


async def _fire(flows: Flows, database: Database, cron: Cron, tick: datetime) -> None:
    try:
        async with database.transaction(Scope()) as session:
            await flows.enqueue(session, cron.command, workflow_id=tick_id(cron, tick))
    except Exception:
        log.exception("cron_missed", operation=cron.name, tick=tick.isoformat())
