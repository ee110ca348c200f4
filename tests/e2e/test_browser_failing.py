"""What a person sees when the server does not answer, or answers that it cannot."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.support.browser import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PARTS = {
    "/collection": "**/api/v1/items?*",
    "/search?q=poems": "**/api/v1/search?*",
    "/catalogue": "**/api/v1/catalogues",
    "/jobs": "**/api/v1/jobs?*",
    "/scan/all": "**/api/v1/scans?*",
    "/review": "**/api/v1/review?*",
}
PROBLEM = '{"status": 500, "code": "internal", "title": "It broke", "request_id": "abc123"}'


def test_a_failing_part_says_so_and_can_be_asked_again(visitor: Callable[..., Visitor]) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block")
    window.sign_up()
    page = window.page

    def break_it(route: Route) -> None:
        route.fulfill(status=500, content_type="application/problem+json", body=PROBLEM)

    for path, address in PARTS.items():
        page.route(address, break_it)
        page.goto(path)
        alert = page.get_by_role("alert").filter(has_text="This could not be loaded")
        expect(alert).to_be_visible()
        expect(alert).to_contain_text("Reference abc123")
        window.assert_accessible()
        window.assert_fits()
        page.unroute(address)
        alert.get_by_role("button", name="Try again").click()
        expect(alert).to_have_count(0)
    window.shoot("failing-mended-phone-light")
    window.complaints.clear()  # the refusals are what this test is about


@pytest.mark.parametrize("kind", ["desk-light", "phone-dark"])
def test_what_is_shown_stays_when_it_cannot_be_refreshed(
    visitor: Callable[..., Visitor], kind: str
) -> None:
    small = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
    window = visitor(service_workers="block", **(small if kind == "phone-dark" else {}))
    window.sign_up()
    page = window.page
    page.goto("/admin/people")
    people = page.get_by_role("list", name="People").get_by_role("listitem")
    expect(people).to_have_count(1)

    def break_it(route: Route) -> None:
        route.fulfill(status=500, content_type="application/problem+json", body=PROBLEM)

    page.route("**/api/v1/admin/users?*", break_it)
    page.clock.install()
    page.clock.fast_forward(60_000)  # what is shown counts as old
    page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    page.clock.fast_forward(60_000)  # and the two more tries are over
    old = page.get_by_role("status").filter(has_text="could not be refreshed")
    expect(old).to_be_visible()
    expect(people).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    window.assert_accessible()
    window.assert_fits()
    window.shoot(f"stale-{kind}")
    page.unroute("**/api/v1/admin/users?*")
    old.get_by_role("button", name="Try again").click()
    expect(old).to_have_count(0)
    window.complaints.clear()


def test_without_a_server_what_was_seen_stays(visitor: Callable[..., Visitor]) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    window.sign_up()
    page = window.page
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill("Sartor Resartus")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Sartor Resartus")).to_be_visible()
    page.get_by_role("link", name="Collection", exact=True).click()
    thing = page.get_by_role("listitem").filter(has_text="Sartor Resartus")
    expect(thing).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.wait_for_timeout(2_500)  # what is kept on the device is written every two seconds
    window.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("You are offline")).to_be_visible()
    expect(thing).to_be_visible()
    window.assert_fits()
    window.shoot("collection-offline-phone-light")
    window.context.set_offline(False)
    expect(page.get_by_text("You are offline")).to_have_count(0)

    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    silent = page.get_by_text("The server does not answer.")
    expect(silent).to_be_visible()
    expect(thing).to_be_visible()
    window.assert_fits()
    window.assert_accessible()
    window.shoot("collection-silent-phone-light")
    page.get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Catalogue").click()
    expect(page.get_by_text("This could not be loaded")).to_be_visible()
    page.unroute("**/api/**")
    expect(silent).to_have_count(0, timeout=60_000)
    expect(page.get_by_text("This could not be loaded")).to_have_count(0)
    window.complaints.clear()
