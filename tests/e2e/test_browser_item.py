"""One thing's page: its photos and their order, its history, and its way to the trash."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Studio
from tests.support.browser import Visitor
from tests.support.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def add_by_hand(page: Page, title: str) -> str:
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


def photos(folder: Path, count: int) -> list[Path]:
    files = [folder / f"photo{number}.jpg" for number in range(count)]
    for number, file in enumerate(files):
        file.write_bytes(picture(200 + 40 * number, 300))
    return files


def test_photos_are_ordered_marked_and_taken_off(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    add_by_hand(page, "The Defence of Guenevere")
    wall = page.get_by_role("region", name="Photos")
    with page.expect_file_chooser() as chooser:
        wall.get_by_role("button", name="Add photos").click()
    chooser.value.set_files(photos(studio.folder, 3))
    thumbs = wall.get_by_role("button", name=re.compile(r"^Photo \d"))
    expect(thumbs).to_have_count(3)
    first = thumbs.first.get_by_role("img")
    before = first.get_attribute("src")

    wall.get_by_role("button", name="Move this photo back").click()
    expect(first).not_to_have_attribute("src", before or "")
    expect(thumbs.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Photos put in another order")).to_be_visible()

    wall.get_by_role("combobox", name="What it shows").click()
    page.get_by_role("option", name="Title page").click()
    expect(page.get_by_text("A photo shows: Not said became Title page")).to_be_visible()
    guest.assert_accessible()
    guest.shoot("item-photos-desk-light")

    wall.get_by_role("button", name="Remove this photo").click()
    expect(thumbs).to_have_count(2)
    told = page.get_by_role("alert").filter(has_text="Photo removed")
    told.get_by_role("button", name="Undo").click()
    expect(thumbs).to_have_count(3)

    wall.get_by_role("button", name="See the photo large").click()
    guest.shoot("item-photo-large-desk-light")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_page_with_unsaved_edits_is_not_left_unasked(guest: Visitor) -> None:
    page = guest.page
    address = add_by_hand(page, "The Blessed Damozel")
    page.get_by_role("button", name="Edit", exact=True).click()
    title = page.get_by_label("Title", exact=True)
    home = page.get_by_role("link", name="Home")
    title.last.fill("The Blessed Damozel, 1850")
    home.click()
    asked = page.get_by_role("dialog", name="Leave without saving?")
    guest.assert_accessible()
    guest.shoot("item-unsaved-desk-light")
    asked.get_by_role("button", name="Stay here").click()
    expect(title.last).to_have_value("The Blessed Damozel, 1850")
    home.click()
    asked.get_by_role("button", name="Leave without saving").click()
    page.wait_for_url("**/")

    page.goto(address)
    page.get_by_role("button", name="Edit", exact=True).click()
    title.last.fill("The Blessed Damozel, 1850")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    home.click()
    page.wait_for_url("**/")


def test_a_decimal_is_typed_key_by_key(guest: Visitor) -> None:
    page = guest.page
    guest.send("/fields", {"label": "Spine width", "type": "decimal"})
    inches = {"preferences": {"length": "in"}}
    answer = page.request.patch("/api/v1/me", data=inches, headers={"Origin": page.url.rstrip("/")})
    assert answer.ok
    add_by_hand(page, "Goblin Market")
    page.get_by_role("button", name="Edit", exact=True).click()
    spine = page.get_by_label("Spine width", exact=True)
    spine.press_sequentially("0.05")
    height = page.get_by_label("Height", exact=True)
    height.press_sequentially("8,05")
    expect(height).to_have_value("8.05 in")
    height.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_text("8.05 in", exact=True)).to_be_visible()
    expect(page.get_by_text("0.05", exact=True)).to_be_visible()


def test_to_the_trash_and_gone_for_good(guest: Visitor) -> None:
    page = guest.page
    address = add_by_hand(page, "Idylls of the King")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Move to trash").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_text("This is in the trash.")).to_have_count(0)

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Move to trash").click()
    page.get_by_role("button", name="Delete for good").click()
    guest.assert_accessible()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    page.wait_for_url("**/collection?trash=true")
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("This is not on the shelf")).to_be_visible()


def test_a_thing_begins_with_what_a_catalogue_knows(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    page.goto("/items/new?kind=card")
    page.get_by_role("textbox", name="Look it up first").fill("Charizard 4/102")
    page.get_by_role("button", name="Look it up").click()
    page.get_by_role("link", name="This one: Charizard").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Charizard")
    page.get_by_label("How many").fill("3")
    guest.assert_accessible()
    guest.shoot("item-from-entry-desk-light")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Charizard")).to_be_visible()
    expect(page.get_by_text("How many: 3")).to_be_visible()
    page.get_by_role("link", name="Catalogue entry").click()
    expect(page.get_by_role("link", name="I have one")).to_be_visible()
