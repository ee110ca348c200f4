"""Two tabs of one browser: what one does never lands where the other has gone meanwhile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.support.browser import EMAIL, PASSWORD, Visitor
from tests.support.pictures import noise

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEPT = """async () => {
  const opened = indexedDB.open('armarium');
  await new Promise((done) => (opened.onsuccess = done));
  const read = opened.result.transaction('kept').objectStore('kept').getAll();
  await new Promise((done) => (read.onsuccess = done));
  return JSON.stringify(read.result);
}"""


def log_out(page: Page) -> None:
    page.goto("/more")
    page.get_by_role("main").get_by_text("Log out").click()
    page.wait_for_url("**/login**")


def log_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("banner")).to_be_visible()


def go_over(page: Page, name: str) -> None:
    page.goto("/settings/spaces")
    page.get_by_role("button", name=f"Go there: {name}").click()
    page.wait_for_url(lambda address: address.endswith("/"))


def test_a_tab_saves_where_it_says_it_is(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    club = window.send("/spaces", {"kind": "household", "name": "Club"})
    page, other = window.page, window.open_page()
    other.goto("/items/new?kind=book")
    expect(other.get_by_role("button", name="Put it on the shelf")).to_be_visible()
    go_over(page, "Club")
    expect(other.get_by_role("banner")).to_contain_text("Club")  # it started anew

    other.goto("/items/new?kind=book")
    other.get_by_label("Title", exact=True).fill("Goblin Market")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    other.on("dialog", stay)
    go_over(page, "My own")
    expect(page.get_by_role("banner")).not_to_contain_text("Club")
    other.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    other.get_by_role("button", name="Put it on the shelf").click()
    expect(other.get_by_role("heading", name="Goblin Market")).to_be_visible()
    there = page.request.get("/api/v1/items", headers={"X-Space": club["id"]}).json()
    here = page.request.get("/api/v1/items").json()
    assert [[each["title"] for each in found] for found in (there, here)] == [["Goblin Market"], []]


def test_a_photo_that_waits_is_nobody_elses(visitor: Callable[..., Visitor]) -> None:
    grace = visitor()
    window = visitor()
    window.sign_up()
    grace.sign_up("grace@example.org")
    page, other = window.page, window.open_page()
    other.goto("/scan")
    window.context.route("**/api/v1/scans", lambda route: route.abort())
    shown = noise(300, 300).jpegsave_buffer()
    photo = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=shown)
    with other.expect_file_chooser() as chooser:
        other.get_by_role("button", name="Choose photos").click()
    chooser.value.set_files([photo])
    waits = other.get_by_text("Waits to be sent")
    expect(waits).to_be_visible()

    log_out(page)
    other.wait_for_url("**/login**")  # it heard of it
    window.context.unroute("**/api/v1/scans")
    log_in(page, "grace@example.org")
    other.goto("/scan")
    expect(other.get_by_role("heading", name="Tray")).to_be_visible()
    expect(other.get_by_text("Photos that you add appear here")).to_be_visible()
    other.wait_for_timeout(2_500)  # what is shown is written down every two seconds
    assert EMAIL not in other.evaluate(KEPT)
    assert page.request.get("/api/v1/scans").json() == []

    log_out(page)
    other.wait_for_url("**/login**")
    log_in(page, EMAIL)
    page.goto("/scan")
    expect(page.get_by_role("img", name="Photo of")).to_have_count(1)
    expect(page.get_by_text("In line")).to_be_visible()  # at the server
    assert len(page.request.get("/api/v1/scans").json()) == 1
    window.complaints.clear()  # what could not be sent is what this test is about
