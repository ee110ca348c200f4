"""Catalogues: files in with a report, failed ones told apart, corrections and own entries."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Studio
from tests.support.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHELF = """Titel,Autor,Jahr
Poems and Ballads,"Swinburne, Algernon Charles",1866
,Nobody,1900
Men and Women,"Browning, Robert",1855
"""


def bring(page: Page, file: Path, *, file_format: str | None = None, name: str = "") -> None:
    if file_format is not None:
        page.get_by_role("combobox", name="Format").click()
        page.get_by_role("option", name=file_format).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_label("File", exact=True).click()
    chooser.value.set_files(file)
    if name:
        page.get_by_label("Name of the catalogue").fill(name)
    page.get_by_role("button", name="Import", exact=True).click()


def failures(page: Page) -> list[str]:
    """When imports failed for good."""
    jobs = page.request.get("/api/v1/jobs?status=failed").json()
    return [each["finished_at"] for each in jobs if each["name"] == "ImportCatalogue"]


def test_a_file_comes_in_with_a_report(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    file = studio.folder / "shelf.csv"
    file.write_text(SHELF)
    page.goto("/catalogue/import")
    bring(page, file, name="Grandfather's shelf")
    expect(page.get_by_text("The import is finished")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("3 records read: 2 added, 0 changed, 0 as before.")).to_be_visible()
    expect(page.get_by_text("Left out: no title, 1 record")).to_be_visible()
    guest.assert_accessible()
    guest.shoot("catalogue-report-desk-light")
    page.get_by_role("link", name="Open Grandfather's shelf").click()
    expect(page.get_by_role("heading", name="Grandfather's shelf")).to_be_visible()
    expect(page.get_by_role("link", name="Men and Women")).to_be_visible()

    page.goto("/catalogue/import")
    bring(page, file, name="grandfather's SHELF")
    expect(page.get_by_text("There is a catalogue of this name")).to_be_visible()


def test_a_failed_import_says_so_and_can_be_cleared_away(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    file = studio.folder / "deep.json"
    file.write_text("[" * 100_000)
    page.goto("/catalogue/import")
    bring(page, file, file_format="TCGdex", name="Deep")
    expect(page.get_by_text("The import stopped")).to_be_visible(timeout=20_000)
    guest.assert_accessible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("combobox", name="Format")).to_be_visible()

    page.goto("/jobs")
    dead = page.get_by_role("listitem").filter(has_text="Import a catalogue")
    expect(dead).to_have_count(1)
    guest.assert_accessible()
    guest.shoot("jobs-failed-desk-light")
    # It fails again in a moment; what was taken off the list before that would come back.
    before = failures(page)
    dead.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("1 job runs again")).to_be_visible()
    for _ in range(400):
        if failures(page) not in ([], before):
            break
        page.wait_for_timeout(50)
    page.reload()
    expect(dead.get_by_role("button", name="Take off the list")).to_be_visible(timeout=20_000)
    dead.get_by_role("button", name="Take off the list").click()
    expect(page.get_by_text("Everything that was started has been finished.")).to_be_visible()


def test_corrections_and_own_entries(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    page.goto("/catalogue/cards?q=chansey")
    page.get_by_role("link", name="Chansey").first.click()
    page.get_by_role("button", name="Correct it").click()
    page.get_by_label("Rarity").fill("Rare Holo")
    page.get_by_label("Why").fill("As printed.")
    guest.assert_accessible()
    guest.shoot("catalogue-correct-desk-light")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("definition").filter(has_text="Rare Holo")).to_be_visible()
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_label("Why")).to_have_value("As printed.")
    page.get_by_role("button", name="Cancel").click()

    page.goto("/catalogue/own")
    expect(page.get_by_text("Corrected by you")).to_be_visible()
    page.get_by_role("link", name="Add an entry").click()
    page.get_by_text("Book", exact=True).click()
    page.get_by_label("Title", exact=True).fill("The Heron Almanac")
    page.get_by_role("button", name="Add the entry").click()
    expect(page.get_by_role("heading", name="The Heron Almanac")).to_be_visible()
    guest.assert_accessible()
    page.get_by_role("button", name="Delete this entry").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete this entry").click()
    page.wait_for_url("**/catalogue/own")

    page.get_by_role("link", name="Chansey").click()
    page.get_by_role("button", name="Take my correction back").click()
    expect(page.get_by_role("definition").filter(has_text="Rare Holo")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("definition").filter(has_text="Rare Holo")).to_be_visible()


def test_an_administrator_deletes_a_catalogue(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    page.goto("/catalogue/cards")
    page.get_by_role("combobox", name="Set").click()
    page.get_by_role("option", name="Base Set").click()
    expect(page.get_by_role("link", name="Charizard")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete the catalogue").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the catalogue").click()
    expect(page.get_by_text("No catalogue yet")).to_be_visible()
