"""Catalogues small enough to import in each test, through the wired house."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from armarium.entry.wiring import House
from armarium.features.catalogue import CatalogueImporter, ImportOptions, ImportReport
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows import Flows
from tests.support.catalogues import CARDS, write_lines, write_shelf
from tests.support.workflows import RunningWorker, running_worker

Import = Callable[..., Awaitable[ImportReport]]


@pytest.fixture
async def bring(house: House) -> AsyncIterator[Import]:
    """`await bring(path, "csv")`: import a file as the command line does."""

    async def run(path: Path, file_format: Any, **options: Any) -> ImportReport:
        return await house.get(CatalogueImporter).run(ImportOptions(path, file_format, **options))

    yield run
    await house.database.close()


@pytest.fixture
async def cards(bring: Import, tmp_path: Path) -> ImportReport:
    """Six cards as the catalogue `tcgdex`."""
    return await bring(write_lines(tmp_path / "cards.jsonl", CARDS), "tcgdex")


@pytest.fixture
async def shelf(bring: Import, tmp_path: Path) -> ImportReport:
    """Five books as the catalogue `shelf`."""
    return await bring(write_shelf(tmp_path / "shelf.csv"), "csv")


@pytest.fixture
async def worker(house: House, database_urls: DatabaseUrls) -> AsyncIterator[RunningWorker]:
    """A worker with the house's handlers."""
    async with running_worker(database_urls, house.get(Flows), house.database) as running:
        yield running
