"""Getting into an account and keeping it: second factors, passkeys, letters, devices, keys."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP

from armarium.entry.wiring import House
from tests.support.browser import EMAIL, PASSWORD, PHONE, Visitor
from tests.support.live import working_house

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LINK = re.compile(r"/([a-z-]+#token=[\w-]+)")


@pytest.fixture
def named(address: str) -> str:
    """The same house by a name: passkeys are bound to one."""
    return address.replace("127.0.0.1", "localhost")


def add_authenticator(window: Visitor) -> None:
    """A passkey device that agrees to all it is asked."""
    devtools = window.context.new_cdp_session(window.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Log out").click()
    page.wait_for_url("**/login")


def test_a_second_factor_and_a_passkey_open_the_door(browser: Browser, named: str) -> None:
    window = Visitor(browser, named)
    page = window.page
    add_authenticator(window)
    window.sign_up()
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up").click()
    key = page.get_by_text("Or type this key into the app").inner_text()
    totp = TOTP(key.split(":")[1].replace(" ", ""))
    window.assert_accessible()
    window.shoot("settings-totp-desk-light")
    page.get_by_label("Code").fill(totp.now())
    page.get_by_role("button", name="Turn codes on").click()
    codes = page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    recovery = codes.first.inner_text()
    window.assert_accessible()
    page.get_by_role("button", name="I have kept them").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Passkey added.")).to_be_visible()
    window.assert_accessible()
    window.shoot("settings-security-desk-light")

    log_out(page)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill("aaaa-bbbb-cccc")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That is not right")).to_be_visible()
    window.assert_accessible()
    window.shoot("second-step-desk-light")
    page.get_by_label("Recovery code").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/")

    log_out(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/")
    window.leave()


def test_a_letter_gives_a_new_password(browser: Browser, house: House) -> None:
    with working_house(house) as working:
        window = Visitor(browser, working.address, viewport=PHONE, has_touch=True, is_mobile=True)
        page = window.page
        window.sign_up()
        window.context.clear_cookies()
        page.goto("/login")
        page.get_by_role("link", name="I forgot my password").click()
        expect(page.get_by_role("heading", name="A new password")).to_be_visible()
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_role("button", name="Send the letter").click()
        expect(page.get_by_role("status")).to_contain_text(EMAIL)
        window.assert_accessible()
        window.shoot("forgotten-phone-light")
        page.goto(f"/{link_of(page, house.settings.mail_folder)}")
        page.get_by_label("New password").fill("Another-1868")
        page.get_by_role("button", name="Set the password").click()
        page.get_by_role("link", name="Log in").click()
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_label("Password", exact=True).fill("Another-1868")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        window.assert_fits()
        window.leave()


def link_of(page: Page, mail: Path) -> str:
    """The page and token in the newest letter that has one; the worker writes it in a moment."""
    for _ in range(200):
        for letter in sorted(mail.glob("*.eml"), reverse=True):
            body = letter.read_text().replace("=\n", "").replace("=3D", "=")
            if match := LINK.search(body):
                return match.group(1)
        page.wait_for_timeout(50)
    raise AssertionError("no letter came")


def test_devices_and_keys_are_shown_and_ended(
    visitor: Callable[..., Visitor],
) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    other = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    other.page.goto("/login")
    other.page.get_by_label("E-mail").fill(EMAIL)
    other.page.get_by_label("Password", exact=True).fill(PASSWORD)
    other.page.get_by_role("button", name="Log in").click()
    other.page.wait_for_url("**/")

    page.goto("/settings/devices")
    expect(page.get_by_text("this one")).to_be_visible()
    window.assert_accessible()
    window.shoot("settings-devices-desk-light")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_text("Logged out there.")).to_be_visible()

    page.goto("/settings/programs")
    page.get_by_role("button", name="New key").click()
    page.get_by_label("What it is for").fill("Shelf robot")
    page.get_by_label("Items: change").check()
    window.assert_accessible()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text(re.compile("^arm_")).first).to_be_visible()
    window.shoot("settings-keys-desk-light")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("listitem").filter(has_text="Shelf robot")).to_be_visible()
    page.get_by_role("button", name="Revoke Shelf robot").click()
    expect(page.get_by_role("listitem").filter(has_text="Shelf robot")).to_have_count(0)


def test_a_household_is_made_shared_and_left(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    page.goto("/settings")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("button", name="Save").first).to_be_disabled()
    page.goto("/settings/spaces")
    page.get_by_role("button", name="New space").click()
    page.get_by_label("Name of the space").fill("The Lovelaces")
    page.get_by_role("button", name="Make the space").click()
    page.get_by_role("button", name="Go there: The Lovelaces").click()
    expect(page.get_by_role("banner")).to_contain_text("The Lovelaces")
    page.goto("/settings/spaces")
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_text(re.compile(r"/invitation#token=")).inner_text()
    expect(page.get_by_text("Whoever has the link")).to_be_visible()
    window.assert_accessible()
    window.shoot("settings-spaces-desk-light")

    guest = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    guest.page.goto(link)
    expect(guest.page.get_by_role("heading", name="You are invited")).to_be_visible()
    expect(guest.page.get_by_text("Ada invites you to “The Lovelaces”")).to_be_visible()
    expect(guest.page.get_by_text("You would see what is there.")).to_be_visible()
    expect(guest.page.get_by_text("session ended")).to_have_count(0)
    guest.assert_accessible()
    guest.shoot("invitation-door-phone-dark")
    guest.page.get_by_role("link", name="Create an account").click()
    expect(guest.page.get_by_role("heading", name="Open your cabinet")).to_be_visible()
    expect(guest.page.get_by_text("Ada invites you to “The Lovelaces”")).to_be_visible()
    guest.page.get_by_label("E-mail").fill("grace@example.org")
    guest.page.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.page.get_by_role("button", name="Create the account").click()
    title = guest.page.get_by_role("heading", level=1)
    expect(title).to_have_text("Ada invites you to “The Lovelaces”")
    guest.assert_accessible()
    guest.shoot("invitation-phone-dark")
    guest.page.get_by_role("button", name="Accept").click()
    guest.page.get_by_role("button", name="Go there: The Lovelaces").click()
    expect(guest.page.get_by_role("banner")).to_contain_text("The Lovelaces")
    guest.page.goto("/settings/spaces")
    guest.assert_fits()
    guest.page.get_by_role("button", name="Leave this space").click()
    guest.page.get_by_role("dialog").get_by_role("button", name="Leave this space").click()
    guest.page.wait_for_url(lambda address: address.endswith("/"))
    expect(guest.page.get_by_role("banner")).not_to_contain_text("The Lovelaces")


def test_an_offer_to_an_address_waits_for_its_letter(browser: Browser, house: House) -> None:
    with working_house(house) as working:
        owner = Visitor(browser, working.address)
        owner.sign_up()
        space = owner.send("/spaces", {"kind": "household", "name": "The Lovelaces"})
        offer = {"role": "viewer", "email": "grace@example.org"}
        owner.send(f"/spaces/{space['id']}/invitations", offer)
        owner.leave()

        window = Visitor(browser, working.address, viewport=PHONE, has_touch=True, is_mobile=True)
        page = window.page
        window.sign_up("grace@example.org")
        page.goto("/invitations")
        page.wait_for_url("**/settings/spaces")
        expect(page.get_by_text("once you have confirmed the address")).to_be_visible()
        expect(page.get_by_role("button", name="Accept")).to_have_count(0)
        window.assert_accessible()
        window.assert_fits()
        window.shoot("settings-spaces-unproved-phone-light")
        page.get_by_role("button", name="Send the letter to confirm it").click()
        expect(page.get_by_text("on its way to grace@example.org")).to_be_visible()
        page.goto(f"/{link_of(page, house.settings.mail_folder)}")
        page.get_by_role("button", name="Confirm my address").click()
        expect(page.get_by_text("Your address is confirmed.")).to_be_visible()
        page.goto("/settings/spaces")
        page.get_by_role("button", name="Accept").click()
        expect(page.get_by_role("button", name="Go there: The Lovelaces")).to_be_visible()
        window.leave()


def test_a_link_shows_a_stranger_what_it_is_for(visitor: Callable[..., Visitor]) -> None:
    window = visitor()
    window.sign_up()
    page = window.page
    book = {
        "kind": "book",
        "title": "Aurora Leigh",
        "cost": {"amount_minor": 4200, "currency": "GBP"},
    }
    sent = page.request.post("/api/v1/items", data=book, headers={"Origin": page.url.rstrip("/")})
    assert sent.ok, sent.text()
    page.goto("/settings/sharing")
    page.get_by_role("button", name="New link").click()
    page.get_by_label("Title of the page").fill("Grace")
    page.get_by_label("Password of the link").fill("Swordfish-1")
    window.assert_accessible()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_text(re.compile(r"/s/")).inner_text()
    window.shoot("settings-sharing-desk-light")

    stranger = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    shown = stranger.page
    shown.goto(link)
    shown.get_by_label("Password", exact=True).fill("wrong")
    shown.get_by_role("button", name="Open").click()
    expect(shown.get_by_text("That is not the password.")).to_be_visible()
    stranger.assert_accessible()
    shown.get_by_label("Password", exact=True).fill("Swordfish-1")
    shown.get_by_role("button", name="Open").click()
    expect(shown.get_by_text("Aurora Leigh")).to_be_visible()
    expect(shown.get_by_text("£42")).to_have_count(0)
    stranger.assert_accessible()
    stranger.assert_fits()
    stranger.shoot("shared-phone-dark")

    page.get_by_role("button", name="Revoke Grace").click()
    expect(page.get_by_text("Revoked.")).to_be_visible()
    shown.goto(link)
    expect(shown.get_by_role("heading", level=1)).to_contain_text("shows nothing any more")
