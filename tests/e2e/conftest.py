from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from armarium.entry.wiring import House
from tests.support.browser import Visitor, browsing
from tests.support.live import live_server


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
