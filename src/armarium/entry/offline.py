"""A house that is never started: for documents made from the code alone."""

from pathlib import Path

from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.platform.postgres.urls import DatabaseUrls

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


def offline_house() -> House:
    """Wired as always, with default settings; nothing in it may be called."""
    settings = Settings.model_construct(data=Path("/nonexistent"))
    return build(settings, DatabaseUrls(NOWHERE, NOWHERE, NOWHERE, NOWHERE))
