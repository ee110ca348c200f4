"""The app on a phone without signal: it opens, shows what was seen, and loses no shot."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Studio
from tests.support.browser import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def phone(browser: Browser, studio: Studio) -> Iterator[Visitor]:
    """The owner of the studio, signed up, at a fair."""
    window = Visitor(
        browser, studio.working.address, viewport=PHONE, has_touch=True, is_mobile=True
    )
    window.sign_up()
    yield window
    window.leave()


def wait_until_kept(page: Page) -> None:
    """The app is on the device, and what was shown is written down (every two seconds)."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_timeout(2_500)


def test_it_can_be_installed(phone: Visitor) -> None:
    page = phone.page
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = page.request.get(address or "").json()
    assert manifest["name"] == "Armarium"
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == "/"
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    for icon in manifest["icons"]:
        assert page.request.get(icon["src"]).ok
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_without_signal_it_opens_shows_and_queues(phone: Visitor, studio: Studio) -> None:
    page = phone.page
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill("Sartor Resartus")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Sartor Resartus")).to_be_visible()
    page.get_by_role("link", name="Collection", exact=True).first.click()
    thing = page.get_by_role("listitem").filter(has_text="Sartor Resartus")
    expect(thing).to_be_visible()
    wait_until_kept(page)

    phone.context.set_offline(True)
    page.goto("/")  # as it is opened from the home screen
    expect(page.get_by_text("You are offline")).to_be_visible()
    phone.assert_fits()
    phone.shoot("offline-home-phone-light")
    page.get_by_role("link", name="Collection", exact=True).first.click()
    expect(thing).to_be_visible()
    page.wait_for_timeout(5_000)  # asking anew has failed for good by now
    expect(thing).to_be_visible()
    thing.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Sartor Resartus")).to_be_visible()
    phone.assert_accessible()
    phone.shoot("offline-item-phone-light")
    page.goto("/catalogue")  # never seen before
    expect(page.get_by_text("The server does not answer.")).to_be_visible()
    phone.shoot("offline-unseen-phone-light")

    page.get_by_role("link", name="Scan", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files([studio.photo("fair.jpg", "Charizard 4/102")])
    kept = page.get_by_text("Kept here, sent when the connection returns")
    expect(kept).to_be_visible()
    page.reload()
    expect(kept).to_be_visible()
    page.wait_for_timeout(500)  # the photo has come to rest in the tray
    phone.assert_accessible()
    phone.assert_fits()
    phone.shoot("offline-shot-phone-light")

    phone.context.set_offline(False)
    expect(page.get_by_role("link", name="1 thing found")).to_be_visible(timeout=60_000)
    expect(kept).to_have_count(0)
    expect(page.get_by_text("You are offline")).to_have_count(0)
    assert len(page.request.get("/api/v1/scans").json()) == 1
    phone.complaints.clear()  # what failed without signal is what this test is about
