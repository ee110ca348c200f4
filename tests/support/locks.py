"""Acts that meet on purpose: both have begun before either ends."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.platform.database import Scope

BLOCKED = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)


async def waiting(house: House, acts: Sequence[asyncio.Task[Any]]) -> None:
    """Until all of them wait for a lock in the database, or have done without."""
    while not all(act.done() for act in acts):
        async with house.database.transaction(Scope()) as session:
            if (await session.scalar(BLOCKED) or 0) >= len(acts):
                return
