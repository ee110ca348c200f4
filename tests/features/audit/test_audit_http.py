"""Reading the audit log by its doors: administrators all of it, owners their space's part."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.kit.ids import new_id
from armarium.platform.audit import Action, AuditEntry, AuditLog
from armarium.platform.audit.keeping import KeepAudit
from armarium.platform.database import Database, Scope
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.platform.workflows.errors import Permanent
from tests.support.api import Person, client_of, make_house, register, running_app

LOG = "/api/v1/admin/audit"
CHANGE = "update audit_entry set actor = null where detail ->> 'n' = '1'"


@pytest.fixture
async def admin(app: FastAPI) -> Person:
    """The first account owns the server."""
    return await register(app)


async def write(house: House, **given: Any) -> None:
    entry = AuditEntry(**{"action": Action.LOGIN, "actor": new_id(), **given})
    await house.get(AuditLog).write(entry)


async def test_an_administrator_reads_filters_and_pages(
    app: FastAPI, admin: Person, house: House
) -> None:
    actor = new_id()
    for n in range(3):
        await write(house, action=Action.GRANTED, actor=actor, detail={"n": n}, ip="203.0.113.5")
    asked = {"action": "collection", "actor": str(actor), "limit": 2}
    first = await admin.client.get(LOG, params=asked)
    assert [entry["detail"]["n"] for entry in first.json()] == [2, 1]
    following = first.headers["link"].split(">")[0].removeprefix("<")
    second = await admin.client.get(following)
    assert [entry["detail"]["n"] for entry in second.json()] == [0]
    assert second.json()[0]["ip"] == "203.0.113.5"
    assert "link" not in second.headers
    assert (await admin.client.get(LOG, params={"q": "203.0.113"})).json() != []
    assert (await admin.client.get(LOG, params={"before": "2020-01-01T00:00:00Z"})).json() == []
    assert (await admin.client.get(LOG, params={"after": "yesterday"})).status_code == 422
    actions = (await admin.client.get(f"{LOG}/actions")).json()
    assert {"action": "auth.login", "meaning": "Somebody logged in."} in actions


async def test_others_do_not(app: FastAPI, admin: Person) -> None:
    ada = await register(app)
    for path in (LOG, f"{LOG}/export", f"{LOG}/actions"):
        answer = await ada.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_permission")
    words = (await admin.client.get(f"{LOG}/actions")).json()
    assert (await ada.client.get("/api/v1/audit/actions")).json() == words


async def test_the_owner_of_a_space_reads_its_part_without_where_members_sit(
    app: FastAPI, admin: Person, house: House
) -> None:
    ada = await register(app)
    await write(house, space_id=ada.id, actor=ada.id, ip="198.51.100.1")
    await write(house, space_id=ada.id, action=Action.MEMBER_ADDED, ip="198.51.100.2")
    await write(house, space_id=admin.id, action=Action.EXPORTED)
    await write(house, action=Action.CATALOGUE_REMOVED)
    for asked in ({}, {"space": str(admin.id)}):
        entries = (await ada.client.get("/api/v1/audit", params=asked)).json()
        mine = [entry for entry in entries if entry["detail"] == {}]
        assert {entry["space_id"] for entry in entries} == {str(ada.id)}
        assert [(e["action"], e["ip"]) for e in mine][:2] == [
            ("space.member_added", None),
            ("auth.login", "198.51.100.1"),
        ]


async def test_the_file_is_safe_in_a_spreadsheet_and_taking_it_is_recorded(
    app: FastAPI, admin: Person, house: House
) -> None:
    await write(house, agent="=cmd|' /C calc'!A0", detail={"n": 1})
    answer = await admin.client.get(f"{LOG}/export")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["agent"] for row in rows if row["detail"] == '{"n": 1}'] == ["'=cmd|' /C calc'!A0"]
    taken = await admin.client.get(f"{LOG}/export", params={"format": "jsonl"})
    entries = [json.loads(line) for line in taken.text.splitlines()]
    assert entries[0]["action"] == "audit.exported"
    assert entries[0]["actor"] == str(admin.id)
    assert (await house.get(AuditLog).verify()).is_whole


@pytest.mark.parametrize("form", ["csv", "jsonl"])
async def test_a_filter_that_cannot_be_read_is_refused_and_no_export_is_recorded(
    admin: Person, form: str
) -> None:
    answer = await admin.client.get(f"{LOG}/export", params={"format": form, "q": "\0"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unstorable_text")
    (latest, *_) = (await admin.client.get(LOG)).json()
    assert latest["action"] != "audit.exported"


def command(urls: DatabaseUrls, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(data),
        "ARMARIUM_DATA": str(data),
        "ARMARIUM_APP_DATABASE_URL": urls.app,
        "PYTHONPATH": ":".join(sys.path),
    }
    run = [sys.executable, "-m", "armarium.entry.cli", "audit", *arguments]
    return subprocess.run(run, env=env, capture_output=True, text=True, check=False, timeout=60)


async def test_the_command_verifies_and_names_the_first_broken_entry(
    house: House, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    for n in range(3):
        await write(house, detail={"n": n})
    ended = command(database_urls, tmp_path, "verify", "--json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert (found["whole"], found["entries"]) == (True, 3)
    listed = command(database_urls, tmp_path, "list", "--action", "auth.login", "--json")
    assert [entry["detail"]["n"] for entry in json.loads(listed.stdout)] == [2, 1, 0]
    owner = Database(database_urls.admin)
    async with owner.transaction(Scope()) as session:
        await session.execute(text("alter table audit_entry disable trigger user"))
        await session.execute(text(CHANGE))
    await owner.close()
    ended = command(database_urls, tmp_path, "verify", "--head", found["head"])
    assert ended.returncode == 1
    assert "the entry was changed" in ended.stdout
    assert "broken_position  2" in ended.stdout
    await house.database.close()


class Steps:
    """A flow that runs each step once."""

    async def step(self, _name: str, run: Any, *args: Any) -> Any:
        return await run(*args)


async def test_the_nightly_care_purges_and_finds_what_is_broken(
    database_urls: DatabaseUrls, tmp_path: Path, time_machine: Any
) -> None:
    house = make_house(database_urls, tmp_path, audit_retention_days=30)
    keep = house.get(Flows).handlers[KeepAudit.__name__].run
    async with running_app(house) as app, client_of(app):
        time_machine.move_to("2026-01-01T00:00:00Z")
        await write(house)
        time_machine.move_to("2026-03-01T00:00:00Z")
        await write(house)
        await keep(Steps(), KeepAudit())
        assert (await house.get(AuditLog).verify()).entries == 2
        owner = Database(database_urls.admin)
        async with owner.transaction(Scope()) as session:
            await session.execute(text("alter table audit_entry disable trigger user"))
            await session.execute(text("delete from audit_entry where action = 'auth.login'"))
        await owner.close()
        with pytest.raises(Permanent, match="broken"):
            await keep(Steps(), KeepAudit())
