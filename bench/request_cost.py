"""What safety adds to a request: rate limits, row-level security, the audit log.

    python bench/request_cost.py [--rounds 1500] [--items 300]

Everything in one process behind the ASGI door, on the product's own embedded PostgreSQL with its
own durability; milliseconds. Each pair (with and without) takes turns request by
request, so that whatever else the machine does hits both alike. Limits: the whole stack with the
default limits raised out of reach against the same stack with them off. Row-level security: the
program's own transaction as arm_app against the same statement as the owner of everything, without
the settings that policies read. Audit: a transaction that writes one row against the same one that
also records it; and how many recorded transactions a second go through when eight write at once.
"""

# ruff: noqa: E402  # a program: run by hand, from its folder

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from armarium.entry.migrating import migrate_all
from armarium.kit.ids import new_id
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Database, Scope
from armarium.platform.observability import configure_logging
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import client_of, make_house, register, running_app

Act = Callable[[], Awaitable[Any]]
FAR = 1_000_000_000
LIMITED = dict.fromkeys(("api", "browsing", "media", "scans", "auth", "address"), FAR)
PAGE = text(
    "select * from items where space_id = :space and deleted_at is null"
    " order by created_at desc, id desc limit 50"
)
WRITE = text(
    "insert into accounts_attempt (key, failures, last_at) values (:key, 1, now())"
    " on conflict (key) do update set failures = 2"
)


async def compare(rounds: int, with_it: Act, without: Act) -> dict[str, float]:
    """Of both, taking turns: the median, the quietest tenth, and this process's own work."""
    walls: dict[bool, list[float]] = {True: [], False: []}
    works: dict[bool, list[float]] = {True: [], False: []}
    for number in range(rounds + 50):
        for guarded in (True, False) if number % 2 else (False, True):
            began, worked = time.perf_counter(), time.process_time()
            await (with_it if guarded else without)()
            if number >= 50:
                walls[guarded].append((time.perf_counter() - began) * 1000)
                works[guarded].append((time.process_time() - worked) * 1000)
    found: dict[str, float] = {}
    for name, pick, times in (
        ("p50", statistics.median, walls),
        ("p10", quietest, walls),
        ("cpu_p50", statistics.median, works),
    ):
        with_ms, without_ms = pick(times[True]), pick(times[False])
        found[f"{name}_with_ms"] = round(with_ms, 3)
        found[f"{name}_without_ms"] = round(without_ms, 3)
        found[f"{name}_added_ms"] = round(with_ms - without_ms, 3)
    return found


def quietest(times: list[float]) -> float:
    """The tenth percentile: what is left when the machine does little else."""
    return statistics.quantiles(times, n=10)[0]


async def limits(urls: DatabaseUrls, folder: Path, rounds: int, items: int) -> dict[str, Any]:
    """The whole stack, with limits and without."""
    on = make_house(urls, folder / "on", limits={"enabled": True, **LIMITED})
    off = make_house(urls, folder / "on", limits={"enabled": False})
    found: dict[str, Any] = {}
    async with running_app(on) as limited, running_app(off) as free:
        person = await register(free)
        for number in range(items):
            body = {"kind": "generic", "title": f"Thing {number}"}
            await person.client.post("/api/v1/items", json=body)
        token = {"Authorization": f"Bearer {person.access_token}"}
        async with client_of(limited) as one, client_of(free) as two:
            for path in ("/api/v1/kinds", "/api/v1/items?limit=20"):
                found[f"GET {path}"] = await compare(
                    rounds // 3,
                    lambda path=path: one.get(path, headers=token),
                    lambda path=path: two.get(path, headers=token),
                )
        found["space"] = str(person.id)
    return found


async def row_security(urls: DatabaseUrls, space: str, rounds: int) -> dict[str, float]:
    """A page of items under the policies, and as who is not bound by them."""
    bound = Database(urls.app)
    free = create_async_engine(urls.admin)
    scope = Scope.of_space(UUID(space))

    async def guarded() -> None:
        async with bound.transaction(scope) as session:
            (await session.execute(PAGE, {"space": space})).all()

    async def plain() -> None:
        async with AsyncSession(free) as session, session.begin():
            (await session.execute(PAGE, {"space": space})).all()

    found = await compare(rounds, guarded, plain)
    await bound.close()
    await free.dispose()
    return found


async def audit(urls: DatabaseUrls, rounds: int) -> dict[str, Any]:
    """A small write with its entry, and without; and eight writers at once."""
    database = Database(urls.app, pool_size=8)

    def write(*, recorded: bool) -> Act:
        async def act() -> None:
            async with database.transaction(Scope()) as session:
                await session.execute(WRITE, {"key": new_id().bytes})
                if recorded:
                    entry = AuditEntry(action=Action.LOGIN, actor=new_id(), detail={"by": "bench"})
                    await record(session, entry)

        return act

    pair = await compare(rounds, write(recorded=True), write(recorded=False))
    rates = {}
    for name, act in (("recorded", write(recorded=True)), ("plain", write(recorded=False))):
        began = time.perf_counter()

        async def worker(act: Act = act) -> None:
            for _ in range(rounds // 8):
                await act()

        await asyncio.gather(*(worker() for _ in range(8)))
        rates[f"{name}_a_second_of_8_writers"] = round(
            rounds // 8 * 8 / (time.perf_counter() - began)
        )
    await database.close()
    return {**pair, **rates}


async def measure(urls: DatabaseUrls, folder: Path, rounds: int, items: int) -> dict[str, Any]:
    limited = await limits(urls, folder, rounds, items)
    space = limited.pop("space")
    secured = await row_security(urls, space, rounds)
    recorded = await audit(urls, rounds)
    read: dict[str, float] = {}
    for name in ("p50", "p10"):
        key = f"{name}_added_ms"
        read[name] = max(each[key] for each in limited.values()) + secured[key]
    return {
        "benchmark": "request_cost",
        "machine": {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "is": platform.platform()},
        "rounds": rounds,
        "rate_limits": limited,
        "row_level_security": secured,
        "audit_of_a_recorded_write": recorded,
        "added_to_a_read_ms": {name: round(value, 3) for name, value in read.items()},
        "added_to_a_recorded_write_ms": {
            name: round(value + recorded[f"{name}_added_ms"], 3) for name, value in read.items()
        },
        "aim_ms": 1.0,
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=1500)
    asked.add_argument("--items", type=int, default=300)
    given = asked.parse_args()
    configure_logging("error", "json")
    with (
        TemporaryDirectory(prefix="armarium-bench-") as folder,
        Cluster.own(Path(folder) / "data") as cluster,
    ):
        migrate_all(cluster.urls)
        work = measure(cluster.urls, Path(folder), given.rounds, given.items)
        print(json.dumps(asyncio.run(work), indent=2))


if __name__ == "__main__":
    main()
