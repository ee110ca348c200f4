"""Every page as a picture in both sizes and themes, and the walks that need more than one step."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESK, PHONE, Visitor
from tests.support.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "dashboard": "/",
    "scan": "/scan",
    "review": "/review",
    "collection": "/collection",
    "trash": "/collection?trash=true",
    "item-new": "/items/new?kind=book",
    "search": "/search?q=poems",
    "search-nothing": "/search?q=zzzz",
    "catalogue": "/catalogue",
    "catalogue-import": "/catalogue/import",
    "catalogue-own": "/catalogue/own",
    "catalogue-entry-new": "/catalogue/entries/new?kind=card",
    "scans": "/scan/all",
    "settings": "/settings",
    "settings-fields": "/settings/fields",
    "settings-security": "/settings/security",
    "settings-history": "/settings/history",
    "admin-people": "/admin/people",
    "admin-system": "/admin/system",
    "jobs": "/jobs",
    "more": "/more",
    "not-found": "/nowhere",
}
LOOKS = {
    "phone": {"viewport": PHONE, "has_touch": True, "is_mobile": True},
    "desk": {"viewport": DESK},
}


def add_book(page: Page, title: str) -> str:
    """By the form; gives the address of its page."""
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", LOOKS)
def test_every_page(visitor: Callable[..., Visitor], size: str, theme: str) -> None:
    window = visitor(color_scheme=theme, **LOOKS[size])
    window.sign_up()
    item = add_book(window.page, "Poems and Ballads")
    for name, path in {**PAGES, "item": item}.items():
        window.page.goto(path)
        expect(window.page.locator("main").get_by_role("heading").first).to_be_visible()
        expect(window.page.locator("[aria-busy]")).to_have_count(0)
        window.shoot(f"{name}-{size}-{theme}")
        window.assert_fits()
        window.assert_accessible()


def test_shots_wait_for_the_connection(visitor: Callable[..., Visitor], tmp_path: Path) -> None:
    window = visitor(**LOOKS["phone"])
    window.sign_up()
    page = window.page
    page.goto("/scan")
    photo = tmp_path / "card.jpg"
    photo.write_bytes(picture(400, 560))
    page.evaluate("navigator.serviceWorker.ready")  # the app is kept on the device
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    window.context.set_offline(True)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files(photo)
    row = page.get_by_role("listitem").filter(has=page.get_by_role("img"))
    expect(row).to_contain_text("Kept here, sent when the connection returns")
    expect(page.get_by_text("You are offline")).to_be_visible()
    window.shoot("scan-offline-phone-light")
    window.context.set_offline(False)
    expect(row).to_contain_text("In line")
    window.complaints.clear()  # requests that were cut off are what this test is about


def test_two_windows_edit_one_record(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    address = add_book(window.page, "Goblin Market")
    other = window.open_page()
    for page, place in ((window.page, "London"), (other, "Oxford")):
        page.goto(address)
        page.get_by_role("button", name="Edit").click()
        page.get_by_label("Place of publication").fill(place)
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("definition").filter(has_text="Oxford")).to_be_visible()
    window.page.get_by_role("button", name="Save").click()
    clash = window.page.get_by_role("dialog")
    expect(clash).to_contain_text("Oxford")
    expect(clash).to_contain_text("London")
    window.shoot("item-conflict-desk-light")
    clash.get_by_role("button", name="Save mine over it").click()
    expect(window.page.get_by_role("definition").filter(has_text="London")).to_be_visible()


def test_the_trash_gives_back(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    for title in ("In Memoriam", "Maud"):
        add_book(page, title)
    page.goto("/collection")
    page.get_by_role("button", name="Select").click()
    page.get_by_label("Select Maud").check()
    page.get_by_role("button", name="Move to trash").click()
    expect(page.get_by_role("listitem").filter(has_text="Maud")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("listitem").filter(has_text="Maud")).to_be_visible()


def test_the_trash_tells_when_it_empties_itself(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    item = window.send("/items", {"kind": "book", "title": "Maud"})
    window.send("/items/bulk", {"ids": [item["id"]], "action": "trash"})
    day = datetime.now(UTC) + timedelta(days=30)
    page.goto("/collection?trash=true")
    expect(page.get_by_text("What lies here for 30 days is removed for good.")).to_be_visible()
    thing = page.get_by_role("main").get_by_role("listitem").filter(has_text="Maud")
    expect(thing).to_contain_text(f"Kept until {day:%b %-d, %Y}")
    window.assert_accessible()
    window.shoot("trash-dated-desk-light")
    thing.get_by_role("link").click()
    expect(page.get_by_role("status").filter(has_text="trash")).to_contain_text(f"{day:%B %-d, %Y}")
    window.shoot("trash-dated-item-desk-light")


def test_a_session_that_ended_leads_to_the_door_and_back(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    window.context.clear_cookies()
    window.page.goto("/catalogue")
    window.page.wait_for_url("**/login?next=*")
    window.page.get_by_label("E-mail").fill("ada@example.org")
    window.page.get_by_label("Password", exact=True).fill("Armarium-1867")
    window.page.get_by_role("button", name="Log in").click()
    window.page.wait_for_url("**/catalogue")
