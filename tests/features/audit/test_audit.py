"""The audit log: written with the act, never changed afterwards, and telling when it was."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit import (
    Action,
    AuditEntry,
    AuditFilter,
    AuditLog,
    Break,
    Origin,
    acting_from,
    record,
    verify,
)
from armarium.platform.database import Database, Scope, Session
from armarium.platform.paging import PageParams
from armarium.platform.postgres.urls import DatabaseUrls

ALL = AuditFilter()
FIRST = PageParams()


@pytest.fixture
def log(database: Database) -> AuditLog:
    return AuditLog(database=database)


@pytest.fixture
async def owner(database_urls: DatabaseUrls) -> AsyncGenerator[Database]:
    owner = Database(database_urls.admin, pool_size=1)
    yield owner
    await owner.close()


async def write(database: Database, **given: Any) -> None:
    async with database.transaction(Scope()) as session:
        await record(session, AuditEntry(**{"action": Action.LOGIN, "actor": new_id(), **given}))


async def test_an_entry_says_who_what_and_from_where(database: Database, log: AuditLog) -> None:
    actor, space, target = new_id(), new_id(), new_id()
    with acting_from(Origin(ip="203.0.113.7", agent="curl/8")):
        await write(
            database,
            action="space.member_changed",
            actor=actor,
            space_id=space,
            target_type="member",
            target_id=target,
            detail={"role": ["viewer", "editor"], "password": "hunter2", "share": 0.5},
        )
    (entry,) = (await log.page(ALL, FIRST)).rows
    assert (entry.action, entry.actor, entry.space_id) == ("space.member_changed", actor, space)
    assert (entry.target_type, entry.target_id) == ("member", str(target))
    assert (entry.ip, entry.agent, entry.position) == ("203.0.113.7", "curl/8", 1)
    assert entry.detail == {"role": ["viewer", "editor"], "password": "[redacted]", "share": "0.5"}
    assert (await log.verify()).is_whole


async def test_an_unknown_action_is_a_mistake_of_the_program(database: Database) -> None:
    with pytest.raises(ValueError, match="is not a valid Action"):
        await write(database, action="auth.sneezed")


async def test_what_is_rolled_back_leaves_no_entry(database: Database, log: AuditLog) -> None:
    async def fail() -> None:
        async with database.transaction(Scope()) as session:
            await record(session, AuditEntry(action=Action.LOGIN, actor=None))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert (await log.page(ALL, FIRST)).rows == []
    await write(database)
    verdict = await log.verify()
    assert (verdict.entries, verdict.head_position) == (1, 1)


async def test_entries_at_once_make_one_chain(database: Database, log: AuditLog) -> None:
    await asyncio.gather(*(write(database, detail={"n": n}) for n in range(60)))
    verdict = await log.verify()
    assert (verdict.is_whole, verdict.entries, verdict.head_position) == (True, 60, 60)


async def test_a_space_sees_its_own_entries_only(database: Database, log: AuditLog) -> None:
    mine, theirs = new_id(), new_id()
    for space in (mine, theirs, None):
        await write(database, space_id=space)
    assert [row.space_id for row in (await log.page(ALL, FIRST, of_space=mine)).rows] == [mine]
    asked = AuditFilter(space_id=theirs)
    assert [row.space_id for row in (await log.page(asked, FIRST, of_space=mine)).rows] == [mine]
    # Without the reader's setting nothing shows, whatever the scope.
    async with database.transaction(Scope(spaces=(mine, theirs))) as session:
        assert (await session.execute(text("select count(*) from audit_entry"))).scalar() == 0


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FILTERS = [
    (AuditFilter(action="auth"), {1, 2}),
    (AuditFilter(action="auth.logout"), {2}),
    (AuditFilter(action="aut"), set()),
    (AuditFilter(text="100%"), {3}),
    (AuditFilter(text="198.51"), {2}),
    (AuditFilter(target_id="abc"), {1}),
    (AuditFilter(before=LONG_AGO), set()),
    (AuditFilter(after=LONG_AGO), {1, 2, 3}),
]


async def test_filters(database: Database, log: AuditLog) -> None:
    await write(database, target_id="abc", detail={"n": 1})
    await write(database, action=Action.LOGOUT, ip="198.51.100.4", detail={"n": 2})
    await write(database, action=Action.EXPORTED, detail={"n": 3, "said": "100%"})
    for wanted, found in FILTERS:
        assert {row.detail["n"] for row in (await log.page(wanted, FIRST)).rows} == found, wanted


async def test_pages_follow_each_other(database: Database, log: AuditLog) -> None:
    for n in range(5):
        await write(database, detail={"n": n})
    seen: list[int] = []
    cursor = None
    while True:
        page = await log.page(ALL, PageParams(limit=2, cursor=cursor))
        seen += [row.detail["n"] for row in page.rows]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [4, 3, 2, 1, 0]


async def test_the_application_cannot_change_it(database: Database, log: AuditLog) -> None:
    await write(database)

    async def tamper(statement: str) -> None:
        async with database.transaction(Scope()) as session:
            await session.execute(text("select set_config('arm.audit', 'all', true)"))
            await session.execute(text("select set_config('arm.audit_purge', 'on', true)"))
            await session.execute(text(statement))

    for statement in (
        "update audit_entry set action = 'auth.logout'",
        "delete from audit_entry",
        "truncate audit_entry cascade",
        "delete from audit_chain",
        "insert into audit_chain values (99, gen_random_uuid(), 'x')",
        "update audit_anchor set hash = 'x'",
    ):
        with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
            await tamper(statement)
    assert (await log.verify()).is_whole


@asynccontextmanager
async def guards_off(owner: Database) -> AsyncGenerator[Session]:
    """A transaction of someone with the administrator's password; rolled back at the end."""
    async with owner.transaction(Scope()) as session:
        for table in ("audit_entry", "audit_chain"):
            await session.execute(text(f"alter table {table} disable trigger user"))
        yield session
        await session.rollback()


THIRD = "id = (select entry_id from audit_chain where position = 3)"
COPY = """
insert into audit_entry select gen_random_uuid(), at, action, actor, subject_space, target_type,
  target_id, detail, impersonator, ip, agent, request_id, digest from audit_entry limit 1
"""
TAMPERING = [
    ("update audit_entry set actor = null where {third}", 3, "changed"),
    ("update audit_entry set at = at + interval '1 us' where {third}", 3, "changed"),
    ("""update audit_entry set detail = '{{"n": 9}}' where {third}""", 3, "changed"),
    ("delete from audit_entry where {third}", 3, "removed"),
    ("delete from audit_chain where position = 3", 4, "1 entries before"),
    ("update audit_chain set hash = sha256('x') where position = 2", 2, "does not follow"),
    (COPY, None, "outside the chain"),
]


async def test_tampering_is_found_and_named(database: Database, owner: Database) -> None:
    for n in range(5):
        await write(database, detail={"n": n})
    for statement, position, reason in TAMPERING:
        async with guards_off(owner) as session:
            await session.execute(text(statement.format(third=THIRD)))
            broken = (await verify(session)).broken
        assert broken is not None, statement
        assert broken.position == position, statement
        assert reason in broken.reason


async def test_a_cut_end_is_found_by_a_head_that_was_noted(
    database: Database, owner: Database, log: AuditLog
) -> None:
    for n in range(1, 5):
        await write(database, detail={"n": n})
    before = await log.verify()
    noted = (before.head_position, bytes.fromhex(before.head))
    async with guards_off(owner) as session:
        await session.execute(text("delete from audit_entry where detail ->> 'n' = '4'"))
        await session.execute(text("delete from audit_chain where position = 4"))
        assert (await verify(session)).is_whole
        found = await verify(session, expected=noted)
        assert found.broken == Break(4, None, "entries at the end are missing")
        await session.execute(text("alter table audit_entry enable trigger user"))
        await record(session, AuditEntry(action=Action.LOGIN, actor=None))
        await session.execute(text("set constraints all immediate"))
        found = await verify(session, expected=noted)
        assert found.broken is not None
        assert found.broken.reason == "the noted head differs"


async def test_the_retention_cuts_the_oldest_and_the_rest_stays_provable(
    database: Database, log: AuditLog, time_machine: Any
) -> None:
    time_machine.move_to(datetime.now(UTC) - timedelta(days=400))
    for n in range(3):
        await write(database, detail={"n": n})
    time_machine.move_to(datetime.now(UTC) + timedelta(days=400))
    for n in range(3, 5):
        await write(database, detail={"n": n})
    assert await log.purge(now() - timedelta(days=365)) == 3
    assert await log.purge(now() - timedelta(days=365)) == 0
    verdict = await log.verify()
    assert verdict.is_whole
    assert (verdict.entries, verdict.head_position) == (3, 6)
    rows = (await log.page(ALL, FIRST)).rows
    assert [row.action for row in rows] == ["audit.purged", "auth.login", "auth.login"]
    assert rows[0].detail["removed"] == 3


async def test_the_last_days_cannot_be_removed(database: Database, log: AuditLog) -> None:
    await write(database)
    with pytest.raises(DBAPIError, match="at least seven days"):
        await log.purge(now())
    assert (await log.verify()).entries == 1


async def test_hostile_details_are_kept_small_and_provable(
    database: Database, log: AuditLog
) -> None:
    deep: Any = "end"
    for _ in range(30):
        deep = {"more": [deep]}
    await write(
        database,
        agent="x" * 10_000,
        detail={"nul": "a\0b", "half": "\ud800", "deep": deep, "many": list(range(1000))},
    )
    (entry,) = (await log.page(ALL, FIRST)).rows
    assert len(json.dumps(entry.detail)) < 3000
    assert len(entry.agent or "") == 300
    assert (await log.verify()).is_whole
