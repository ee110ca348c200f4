"""What belongs to a person: archives, their page, private details, tastes, spaces, the end."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls, libpq
from tests.e2e.conftest import Studio
from tests.support.api import cheap
from tests.support.browser import DESK, PASSWORD, PHONE, Visitor
from tests.support.items import CHARIZARD, EMMA
from tests.support.live import live_server
from tests.support.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def send(page: Page, path: str, body: Any = None, *, method: str = "post", **options: Any) -> Any:
    """Ask the API as this browser's person."""
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}  # pyright: ignore[reportTypedDictNotRequiredAccess]  # cookies have both
    headers = {"X-CSRF-Token": cookies["armarium_csrf"], **options.pop("headers", {})}
    data = {} if body is None else {"data": body}
    answer = page.request.fetch(
        f"/api/v1{path}", method=method.upper(), headers=headers, **data, **options
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.text() else None


def add_book(page: Page) -> str:
    """A book with a picture, in a collection that everyone may see later."""
    file = {"name": "emma.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    shown = send(page, "/media", multipart={"file": file})
    body = {**EMMA, "notes": "Under the bed", "images": [{"media_id": shown["id"]}]}
    return str(send(page, "/items", body)["id"])


def look(window: Visitor, name: str) -> None:
    """At a desk and on a phone, by day and by night."""
    for device, size in (("desk", DESK), ("phone", PHONE)):
        window.page.set_viewport_size(size)  # pyright: ignore[reportArgumentType]  # both sizes
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme)
            window.assert_fits()
            window.assert_accessible()
            window.shoot(f"{name}-{device}-{scheme}")
    window.page.set_viewport_size(DESK)  # pyright: ignore[reportArgumentType]  # both sizes
    window.page.emulate_media(color_scheme="light")


def forget_proofs(studio: Studio) -> None:
    """As if everybody had logged in a while ago."""
    with psycopg.connect(libpq(studio.house.urls.admin), autocommit=True) as connection:
        connection.execute("update accounts_session set proved_at = now() - interval '1 hour'")


def fetch_archive(studio: Studio, guest: Visitor, folder: Path) -> Path:
    """A while after the login, so who it is is asked again."""
    page = guest.page
    forget_proofs(studio)
    page.get_by_role("button", name=re.compile("Download the archive")).click()
    proof = page.get_by_role("dialog")
    proof.get_by_label("Password", exact=True).fill(PASSWORD)
    look(guest, "settings-data-proof")
    with page.expect_download() as loading:
        proof.get_by_role("button", name="Confirm").click()
    archive = folder / "all.zip"
    loading.value.save_as(archive)
    return archive


def take_along(studio: Studio, window: Visitor, email: str) -> None:
    """From the last page of an account that is being erased, which asks who it is, too."""
    page = window.page
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    take = page.get_by_role("button", name=re.compile("Take the archive along"))
    expect(take).to_be_visible()
    forget_proofs(studio)
    take.click()
    proof = page.get_by_role("dialog")
    proof.get_by_label("Password", exact=True).fill(PASSWORD)
    with page.expect_download():
        proof.get_by_role("button", name="Confirm").click()


def bring_in(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose an archive").click()
    chooser.value.set_files(file)


def test_data_goes_out_comes_in_and_ends(
    browser: Browser, studio: Studio, guest: Visitor, tmp_path: Path
) -> None:
    page = guest.page
    add_book(page)
    page.goto("/settings/data")
    page.get_by_role("button", name="Make an archive", exact=True).click()
    download = page.get_by_role("button", name=re.compile("Download the archive"))
    expect(download).to_be_visible()
    archive = fetch_archive(studio, guest, tmp_path)
    with page.expect_download() as loading:
        page.get_by_role("link", name="Items as JSON").click()
    table = tmp_path / "items.json"
    loading.value.save_as(table)
    assert "Emma" in table.read_text()
    bring_in(page, archive)
    expect(page.get_by_text("Items that were there already: 1.")).to_be_visible()
    hostile = tmp_path / "hostile.zip"
    hostile.write_bytes(archive.read_bytes()[:2000])
    bring_in(page, hostile)
    expect(page.get_by_text("This file is no ZIP archive.")).to_be_visible()
    look(guest, "settings-data")

    page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("For 14 days you may log in")).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete everything")).to_be_disabled()
    dialog.get_by_label("Your address").fill("ada@example.org")
    dialog.get_by_role("button", name="Delete everything").click()
    expect(dialog.get_by_role("alert")).to_contain_text("administrator")
    look(guest, "settings-data-delete")

    bea = Visitor(browser, studio.working.address)
    bea.sign_up("bea@example.org")
    page = bea.page
    page.goto("/settings/data")
    bring_in(page, archive)
    expect(page.get_by_text("Items brought in: 1. Pictures: 1.")).to_be_visible()
    page.get_by_role("button", name="Delete my account").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Make an archive first").click()
    expect(dialog.get_by_role("button", name="Download the last archive")).to_be_visible()
    dialog.get_by_label("Your address").fill("bea@example.org")
    dialog.get_by_role("button", name="Delete everything").click()
    page.wait_for_url("**/login*")
    expect(page.get_by_text("Your account is deleted on")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_visible()
    bea.shoot("account-closing-login-desk-light")
    take_along(studio, bea, "bea@example.org")
    bea.leave()


def test_a_file_that_is_too_large_is_refused_in_words(
    browser: Browser, settings: Settings, database_urls: DatabaseUrls, tmp_path: Path
) -> None:
    small = settings.model_copy(update={"max_upload_bytes": 1_000_000})
    file = tmp_path / "large.zip"
    file.write_bytes(bytes(30_000_000))
    with live_server(cheap(build(small, database_urls))) as address:
        window = Visitor(browser, address)
        window.sign_up()
        window.page.goto("/settings/data")
        bring_in(window.page, file)
        told = window.page.get_by_role("alert")
        expect(told).to_contain_text("larger than the server takes from a browser")
        window.leave()


def assert_looks_around(viewer: Visitor) -> None:
    """Nothing is offered to a viewer that would be refused in the end."""
    page = viewer.page
    expect(page.get_by_role("button", name="Add photos")).to_have_count(0)
    expect(page.get_by_role("link", name="Scan")).to_have_count(0)
    page.goto("/collection")
    expect(page.get_by_role("heading", name="Collection")).to_be_visible()
    expect(page.get_by_role("link", name="Add by hand")).to_have_count(0)
    expect(page.get_by_role("button", name="Select")).to_have_count(0)
    for page_of_editors in ("/scan", "/items/new", "/review"):
        page.goto(page_of_editors)
        expect(page.get_by_role("heading", name="Here you look around")).to_be_visible()
    look(viewer, "viewer-scan")


def test_private_details_are_for_those_who_may_see_prices(
    browser: Browser, studio: Studio, guest: Visitor
) -> None:
    page = guest.page
    shop = send(page, "/spaces", {"kind": "shop", "name": "Shop"})
    offer = send(page, f"/spaces/{shop['id']}/invitations", {"role": "viewer"})
    item = send(page, "/items", CHARIZARD, headers={"X-Space": shop["id"]})
    enter(page, shop["id"])
    page.goto(f"/items/{item['id']}")
    page.get_by_role("button", name="Write down the price").click()
    price = page.get_by_label("Price", exact=True)
    price.fill("-5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("A price is never below zero.")).to_be_visible()
    price.fill("1250,505,1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("like 1,234.50")).to_be_visible()
    price.fill("1.250,50")
    page.get_by_label("Fees").fill("100")
    expect(price).to_have_value("1,250.50")
    page.get_by_label("Acquired on").fill("2024-05-01")
    page.get_by_label("From", exact=True).fill("Maggs Bros.")
    look(guest, "item-price-form")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("€1,250.50")).to_be_visible()
    expect(page.get_by_text("€1,350.50")).to_be_visible()
    expect(page.get_by_text("May 1, 2024")).to_be_visible()
    expect(page.get_by_text("Price changed")).to_be_visible()
    page.get_by_role("button", name="Add private details").click()
    page.get_by_label("Insurance policy").fill("AX-11-204")
    page.get_by_label("Where it is kept").fill("Safe, second shelf")
    page.get_by_label("Private note").fill("Found at a fair,\nnobody knew what it was.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Safe, second shelf")).to_be_visible()
    look(guest, "item-private")
    page.get_by_role("button", name="Edit private details").click()
    page.get_by_label("Insurance policy").fill("AX-11-205")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("AX-11-205")).to_be_visible()

    other = Visitor(browser, studio.working.address)
    other.sign_up("bea@example.org")
    send(other.page, "/invitations/accept", {"token": offer["token"]})
    enter(other.page, shop["id"])
    other.page.goto(f"/items/{item['id']}")
    expect(other.page.get_by_role("heading", name="Charizard")).to_be_visible()
    expect(other.page.get_by_role("heading", name="History")).to_be_visible()
    expect(other.page.get_by_text("For your eyes")).to_have_count(0)
    expect(other.page.get_by_text("1,350.50")).to_have_count(0)
    assert_looks_around(other)
    other.leave()


def enter(page: Page, space_id: str) -> None:
    page.evaluate("id => localStorage.setItem('armarium-space', id)", space_id)
    page.context.add_cookies(
        [{"name": "armarium_space", "value": space_id, "url": page.url, "sameSite": "Strict"}]
    )


def test_tastes_go_along_to_another_device(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    item = add_book(page)
    page.goto("/settings")
    choose(page, "Currency of new prices", "JPY")
    choose(page, "Time zone", "Pacific/Auckland")
    page.get_by_role("radiogroup", name="Lengths in").get_by_text("inches").click()
    expect(page.get_by_text("There it is")).to_be_visible()
    look(window, "settings-profile")
    # A new page would end what is on its way to the server.
    with page.expect_response("**/api/v1/me"):
        page.get_by_role("radio", name="Dark").click()
    page.goto(f"/items/{item}")
    expect(page.get_by_text("7.028 in")).to_be_visible()
    page.get_by_role("button", name="Edit", exact=True).click()
    height = page.get_by_label("Height")
    expect(height).to_have_value("7.028 in")
    height.fill("8")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("8 in", exact=True)).to_be_visible()
    assert send(page, f"/items/{item}", method="get")["fields"]["height_mm"] == 203.2
    page.get_by_role("button", name="Write down the price").click()
    expect(page.get_by_role("combobox", name="Currency")).to_have_value(re.compile("JPY"))

    phone = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    phone.page.goto("/login")
    phone.page.get_by_label("E-mail").fill("ada@example.org")
    phone.page.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.page.get_by_role("button", name="Log in", exact=True).click()
    phone.page.wait_for_url("**/")
    expect(phone.page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    phone.page.goto(f"/items/{item}")
    expect(phone.page.get_by_text("8 in", exact=True)).to_be_visible()


def choose(page: Page, label: str, word: str) -> None:
    field = page.get_by_role("combobox", name=label)
    field.click()
    field.fill(word)
    page.get_by_role("option", name=word).first.click()


def test_strangers_see_the_public_page_and_nothing_else(
    studio: Studio, browser: Browser, guest: Visitor
) -> None:
    page = guest.page
    item = add_book(page)
    cost = {"cost": {"amount_minor": 123400, "currency": "EUR"}}
    send(page, f"/items/{item}", cost, method="patch")
    shelf = send(page, "/collections", {"name": "Novels", "description": "First editions."})
    send(page, f"/collections/{shelf['id']}/items", {"item_ids": [item]})
    send(page, "/items", {"kind": "book", "title": "Not shown", "fields": {}})
    page.goto("/settings/public")
    page.get_by_label("Name in the address").fill("a")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("From 3 to 40 small letters").last).to_be_visible()
    page.get_by_label("Name in the address").fill("Ada")
    page.get_by_label("Name on the page").fill("Ada Lovelace")
    page.get_by_label("About you").fill("Books on machines.")
    page.get_by_label("Show the page").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. The page is shown.")).to_be_visible()
    page.get_by_role("checkbox", name="Show Novels to everyone").click()
    expect(page.get_by_role("checkbox", name="Show Novels to everyone")).to_be_checked()
    look(guest, "settings-public")

    stranger = Visitor(browser, studio.working.address)
    stranger.page.goto("/people/ada")
    expect(stranger.page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    expect(stranger.page.get_by_text("Emma")).to_be_visible()
    robots = stranger.page.locator("meta[name=robots]")
    expect(robots).to_have_attribute("content", re.compile("noindex"))
    text = stranger.page.locator("body").inner_text()
    for hidden in ("Not shown", "1,234", "Under the bed", "ada@example.org"):
        assert hidden not in text
    picture_ = stranger.page.get_by_role("img", name="Emma")
    expect(picture_).to_have_js_property("complete", True)
    assert picture_.evaluate("each => each.naturalWidth") > 0
    look(stranger, "person")
    page.get_by_label("Show the page").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Nobody sees the page.")).to_be_visible()
    stranger.page.reload()
    expect(stranger.page.get_by_role("heading", name="There is no such page")).to_be_visible()
    look(stranger, "person-gone")
    stranger.leave()


def test_spaces_are_renamed_deleted_and_brought_back(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    page.goto("/settings/spaces")
    expect(page.get_by_text("no bound").first).to_be_visible()
    page.get_by_role("button", name="New space").click()
    page.get_by_label("Name of the space").fill("Shop")
    page.get_by_role("button", name="Make the space").click()
    page.get_by_role("button", name="Go there: Shop").click()
    page.wait_for_url("**/")
    page.goto("/settings/spaces")
    send(page, f"/admin/spaces/{here(page)}/quota", {"items": 10}, method="put")
    page.reload()
    expect(page.get_by_text("0 of 10")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Book shop")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="What Book shop uses")).to_be_visible()
    look(window, "settings-spaces")
    page.get_by_role("button", name="Delete the space").click()
    dialog = page.get_by_role("dialog")
    last = dialog.get_by_role("button", name="Delete the space")
    expect(last).to_be_disabled()
    dialog.get_by_label("Name of the space to delete").fill("Book shop")
    look(window, "settings-space-delete")
    last.click()
    page.wait_for_url("**/")
    page.goto("/settings/spaces")
    expect(page.get_by_role("heading", name="Deleted spaces")).to_be_visible()
    look(window, "settings-space-trash")
    page.get_by_role("button", name="Restore Book shop").click()
    expect(page.get_by_role("button", name="Go there: Book shop")).to_be_visible()


def here(page: Page) -> str:
    """The space that this browser acts in."""
    return str(page.evaluate("localStorage.getItem('armarium-space')"))


def test_a_program_of_ones_own_is_registered(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    page.goto("/settings/programs")
    page.get_by_role("button", name="Register a program").click()
    page.get_by_label("Name", exact=True).fill("Shelf robot")
    addresses = page.get_by_label("Addresses that a login")
    addresses.fill("http://example.org/back")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(addresses).to_have_attribute("aria-invalid", "true")
    expect(addresses).to_be_focused()
    look(window, "settings-program-refused")
    addresses.fill("http://127.0.0.1/callback\nrobot.shelf:/in")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_text("Client id:")).to_be_visible()
    look(window, "settings-programs")
    page.get_by_role("button", name="Remove Shelf robot").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Client id:")).to_have_count(0)
