"""Health, jobs and dead letters at the HTTP door."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from httpx2 import AsyncClient

from armarium.entry.probes import inference_probe
from armarium.entry.wiring import House
from armarium.features.operations import Check, HealthService
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from armarium.platform.errors import Problem
from armarium.platform.events import Events
from armarium.platform.observability import this_build
from armarium.platform.workflows import Flow, Flows, Permanent
from tests.support.workflows import RunningWorker, running_worker

SignIn = Callable[..., Awaitable[AsyncClient]]


@dataclass(frozen=True, slots=True)
class Sort:
    space_id: UUID
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The instance's own job."""


class Unlucky(Problem):
    """The box fell down."""

    code = "box_fell"


@pytest.fixture
def lucky() -> set[str]:
    """Notes that fail no more."""
    return set()


@pytest.fixture
async def worker(house: House, lucky: set[str]) -> AsyncIterator[RunningWorker]:
    flows = house.get(Flows)

    async def first() -> None: ...

    async def second(note: str) -> None:
        if note.startswith("bad") and note not in lucky:
            raise Unlucky

    async def sort(flow: Flow, command: Sort) -> None:
        await flow.progress(0, 2, "sorting")
        await flow.step("first", first)
        await flow.step("second", second, command.note)
        await flow.progress(2, 2, "sorted")

    async def sweep(_flow: Flow, _command: Sweep) -> None:
        raise Permanent("no broom")

    flows.handle(Sort, queue="sorting", run=sort)
    flows.handle(Sweep, queue="sorting", run=sweep)
    events = house.get(Events)
    async with running_worker(house.urls, flows, house.database, events=events) as running:
        yield running


async def space_of(person: AsyncClient) -> UUID:
    return UUID((await person.get("/api/v1/me")).json()["space_id"])


async def run(worker: RunningWorker, person: AsyncClient, note: str = "") -> str:
    space = await space_of(person)
    return (await worker.run(Sort(space, note), Scope.of_space(space))).id


async def test_alive_answers_anyone(client: AsyncClient) -> None:
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_version_answers_anyone(client: AsyncClient) -> None:
    answer = (await client.get("/api/v1/health/version")).json()
    assert answer["version"].endswith(answer["commit"] or answer["release"])
    assert datetime.fromisoformat(answer["started_at"]).utcoffset() == timedelta()


async def test_deep_health_shows_each_part(sign_in: SignIn, worker: RunningWorker) -> None:
    person = await sign_in()
    answer = await person.get("/api/v1/health/deep")
    assert answer.status_code == 200, answer.text
    report = answer.json()
    assert report["status"] == "healthy"
    assert re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d\.\d{6}\+00:00", report["timestamp"])
    assert report["environment"] == "dev"
    assert report["total_latency_ms"] > 0
    checks = report["checks"]
    assert set(checks) == {"database", "blobs", "auth", "workflows", "inference"}
    assert all(check["status"] == "healthy" for check in checks.values())
    assert all(check["latency_ms"] >= 0 for check in checks.values())
    assert checks["database"]["item_count"] == 0
    assert (checks["blobs"]["bucket"], checks["blobs"]["has_objects"]) == ("local", False)
    assert checks["workflows"]["workers"] == 1


async def test_models_that_nobody_serves_degrade_the_health(tmp_path: Path) -> None:
    facts = await inference_probe(tmp_path / "missing.sock")(Scope())
    assert facts["status"] == "degraded"


async def test_deep_health_needs_a_login_and_says_when_nobody_works(
    client: AsyncClient, sign_in: SignIn
) -> None:
    assert (await client.get("/api/v1/health/deep")).status_code == 401
    report = (await (await sign_in()).get("/api/v1/health/deep")).json()
    assert (report["status"], report["checks"]["workflows"]["workers"]) == ("degraded", 0)


async def test_deep_health_is_503_when_an_essential_part_is_down(
    house: House, sign_in: SignIn
) -> None:
    async def down(_scope: Scope) -> dict[str, object]:
        raise ConnectionError("postgres://someone:secret@host refused")

    health = house.get(HealthService)
    health.__init__(
        checks=[Check("database", down, is_essential=True)],
        build=replace(this_build(), commit=None),
        environment="dev",
    )
    answer = await (await sign_in()).get("/api/v1/health/deep")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["error"] == "ConnectionError"
    assert "secret" not in answer.text
    assert answer.json()["version"] == this_build().release


async def test_a_person_sees_their_jobs_with_steps_and_nobody_elses(
    sign_in: SignIn, worker: RunningWorker
) -> None:
    owner, one, other = await sign_in(), await sign_in(), await sign_in()
    job = await run(worker, one)
    listed = (await one.get("/api/v1/jobs")).json()
    assert [row["id"] for row in listed] == [job]
    assert listed[0]["status"] == "done"
    assert listed[0]["progress"] == {"done": 2, "total": 2, "note": "sorted"}
    detail = (await one.get(f"/api/v1/jobs/{job}")).json()
    assert [step["name"] for step in detail["steps"]] == ["first", "second"]
    assert (await other.get("/api/v1/jobs")).json() == []
    assert (await other.get(f"/api/v1/jobs/{job}")).status_code == 404
    assert [row["id"] for row in (await owner.get("/api/v1/jobs?queue=sorting")).json()] == [job]


async def test_jobs_are_filtered_and_paged(sign_in: SignIn, worker: RunningWorker) -> None:
    await sign_in()
    person = await sign_in()
    jobs = [await run(worker, person, note) for note in ("", "bad", "")]
    first = await person.get("/api/v1/jobs?limit=2")
    assert [row["id"] for row in first.json()] == jobs[:0:-1]
    following = re.match(r'<(.+)>; rel="next"', first.headers["link"])
    assert following
    rest = await person.get(following[1])
    assert [row["id"] for row in rest.json()] == jobs[:1]
    assert "link" not in rest.headers
    failed = (await person.get("/api/v1/jobs?status=FAILED")).json()
    assert [row["id"] for row in failed] == [jobs[1]]
    assert (await person.get("/api/v1/jobs?cursor=nonsense")).json()["code"] == "bad_cursor"


async def test_a_dead_letter_is_shown_grouped_and_sent_round_again(
    sign_in: SignIn, worker: RunningWorker, lucky: set[str]
) -> None:
    await sign_in()
    person, other = await sign_in(), await sign_in()
    job = await run(worker, person, "bad")
    letters = (await person.get("/api/v1/dead-letters")).json()
    assert [letter["id"] for letter in letters] == [job]
    assert letters[0]["error"] == {"code": "box_fell", "message": "The box fell down."}
    groups = (await person.get("/api/v1/dead-letters/groups")).json()
    assert [(g["name"], g["code"], g["count"], g["sample_id"]) for g in groups] == [
        ("Sort", "box_fell", 1, job)
    ]

    assert (await other.post(f"/api/v1/dead-letters/{job}/redrive")).status_code == 404
    lucky.add("bad")
    assert (await person.post(f"/api/v1/dead-letters/{job}/redrive")).status_code == 202
    await worker.idle()
    assert (await person.get(f"/api/v1/jobs/{job}")).json()["status"] == "done"
    assert (await person.get("/api/v1/dead-letters")).json() == []
    again = await person.post(f"/api/v1/dead-letters/{job}/redrive")
    assert (again.status_code, again.json()["code"]) == (409, "not_a_dead_letter")


async def test_all_dead_letters_go_round_again_and_one_can_be_dismissed(
    sign_in: SignIn, worker: RunningWorker, lucky: set[str]
) -> None:
    owner, person = await sign_in(), await sign_in()
    jobs = [await run(worker, person, note) for note in ("bad1", "bad2")]
    swept = await worker.run(Sweep())
    assert (await person.delete(f"/api/v1/dead-letters/{swept.id}")).status_code == 404
    assert (await owner.delete(f"/api/v1/dead-letters/{swept.id}")).status_code == 204
    assert (await owner.delete(f"/api/v1/dead-letters/{jobs[0]}")).status_code == 204
    lucky.update({"bad1", "bad2"})
    answer = await owner.post("/api/v1/dead-letters/redrive?name=Sort")
    assert (answer.status_code, answer.json()) == (202, {"redriven": 1})
    await worker.idle()
    detail = (await person.get(f"/api/v1/jobs/{jobs[1]}")).json()
    assert detail["status"] == "done"
    assert (await person.delete(f"/api/v1/dead-letters/{jobs[1]}")).status_code == 409


async def test_ids_of_nowhere_are_not_found(sign_in: SignIn) -> None:
    person = await sign_in()
    for path in (f"/api/v1/jobs/{new_id()}", "/api/v1/event-schemas/Nothing.v1.json"):
        assert (await person.get(path)).status_code == 404
    assert (await person.post(f"/api/v1/dead-letters/{new_id()}/redrive")).status_code == 404


async def test_event_schemas_are_published(client: AsyncClient) -> None:
    listed = (await client.get("/api/v1/event-schemas")).json()
    hrefs = {row["name"]: row["href"] for row in listed}
    schema = (await client.get(hrefs["ImageProcessed.v1.json"])).json()
    assert set(schema["properties"]) == {
        "media_id", "item_id", "user_id", "bucket", "original_key", "thumbnail_key"
    }  # fmt: skip
    assert schema["x-cloudevents"]["source"] == "collections.imageprocessor"
