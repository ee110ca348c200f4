"""Named collections: made, filled, opened to people, shared by link, and kept private."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import pyvips
from playwright.sync_api import Page, expect

from armarium.entry.wiring import House
from tests.support.browser import PHONE, Visitor
from tests.support.live import working_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """A house that also makes the smaller copies of photos."""
    with working_house(house) as working:
        yield working.address


POEMS = ["Aurora Leigh", "Goblin Market", "Idylls of the King", "Men and Women", "Maud"]


def cover(number: int) -> bytes:
    """A plain binding in a color of its own."""
    color = [(90 + 61 * number) % 200, (60 + 97 * number) % 180, (120 + 37 * number) % 190]
    board: Any = pyvips.Image.black(300, 420, bands=3).linear(1, color)
    label: Any = pyvips.Image.black(200, 90, bands=3).linear(1, [236, 226, 200])
    bound = board.insert(label, 50, 70).cast("uchar").copy(interpretation="srgb")
    return bytes(bound.jpegsave_buffer())


def own(window: Visitor, *titles: str) -> dict[str, str]:
    """Put books on the person's shelf; gives their ids by title."""
    made = {
        title: window.send("/items", {"kind": "book", "title": title})["id"] for title in titles
    }
    for number, item_id in enumerate(made.values()):
        window.give_photo(item_id, cover(number))
    for item_id in made.values():
        window.wait_for_thumbnails(item_id)
    return made


def dialog(page: Page) -> Any:
    return page.get_by_role("dialog")


def choose(page: Page, *titles: str) -> None:
    """Select things in the list that is shown."""
    page.get_by_role("button", name="Select", exact=True).click()
    for title in titles:
        page.get_by_role("checkbox", name=f"Select {title}").check()


def thing(page: Page, title: str) -> Any:
    return (
        page.get_by_role("list", name="Collection").get_by_role("listitem").filter(has_text=title)
    )


def test_a_collection_is_made_and_filled(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    own(window, *POEMS)
    page.goto("/collection")
    page.get_by_role("link", name="Collections", exact=True).click()
    expect(page.get_by_role("heading", name="No collection yet")).to_be_visible()
    window.assert_accessible()
    window.shoot("collections-empty-desk-light")
    page.get_by_role("button", name="Make a collection").click()
    dialog(page).get_by_label("Name").fill("First editions")
    dialog(page).get_by_label("What it is about").fill("As they first came out, in cloth.")
    window.assert_accessible()
    window.shoot("collection-new-desk-light")
    dialog(page).get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="First editions")).to_be_visible()
    expect(page.get_by_text("Nothing in it yet")).to_be_visible()

    page.get_by_role("link", name="Choose things").click()
    choose(page, "Aurora Leigh", "Goblin Market", "Maud")
    page.get_by_role("button", name="Put into a collection").click()
    window.assert_accessible()
    dialog(page).get_by_role("button", name="Put in: First editions").click()
    expect(page.get_by_text("3 things put into “First editions”")).to_be_visible()
    page.get_by_role("link", name="Collections", exact=True).click()
    card = page.get_by_role("link", name="First editions")
    expect(card).to_contain_text("3 things")
    expect(card.get_by_role("img")).to_have_count(3)
    window.assert_accessible()
    window.shoot("collections-desk-light")


def test_collections_are_put_in_order_by_keyboard(visitor: Callable[..., Visitor]) -> None:
    """“Collection” is marked where they hang; the keyboard goes on from where it was."""
    window = visitor()
    window.sign_up()
    page = window.page
    for name in ("Poems", "Novels", "Atlases"):
        window.send("/collections", {"name": name})
    page.goto("/collections")
    marked = page.get_by_role("navigation", name="Main").locator("[aria-current=page]")
    expect(marked).to_have_text(["Collection"])
    page.get_by_role("button", name="Order").focus()
    page.keyboard.press("Enter")
    up = dialog(page).get_by_role("button", name="Move “Atlases” up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(dialog(page).get_by_role("status")).to_have_text("“Atlases” is now 1 of 3.")
    down = dialog(page).get_by_role("button", name="Move “Poems” down")
    down.focus()
    page.keyboard.press("Enter")
    expect(down).to_be_focused()
    window.assert_accessible()
    window.shoot("collections-order-desk-light")
    dialog(page).get_by_role("button", name="Save").click()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Order")).to_be_focused()
    cards = page.get_by_role("main").get_by_role("listitem")
    expect(cards).to_contain_text(["Atlases", "Novels", "Poems"])
    page.reload()
    expect(cards).to_contain_text(["Atlases", "Novels", "Poems"])


def test_a_collection_is_narrowed_emptied_covered_and_deleted(
    visitor: Callable[..., Visitor],
) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    ids = own(window, *POEMS)
    shelf = window.send("/collections", {"name": "First editions"})
    inside = [ids[title] for title in ("Aurora Leigh", "Goblin Market", "Maud")]
    window.send(f"/collections/{shelf['id']}/items", {"item_ids": inside})
    page.goto("/collections")
    card = page.get_by_role("link", name="First editions")
    card.click()
    expect(page.get_by_role("list", name="Collection").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="Sold").click()
    page.get_by_role("button", name="Show everything").click()
    choose(page, "Maud")
    page.get_by_role("button", name="Take out").click()
    told = page.get_by_role("alert").filter(has_text="Taken out of “First editions”")
    expect(page.get_by_role("list", name="Collection").get_by_role("listitem")).to_have_count(2)
    told.get_by_role("button", name="Undo").click()
    expect(thing(page, "Maud")).to_be_visible()
    window.shoot("collection-one-desk-light")

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Edit").click()
    dialog(page).get_by_label("Name").fill("First editions, in cloth")
    dialog(page).get_by_role("button", name="Cover: Goblin Market").click()
    window.assert_accessible()
    window.shoot("collection-edit-desk-light")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="First editions, in cloth")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Collection").click()
    page.get_by_role("link", name="Collections", exact=True).click()
    expect(card.get_by_role("img")).to_have_count(1)

    card.click()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete the collection").click()
    dialog(page).get_by_role("button", name="Delete the collection").click()
    expect(page.get_by_text("Collection deleted.")).to_be_visible()
    expect(page.get_by_text("No collection yet")).to_be_visible()
    page.goto("/collection")
    expect(thing(page, "Goblin Market")).to_be_visible()


def test_a_private_room_is_told_wherever_it_shows(visitor: Callable[..., Visitor]) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    window.sign_up()
    page = window.page
    ids = own(window, "Modern Love", "The Angel in the House")
    page.goto(f"/items/{ids['Modern Love']}")
    page.get_by_role("button", name="Put into a collection").click()
    dialog(page).get_by_label("Or into a new one, called").fill("The locked drawer")
    dialog(page).get_by_role("button", name="Make and put in").click()
    expect(
        dialog(page).get_by_role("button", name="Take out of “The locked drawer”")
    ).to_be_visible()
    window.assert_accessible()
    window.assert_fits()
    window.shoot("item-collections-phone-dark")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="The locked drawer").click()
    # The page that was left has such a button, too.
    expect(page.get_by_role("heading", name="The locked drawer")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Edit").click()
    dialog(page).get_by_label("Private room").check()
    window.assert_fits()
    window.shoot("collection-edit-phone-dark")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("Private room")).to_be_visible()
    window.assert_accessible()
    window.assert_fits()
    window.shoot("collection-private-phone-dark")
    expect(page.get_by_role("img", name="Private")).to_be_visible()
    page.get_by_role("link", name="Modern Love").click()
    expect(page.get_by_text("Private: only people of The locked drawer see this.")).to_be_visible()
    window.assert_accessible()
    window.shoot("item-private-phone-dark")

    page.goto("/collections")
    expect(page.get_by_role("link", name="The locked drawer")).to_contain_text("Private room")
    window.assert_accessible()
    window.assert_fits()
    window.shoot("collections-phone-dark")
    page.get_by_role("link", name="The locked drawer").click()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete the collection").click()
    expect(page.get_by_text("A private room is deleted only when it is empty")).to_be_visible()


def household(owner: Visitor, member: Visitor) -> None:
    """A space of two: its owner is in it, and so is a member who looks."""
    owner.sign_up()
    member.sign_up("grace@example.org")
    page = owner.page
    page.goto("/settings/spaces")
    page.get_by_role("button", name="New space").click()
    page.get_by_label("Name of the space").fill("The Rossettis")
    page.get_by_role("button", name="Make the space").click()
    page.get_by_role("button", name="Go there: The Rossettis").click()
    expect(page.get_by_role("banner")).to_contain_text("The Rossettis")
    page.goto("/settings/spaces")
    page.get_by_label("Invite somebody").fill("grace@example.org")
    page.get_by_role("button", name="Invite", exact=True).click()
    enter(member, page.get_by_text(re.compile(r"/invitation#token=")).inner_text())


def enter(window: Visitor, way: str) -> None:
    """Take a seat in the Rossettis' space, and go there."""
    window.page.goto(way)
    window.page.get_by_role("button", name="Accept").click()
    window.page.get_by_role("button", name="Go there: The Rossettis").click()
    expect(window.page.get_by_role("banner")).to_contain_text("The Rossettis")


def open_private_room(page: Page) -> None:
    """A room of the name Exhumed with one book in it, and who may enter."""
    page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill("The House of Life")
    page.get_by_role("button", name="Put it on the shelf").click()
    page.get_by_role("button", name="Put into a collection").click()
    dialog(page).get_by_label("Or into a new one, called").fill("Exhumed")
    dialog(page).get_by_role("button", name="Make and put in").click()
    expect(dialog(page).get_by_role("button", name="Take out of “Exhumed”")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Exhumed").click()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Edit").click()
    dialog(page).get_by_label("Private room").check()
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("Private room")).to_be_visible()


def test_a_private_room_is_opened_to_a_member(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    member = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    household(window, member)
    page = window.page
    open_private_room(page)
    member.page.goto("/collections")
    expect(member.page.get_by_text("Nobody has put things together here yet.")).to_be_visible()
    member.page.goto("/collection")
    expect(member.page.get_by_text("Nothing on the shelf yet")).to_be_visible()

    page.get_by_role("button", name="People").click()
    expect(dialog(page).get_by_text("This is a private room.")).to_be_visible()
    expect(dialog(page).get_by_text("(you)")).to_be_visible()
    window.assert_accessible()
    window.shoot("collection-people-desk-light")
    dialog(page).get_by_role("button", name="Let in").click()
    grace = dialog(page).get_by_role("listitem").filter(has_text="grace@example.org")
    expect(grace).to_be_visible()
    member.page.goto("/collections")
    member.page.get_by_role("link", name="Exhumed").click()
    expect(thing(member.page, "The House of Life")).to_be_visible()
    expect(member.page.get_by_role("button", name="More", exact=True)).to_have_count(0)
    member.assert_fits()

    grace.get_by_role("checkbox").click()
    expect(grace.get_by_role("checkbox")).to_be_checked()
    expect(grace.get_by_role("combobox")).to_be_enabled()
    grace.get_by_role("combobox").select_option("editor")
    expect(grace.get_by_role("combobox")).to_have_value("editor")
    expect(grace.get_by_role("checkbox")).to_be_checked()
    grace.get_by_role("button", name="Let out: grace@example.org").click()
    expect(grace).to_have_count(0)
    member.page.goto("/collections")
    expect(member.page.get_by_text("Nobody has put things together here yet.")).to_be_visible()


def test_a_guest_sees_one_collection_only(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    household(window, visitor())
    page = window.page
    window.page.goto("/items/new?kind=book")
    page.get_by_label("Title", exact=True).fill("Goblin Market")
    page.get_by_role("button", name="Put it on the shelf").click()
    expect(page.get_by_role("heading", name="Goblin Market")).to_be_visible()
    open_private_room(page)
    page.get_by_role("button", name="People").click()
    dialog(page).get_by_role("button", name="Invite", exact=True).click()
    way = dialog(page).get_by_text(re.compile(r"/invitation#token=")).inner_text()
    expect(dialog(page).get_by_text("Whoever has the link")).to_be_visible()
    window.assert_accessible()
    window.shoot("collection-invited-desk-light")
    guest = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    guest.sign_up("stranger@example.org")
    enter(guest, way)
    guest.page.goto("/collection")
    expect(thing(guest.page, "The House of Life")).to_be_visible()
    expect(guest.page.get_by_text("Goblin Market")).to_have_count(0)
    guest.page.goto("/collections")
    expect(guest.page.get_by_role("button", name="New collection")).to_have_count(0)
    guest.page.get_by_role("link", name="Exhumed").click()
    expect(thing(guest.page, "The House of Life")).to_be_visible()
    guest.assert_accessible()
    guest.assert_fits()
    guest.shoot("collection-guest-phone-dark")
    thing(guest.page, "The House of Life").get_by_role("link").click()
    expect(guest.page.get_by_role("heading", name="The House of Life")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Edit")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="People").click()
    stranger = dialog(page).get_by_role("listitem").filter(has_text="stranger@example.org")
    expect(stranger.get_by_role("checkbox")).not_to_be_checked()


def test_a_thing_and_a_collection_are_shared_from_their_pages(
    visitor: Callable[..., Visitor],
) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    ids = own(window, "Sonnets from the Portuguese", "Poems before Congress")
    page.goto(f"/items/{ids['Poems before Congress']}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Share by link").click()
    expect(dialog(page).get_by_text("No link leads here yet.")).to_be_visible()
    dialog(page).get_by_role("button", name="New link").click()
    dialog(page).get_by_label("It ends").select_option("7")
    window.assert_accessible()
    dialog(page).get_by_role("button", name="Make the link").click()
    link = dialog(page).get_by_text(re.compile(r"/s/")).inner_text()
    expect(dialog(page).get_by_role("listitem")).to_contain_text("until")
    stranger = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    stranger.page.goto(link)
    expect(stranger.page.get_by_text("Poems before Congress").first).to_be_visible()
    expect(stranger.page.get_by_text("Sonnets from the Portuguese")).to_have_count(0)
    stranger.assert_accessible()
    stranger.assert_fits()
    stranger.shoot("shared-item-phone-light")
    page.keyboard.press("Escape")

    shelf = window.send("/collections", {"name": "For Robert"})
    window.send(
        f"/collections/{shelf['id']}/items", {"item_ids": [ids["Sonnets from the Portuguese"]]}
    )
    page.goto(f"/collections/{shelf['id']}")
    page.get_by_role("button", name="Share by link").click()
    dialog(page).get_by_role("button", name="New link").click()
    dialog(page).get_by_label("Password of the link").fill("Swordfish-1")
    dialog(page).get_by_role("button", name="Make the link").click()
    expect(dialog(page).get_by_text("pass the password on another way")).to_be_visible()
    expect(dialog(page).get_by_role("listitem")).to_contain_text("with a password")
    window.assert_accessible()
    window.shoot("collection-share-desk-light")
    stranger.page.goto(dialog(page).get_by_text(re.compile(r"/s/")).inner_text())
    stranger.page.get_by_label("Password", exact=True).fill("Swordfish-1")
    stranger.page.get_by_role("button", name="Open").click()
    expect(stranger.page.get_by_text("Sonnets from the Portuguese")).to_be_visible()
    dialog(page).get_by_role("button", name="Revoke For Robert").click()
    expect(page.get_by_text("Revoked. The link shows nothing any more.")).to_be_visible()
    expect(dialog(page).get_by_text("No link leads here yet.")).to_be_visible()
