"""Cron: every worker keeps time, and the tick's id makes sure that only one job comes of it."""

import asyncio
from datetime import UTC, datetime

import structlog
from croniter import croniter

from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.workflows.flows import Cron, Flows

log = structlog.get_logger("armarium.workflows")

LONGEST_SLEEP = 60.0
"""Seconds; a clock that was set forward or a laptop that slept is noticed within this time."""


def next_tick(cron: Cron, after: datetime) -> datetime:
    """The first instant of the schedule after `after`, in UTC."""
    ticks = croniter(cron.schedule, after.astimezone(UTC), second_at_beginning=True)
    return ticks.get_next(datetime)


def tick_id(cron: Cron, tick: datetime) -> str:
    """The workflow id that all workers agree on."""
    return f"cron:{cron.name}:{tick:%Y-%m-%dT%H:%M:%SZ}"


async def keep_time(flows: Flows, database: Database) -> None:
    """Enqueue each cron's command at its ticks, until cancelled."""
    due = {cron.name: next_tick(cron, now()) for cron in flows.crons.values()}
    while due:
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
