"""A phone at home: the app at a name of the house's own network, over plain HTTP.

There browsers leave out what they give to https and localhost alone: random ids, locks between
tabs, their own camera, the clipboard, the worker for offline use.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Studio
from tests.support.browser import EMAIL, PASSWORD, PHONE, Visitor, browsing

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "armarium.home"
IGNORED = "Cross-Origin-Opener-Policy header has been ignored"
"""Chromium's word on a header that it heeds at secure addresses alone."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One that finds the server by a name which is not this computer's."""
    with browsing(f"--host-resolver-rules=MAP {NAME} 127.0.0.1") as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, studio: Studio) -> Iterator[Visitor]:
    port = urlsplit(studio.working.address).port
    window = Visitor(
        browser, f"http://{NAME}:{port}", viewport=PHONE, has_touch=True, is_mobile=True
    )
    window.sign_up()
    yield window
    window.complaints = [told for told in window.complaints if IGNORED not in told]
    window.leave()


def test_a_photo_is_taken_sent_and_reviewed(phone: Visitor, studio: Studio) -> None:
    page = phone.page
    assert page.evaluate("isSecureContext") is False
    page.goto("/scan")
    expect(page.get_by_text("This address is not secure")).to_be_visible()
    phone.assert_accessible()
    phone.assert_fits()
    phone.shoot("scan-plain-http-phone-light")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open the camera").click()
    assert chooser.value.element.get_attribute("capture") == "environment"
    chooser.value.set_files([studio.photo("shot.jpg", "one scrawl", "two scrawls")])
    expect(page.get_by_role("link", name="2 things found")).to_be_visible(timeout=30_000)

    page.goto("/review")
    page.get_by_role("button", name="Discard").first.click()
    expect(page.get_by_text("1 find to decide", exact=True)).to_be_visible()
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    undo.click()
    expect(page.get_by_text("2 finds to decide", exact=True)).to_be_visible()


def test_things_and_entries_are_added_by_hand(phone: Visitor) -> None:
    page = phone.page
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill("Goblin Market")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Goblin Market")).to_be_visible()
    expect(page.get_by_text("On the shelf.")).to_be_visible()
    page.goto("/catalogue/entries/new?kind=book")
    page.get_by_label("Title", exact=True).first.fill("The Prince's Progress")
    page.get_by_role("button", name="Add the entry").click()
    expect(page.get_by_role("heading", name="The Prince's Progress")).to_be_visible()


def test_a_session_lasts_and_a_key_is_copied(phone: Visitor) -> None:
    page = phone.page
    page.reload()
    expect(page.get_by_role("heading", name="The shelves are ready")).to_be_visible()
    page.goto("/settings/programs")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What it is for").fill("Shelf robot")
    page.get_by_label("Items: change").check()
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What it is for").press("Control+v")
    assert page.get_by_label("What it is for").input_value().startswith("arm_")

    phone.context.clear_cookies(name="armarium_access")  # its half hour is over
    page.goto("/collection")
    expect(page.get_by_role("heading", name="Collection")).to_be_visible()
    page.goto("/more")
    page.get_by_role("main").get_by_text("Log out").click()
    page.wait_for_url("**/login**")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="The shelves are ready")).to_be_visible()
