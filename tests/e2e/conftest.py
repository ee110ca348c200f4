from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from armarium.entry.wiring import House, build
from tests.features.recognition.conftest import import_cards
from tests.support.api import cheap
from tests.support.browser import Visitor, browsing
from tests.support.eyes import Eyes, Thing
from tests.support.live import Working, live_server, working_house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """A house of the test's own on a free port."""
    with live_server(house) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """`visitor(viewport=PHONE)`: a browser window of its own, closed and asked for complaints."""
    open_windows: list[Visitor] = []

    def arrive(**options: Any) -> Visitor:
        open_windows.append(Visitor(browser, address, **options))
        return open_windows[-1]

    yield arrive
    for window in open_windows:
        window.leave()


@dataclass
class Studio:
    """A house that works off its jobs, with scripted eyes and a catalogue of six cards."""

    working: Working
    house: House
    eyes: Eyes
    folder: Path

    def photo(self, name: str, *things: Thing | str) -> Path:
        """A file whose picture shows these things."""
        file = self.folder / name
        file.write_bytes(self.eyes.show(*things))
        return file

    def scan(self, page: Page, *photos: Path) -> None:
        """Choose the photos on the scan page and wait until all are looked at."""
        page.goto("/scan")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Choose photos").click()
        chooser.value.set_files(photos)
        found = page.get_by_role("link", name="found")
        expect(found).to_have_count(len(photos), timeout=30_000)


@pytest.fixture
def studio(settings: Any, database_urls: Any, tmp_path: Path) -> Iterator[Studio]:
    eyes = Eyes()
    house = cheap(build(settings, database_urls, vision=eyes, reader=eyes))
    with working_house(house) as working:
        working.run(import_cards(house, tmp_path))
        yield Studio(working, house, eyes, tmp_path)


@pytest.fixture
def guest(browser: Browser, studio: Studio) -> Iterator[Visitor]:
    """The owner of the studio, signed up, at a desk."""
    window = Visitor(browser, studio.working.address)
    window.sign_up()
    yield window
    window.leave()
