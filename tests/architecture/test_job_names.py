"""Every background job has a name that a person reads; the class's own is for programs."""

import json
from pathlib import Path

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "web" / "src" / "lib" / "i18n" / "messages" / "en" / "jobs.json"


def test_every_job_has_a_name_for_people(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    urls = DatabaseUrls(admin=nowhere, migrator=nowhere, app=nowhere, worker=nowhere)
    handled = set(build(Settings(data=tmp_path), urls).get(Flows).handlers)
    named = set(json.loads(WORDS.read_text())["names"])
    assert not handled - named
