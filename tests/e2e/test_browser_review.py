"""From photos to decisions: the scan page's doors, and every act of the inbox, by keyboard."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Studio
from tests.support.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GIVE = """([data, name, how]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], name, { type: 'image/jpeg' }));
  const main = document.querySelector('main');
  const event = how === 'paste'
    ? new ClipboardEvent('paste', { clipboardData: moved, bubbles: true })
    : new DragEvent('drop', { dataTransfer: moved, bubbles: true, cancelable: true });
  main.dispatchEvent(event);
}"""


def give(page: Page, photo: Path, how: str) -> None:
    """As a person pastes a photo or lets it fall on the page."""
    data = base64.b64encode(photo.read_bytes()).decode()
    page.evaluate(GIVE, [data, photo.name, how])


def left(page: Page, text: str) -> None:
    expect(page.get_by_text(text, exact=True)).to_be_visible()


def test_photos_come_in_by_every_door(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    page.goto("/scan")
    expect(page.get_by_role("heading", name="Scan")).to_be_visible()
    found = page.get_by_role("link", name="1 thing found")
    give(page, studio.photo("pasted.jpg", "Charizard 4/102"), "paste")
    expect(found).to_have_count(1, timeout=20_000)
    give(page, studio.photo("dropped.jpg", "Chansey 3/102"), "drop")
    expect(found).to_have_count(2, timeout=20_000)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose photos").click()
    notes = studio.folder / "notes.txt"
    notes.write_text("no picture")
    chooser.value.set_files([notes])
    expect(page.get_by_text("Only pictures can be scanned")).to_be_visible()
    notes = notes.rename(studio.folder / "letter.jpg")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files([notes])
    expect(page.get_by_text("Not taken:")).to_be_visible()
    expect(page.get_by_text("letter.jpg")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    guest.shoot("scan-refused-desk-light")
    guest.assert_accessible()

    found.first.click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    expect(page.get_by_role("link", name="Chansey")).to_be_visible()
    guest.assert_accessible()
    guest.shoot("scan-result-desk-light")
    page.get_by_role("link", name="Scan more").click()
    page.get_by_role("link", name="Earlier scans").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(2)
    guest.assert_accessible()
    guest.shoot("scans-desk-light")


def test_the_camera_fills_the_tray(guest: Visitor) -> None:
    page = guest.page
    page.goto("/scan")
    page.get_by_role("button", name="Open the camera").click()
    camera = page.get_by_role("dialog", name="Camera")
    shutter = camera.get_by_role("button", name="Take the photo")
    expect(shutter).to_be_enabled()
    shutter.click()
    expect(camera.get_by_text("1 photo in the tray")).to_be_visible()
    guest.shoot("camera-desk-light")
    camera.get_by_role("button", name="Done").click()
    expect(page.get_by_role("img", name="Photo of")).to_have_count(1)


def test_the_inbox_by_keyboard(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    studio.scan(page, studio.photo("a.jpg", "one scrawl", "two scrawls", "three scrawls"))
    page.goto("/review")
    left(page, "3 finds to decide")
    guest.assert_accessible()
    guest.shoot("review-desk-light")
    press = page.keyboard.press

    press("d")
    left(page, "2 finds to decide")
    press("u")
    left(page, "3 finds to decide")

    press("j")
    press("t")
    number = page.get_by_role("textbox", name="Number, ISBN or title")
    expect(number).to_be_focused()
    number.fill("6/102")
    press("Enter")
    expect(page.get_by_role("button", name="Accept Gyarados")).to_be_visible()
    press("Escape")
    expect(number).not_to_be_focused()
    number.focus()
    press("Enter")
    left(page, "2 finds to decide")
    expect(page.get_by_text("On the shelf: Gyarados")).to_be_visible()
    press("u")
    left(page, "3 finds to decide")

    press("k")
    press("k")
    press("x")
    press("j")
    press("x")
    press("m")
    left(page, "2 finds to decide")
    press("u")
    left(page, "3 finds to decide")

    page.get_by_text("In the photo").click()
    press("s")
    sheet = page.get_by_role("dialog")
    act = sheet.get_by_role("button", name="Split here")
    expect(act).to_be_in_viewport(ratio=1)
    guest.shoot("review-split-desk-light")
    press("Escape")
    expect(sheet).to_have_count(0)

    number.fill("Grandmother's tea caddy")
    press("Enter")
    page.get_by_role("button", name="Keep it as").click()
    left(page, "2 finds to decide")


def test_the_find_in_front_stays_when_another_comes_back(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    studio.scan(page, studio.photo("d.jpg", "one scrawl", "two scrawls", "three scrawls"))
    page.goto("/review")
    left(page, "3 finds to decide")
    page.keyboard.press("l")
    left(page, "2 finds to decide")
    in_front = page.get_by_role("list", name="Waiting finds").locator("[aria-current=true]")
    left(page, "3 finds to decide")
    expect(in_front).to_have_accessible_name(re.compile("^Find 2"))


def test_likely_finds_are_accepted_together(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    studio.scan(page, studio.photo("b.jpg", "Charizard 4/102", "Chansey 3/102"))
    page.get_by_role("link", name="2 things found").click()
    for name in ("Charizard", "Chansey"):
        page.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name="How it was identified")).to_be_visible()
        expect(page.get_by_text("identified by itself")).to_be_visible()
        guest.shoot("item-identified-desk-light")
        page.get_by_role("link", name="The photo and what was found in it").click()
    expect(page.get_by_text("2 on the shelf")).to_be_visible()


def test_one_find_is_split_and_two_are_accepted_at_once(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    studio.scan(page, studio.photo("c.jpg", "Charizard", "a scrawl", "Chansey"))
    page.goto("/review")
    left(page, "3 finds to decide")
    page.get_by_role("button", name="Find 2:").click()
    page.keyboard.press("s")
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("One above the other").click()
    sheet.get_by_role("slider").press("ArrowRight")
    guest.assert_accessible()
    guest.shoot("review-split-down-desk-light")
    sheet.get_by_role("button", name="Split here").click()
    left(page, "4 finds to decide")
    told = page.get_by_role("alert").filter(has_text="Split; the parts are being read")
    told.get_by_role("button", name="Undo").click()
    left(page, "3 finds to decide")

    page.get_by_role("checkbox", name="Select find 1").check()
    page.get_by_role("checkbox", name="Select find 3").check()
    guest.shoot("review-many-desk-light")
    page.get_by_role("button", name="Accept 2 selected").click()
    left(page, "1 find to decide")
    expect(page.get_by_text("2 put on the shelf")).to_be_visible()
    page.get_by_role("alert").get_by_role("button", name="Undo").last.click()
    left(page, "3 finds to decide")
