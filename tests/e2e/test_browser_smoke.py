"""The one walk through the web app that every `make test` takes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE, Visitor

pytestmark = pytest.mark.browser


def test_first_start_to_a_found_book(visitor: Callable[..., Visitor]) -> None:
    desk = visitor()
    page = desk.page

    page.goto("/")  # a fresh server leads to its owner's sign-up
    page.wait_for_url("**/sign-up")
    expect(page.get_by_text("The account that you make now owns this installation")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("Armarium")
    expect(page.get_by_role("listitem").filter(has_text="a number")).to_contain_text("missing")
    desk.shoot("sign-up-desk-light")
    desk.sign_up()
    expect(page.get_by_role("heading", name="The shelves are ready")).to_be_visible()
    desk.assert_accessible()
    desk.shoot("dashboard-empty-desk-light")

    page.get_by_role("link", name="Add it by hand").click()
    page.get_by_text("Book", exact=True).click()
    page.get_by_label("Title", exact=True).fill("Goblin Market")
    page.get_by_label("Year").fill("sixty-two")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_label("Year")).to_be_focused()  # the refused field, named by its pointer
    page.get_by_label("Year").fill("MDCCCLXII")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Goblin Market")).to_be_visible()
    desk.assert_accessible()
    desk.shoot("item-desk-light")

    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("goblin")
    result = page.get_by_role("listitem").filter(has_text="Goblin Market")
    expect(result.locator("mark").first).to_have_text("Goblin")
    desk.shoot("search-desk-light")

    page.keyboard.press("Escape")
    page.get_by_role("searchbox").blur()
    page.keyboard.press("Control+k")
    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    desk.assert_accessible()
    desk.shoot("search-desk-dark")

    state = desk.context.storage_state()
    phone = visitor(viewport=PHONE, has_touch=True, is_mobile=True, storage_state=state)
    phone.page.goto("/")
    expect(phone.page.get_by_role("link", name="Goblin Market")).to_be_visible()
    phone.assert_fits()
    phone.assert_accessible()
    phone.shoot("dashboard-phone-dark")
    phone.page.get_by_role("link", name="Collection", exact=True).click()
    expect(phone.page.get_by_role("listitem").filter(has_text="Goblin Market")).to_be_visible()
    phone.assert_fits()
    phone.shoot("collection-phone-dark")

    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Log out").click()
    page.wait_for_url("**/login")
    desk.assert_accessible()
