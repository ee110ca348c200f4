"""What row-level security adds to a request: the same reads with the policies and without.

    python bench/tenancy.py [--items 100000] [--rounds 60]

One space of that many items beside another as large, with named collections, a private room of 200
items and a guest of two collections (200 and 10,000 items). The services are asked as the role
arm_app, which the policies bind, and as a superuser, whom they don't; the statements are the same
and name the space themselves, so both give the same rows to a member who sees all. Rounds take
turns, so that a busy machine slows both. Times are milliseconds of wall time as the service's
caller sees them. `whole` is a member from whom nothing is hidden, `hidden` one of whose space a
room is hidden. `server_ms` is what PostgreSQL itself says that planning and running the statements
took (the median of the sums), which feels a busy machine least.
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
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import psycopg
from sqlalchemy import text

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.features.collection import ItemFilter, ItemReader
from armarium.kit.ids import new_id
from armarium.platform.database import Database, Scope
from armarium.platform.http import Principal
from armarium.platform.observability import configure_logging
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.features.collection.test_item_plans import FILL, VALUES, statements
from tests.support.postgres import Server, embedded_server, external_admin_url

PAGE = PageParams(50)
SMALL, LARGE, HIDDEN = 200, 10_000, 200
WARM = 5
Ask = Callable[[House, Principal], Awaitable[int]]

OWNED = ("items", "item_values", "item_tags", "item_identifiers", "item_history")
BELONGS = """
insert into item_tags (space_id, item_id, key, name, position)
  select space_id, id, 'tag ' || n, 'Tag', n from items, generate_series(1, 2) n
  where space_id = %(space)s;
insert into item_identifiers (space_id, item_id, scheme, value, derived, position)
  select space_id, id, 'scheme', title_key, true, 0 from items where space_id = %(space)s;
"""
COLLECTIONS = """
insert into spaces_space (id, kind, version, created_at) values (%(space)s, 'shop', 1, now());
insert into spaces_collection (space_id, id, name, description, visibility, position, version,
  created_at, updated_at)
  select %(space)s, id, 'c', '', v, 0, 1, now(), now()
  from (values (%(small)s::uuid, 'space'), (%(large)s::uuid, 'space'), (%(room)s::uuid, 'private'))
    t(id, v);
insert into collection_items (space_id, collection_id, item_id, added_at)
  select %(space)s, %(small)s, id, now() from items where space_id = %(space)s
  order by md5(id::text) limit %(few)s;
insert into collection_items (space_id, collection_id, item_id, added_at)
  select %(space)s, %(large)s, id, now() from items where space_id = %(space)s
  order by md5(id::text) limit %(many)s;
update items set room_id = %(room)s where space_id = %(space)s and id in (
  select id from items where space_id = %(space)s order by md5(id::text) desc limit %(hidden)s);
insert into collection_items (space_id, collection_id, item_id, added_at)
  select space_id, room_id, id, now() from items where room_id = %(room)s;
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One read, as several callers."""

    name: str
    ask: Ask


def listed(chosen: ItemFilter, sort: Any = "-created_at") -> Ask:
    async def ask(house: House, caller: Principal) -> int:
        page = await house.get(ItemReader).page(caller, chosen, sort, PAGE)
        return len(page.rows)

    return ask


async def stats(house: House, caller: Principal) -> int:
    # Without its cache, which only members who see all use.
    return (await house.get(ItemReader).stats(replace(caller, sees_all=False))).total


async def nothing(house: House, caller: Principal) -> int:
    async with house.database.transaction(caller.scope) as session:
        return (await session.execute(text("select 1"))).scalar_one()


CASES = (
    Case("empty transaction", nothing),
    Case("newest 50, whole items", listed(ItemFilter())),
    Case("by title", listed(ItemFilter(), "title")),
    Case("a kind", listed(ItemFilter(kinds=("book",)))),
    Case("a tag", listed(ItemFilter(tags=("tag 1",)))),
    Case("a creator", listed(ItemFilter(creator="creator 55"))),
    Case("counts of all", stats),
)


async def fill(urls: DatabaseUrls, count: int) -> dict[str, UUID]:
    ids = {name: new_id() for name in ("space", "other", "small", "large", "room")}
    database = Database(urls.app)
    for space in (ids["space"], ids["other"]):
        async with database.transaction(Scope.of_space(space)) as session:
            await session.execute(text(FILL), {"space": space, "count": count})
            await session.execute(text(VALUES), {"space": space})
    await database.close()
    with psycopg.connect(libpq(urls.admin), autocommit=True) as admin:
        sizes = {"few": SMALL, "many": min(LARGE, count // 2), "hidden": HIDDEN}
        for script in (BELONGS, COLLECTIONS):
            for statement in filter(str.strip, script.split(";")):
                admin.execute(statement.encode(), {**ids, **sizes})
        for table in (*OWNED, "collection_items", "spaces_collection"):
            admin.execute(f"vacuum analyze {table}".encode())
    return ids


def callers(ids: dict[str, UUID]) -> dict[str, Principal]:
    member = Principal(
        user_id=new_id(),
        email="ada@example.org",
        space_id=ids["space"],
        spaces=(ids["space"], ids["room"]),
        sees_all=True,
    )
    guest = replace(member, spaces=(), sees_all=False, writable=(), sees_money=False)
    return {
        "whole": member,
        "hidden": replace(member, spaces=(ids["space"],), sees_all=False),
        "guest of 200": replace(guest, collections=(ids["small"],)),
        "guest of 10,000": replace(guest, collections=(ids["large"],)),
    }


async def timed(case: Case, house: House, caller: Principal) -> tuple[float, int]:
    started = time.perf_counter()
    found = await case.ask(house, caller)
    return (time.perf_counter() - started) * 1000, found


async def on_server(case: Case, house: House, caller: Principal, rounds: int) -> float:
    """Planning and running of the case's statements, by the server's own clock."""
    with statements(house.database) as seen:
        await case.ask(house, caller)
    asked = [each for each in seen if "set_config" not in each[0]]
    sums: list[float] = []
    for _ in range(rounds):
        async with house.database.transaction(caller.scope) as session:
            connection = await session.connection()
            total = 0.0
            for statement, parameters in asked:
                found = await connection.exec_driver_sql(
                    f"explain (analyze, timing off, format json) {statement}", parameters
                )
                plan = found.scalar_one()
                said = (json.loads(plan) if isinstance(plan, str) else plan)[0]
                total += said["Planning Time"] + said["Execution Time"]
            sums.append(total)
    return round(statistics.median(sums), 2)


async def compare(
    case: Case, bound: House, free: House, people: dict[str, Principal], rounds: int
) -> dict[str, Any]:
    """With the policies, as each caller; without them, as the member who sees all."""
    runs: dict[str, list[float]] = {name: [] for name in (*people, "without policies")}
    rows: dict[str, int] = {}
    sides = {name: (bound, caller) for name, caller in people.items()}
    sides["without policies"] = (free, people["whole"])
    for at in range(rounds + WARM):
        for name, (house, caller) in sides.items():
            took, rows[name] = await timed(case, house, caller)
            if at >= WARM:
                runs[name].append(took)
    served = {
        name: await on_server(case, house, caller, max(5, rounds // 3))
        for name, (house, caller) in sides.items()
    }
    base = statistics.median(runs["without policies"])
    return {
        name: {
            "p50_ms": round(statistics.median(took), 2),
            "p95_ms": round(quantile(took, 0.95), 2),
            "server_ms": served[name],
            "rows": rows[name],
            **(
                {}
                if name == "without policies"
                else {
                    "p50_ratio": round(statistics.median(took) / base, 2),
                    "adds_p50_ms": round(statistics.median(took) - base, 2),
                    "server_adds_ms": round(served[name] - served["without policies"], 2),
                }
            ),
        }
        for name, took in runs.items()
    }


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def measure(urls: DatabaseUrls, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    ids = await fill(urls, options.items)
    settings = Settings(data=folder, log_level="error")
    bound, free = build(settings, urls), build(settings, replace(urls, app=urls.admin))
    report: dict[str, Any] = {"filled_s": round(time.perf_counter() - started, 1)}
    try:
        report["cases"] = {
            case.name: await compare(case, bound, free, callers(ids), options.rounds)
            for case in CASES
        }
    finally:
        for house in (bound, free):
            await house.database.close()
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    configure_logging(level="error")
    report: dict[str, Any] = {
        "benchmark": "tenancy",
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "cores": os.cpu_count(),
            "load_at_start": [round(load, 1) for load in os.getloadavg()],
        },
        "items_in_each_of_two_spaces": options.items,
        "rounds": options.rounds,
    }
    with ExitStack() as stack:
        url = external_admin_url()
        server = Server(url) if url else stack.enter_context(embedded_server())
        urls = stack.enter_context(server.database())
        folder = Path(stack.enter_context(TemporaryDirectory()))
        report |= asyncio.run(measure(urls, folder, options))
    report["machine"]["load_at_end"] = [round(load, 1) for load in os.getloadavg()]
    json.dump(report, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
