"""The settings page by page, and the door's rule for passwords."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import PASSWORD, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_refused_password_says_what_is_missing(visitor: Callable[..., Visitor]) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page = window.page
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill("ada@example.org")
    page.get_by_label("Password", exact=True).fill("Armarium")
    page.get_by_role("button", name="Create the account").click()
    refusal = page.get_by_text("Still missing: a number, a special character.")
    expect(refusal).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    window.assert_accessible()
    window.assert_fits()
    window.shoot("sign-up-refused-phone-light")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    expect(page.get_by_role("listitem").filter(has_text="missing")).to_have_count(0)


def test_every_page_of_the_settings(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    page.goto("/settings")
    tabs = page.get_by_role("navigation", name="Settings")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    window.assert_accessible()

    tabs.get_by_role("link", name="My own fields").click()
    page.get_by_role("button", name="Add a field").click()
    page.get_by_label("Name", exact=True).fill("Storage box")
    page.get_by_role("button", name="Add the field").click()
    expect(page.get_by_role("listitem").filter(has_text="Storage box")).to_be_visible()
    window.assert_accessible()

    tabs.get_by_role("link", name="Security").click()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Still missing: 8 characters or more")).to_be_visible()
    page.get_by_label("New password").fill("Another-1868")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    window.assert_accessible()

    page.goto("/admin/system")
    expect(page.get_by_role("term").filter(has_text="Database")).to_be_visible()
    page.get_by_role("button", name="Compare now").click()
    expect(page.get_by_text("Every picture is where it should be.")).to_be_visible()
    window.assert_accessible()
    window.shoot("admin-system-desk-light")


def test_on_a_phone_the_pages_are_chosen_from_a_list(visitor: Callable[..., Visitor]) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    window.sign_up()
    page = window.page
    page.goto("/settings/devices")
    chooser = page.get_by_role("navigation", name="Settings")
    expect(chooser).to_have_count(1)
    chooser.get_by_role("button", name="Devices").click()
    here = page.locator("[role=menuitem][aria-current]")
    expect(here).to_have_text(["Devices"])
    window.assert_fits()
    window.shoot("settings-chooser-phone-light")
    page.get_by_role("menuitem", name="Sharing").click()
    expect(page.get_by_role("heading", name="Share links")).to_be_visible()
    expect(chooser.get_by_role("button", name="Sharing")).to_be_visible()
    window.assert_accessible()
    window.assert_fits()
    window.shoot("settings-sharing-phone-light")
