"""`armarium jobs` and `armarium dead-letters`, on this machine's database."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from armarium.entry import cli
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from armarium.platform.workflows.maintenance import CleanUpJobs, RedriveJob
from tests.support.workflows import running_worker

Outcome = tuple[int, str, str]


@pytest.fixture
def run(
    database_urls: DatabaseUrls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Outcome]:
    """The command's exit code, output and messages."""
    for role in ("app", "migrator", "worker"):
        url = getattr(database_urls, role)
        monkeypatch.setenv(f"ARMARIUM_{role.upper()}_DATABASE_URL", url)
    monkeypatch.setenv("ARMARIUM_DATA", str(tmp_path / "data"))

    def command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["armarium", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def dead_letter(database_urls: DatabaseUrls, tmp_path: Path) -> str:
    """A redrive of a job that there is not fails for good; a clean-up beside it is done."""

    async def fail(house: House) -> str:
        async with running_worker(house.urls, house.get(Flows), house.database) as worker:
            await worker.run(CleanUpJobs())
            job = await worker.run(RedriveJob(job_id="nowhere"))
        await house.database.close()
        return job.id

    return asyncio.run(fail(build(Settings(data=tmp_path / "data"), database_urls)))


def test_jobs_are_listed(run: Callable[..., Outcome], dead_letter: str) -> None:
    code, out, _ = run("jobs", "list", "--json")
    assert code == 0
    assert [(job["name"], job["status"]) for job in json.loads(out)] == [
        ("RedriveJob", "failed"),
        ("CleanUpJobs", "done"),
    ]
    failed = json.loads(run("jobs", "list", "--status", "FAILED", "--json")[1])
    assert [job["id"] for job in failed] == [dead_letter]
    assert "there is no job nowhere" in failed[0]["error"]
    assert json.loads(run("jobs", "list", "--queue", "scans", "--json")[1]) == []
    code, _, err = run("jobs", "list", "--status", "lost")
    assert code == 2
    assert "queued" in err


def test_dead_letters_are_listed_and_sent_round_again(
    run: Callable[..., Outcome], dead_letter: str
) -> None:
    listed = json.loads(run("dead-letters", "list", "--json")[1])
    assert [job["id"] for job in listed] == [dead_letter]
    assert dead_letter[:4] in run("dead-letters", "list")[1]
    code, out, _ = run("dead-letters", "redrive", dead_letter, "--json")
    assert (code, json.loads(out)) == (0, {"redriven": 1})
    code, out, _ = run("dead-letters", "redrive", "--all", "--name", "RedriveJob", "--json")
    assert (code, json.loads(out)) == (0, {"redriven": 1})
    queued = json.loads(run("jobs", "list", "--status", "queued", "--json")[1])
    assert [job["name"] for job in queued] == ["RedriveJob"]  # asked for twice, sent once
    code, _, err = run("dead-letters", "redrive", "nowhere")
    assert (code, "not_found" in err) == (1, True)
    assert run("dead-letters", "redrive")[0] == 2
