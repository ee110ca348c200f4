"""The doors of an installation: codes, recovery codes, other providers, letters, invitations."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP

from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import cheap
from tests.support.browser import EMAIL, PASSWORD, PHONE, Visitor
from tests.support.live import live_server, working_house
from tests.support.oidc_provider import OidcProvider, oidc_provider, provider_settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Arrive = Callable[..., Visitor]


def log_in(page: Page, email: str = EMAIL, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Log out").click()
    page.wait_for_url("**/login")


def set_up_codes(page: Page) -> tuple[TOTP, list[str]]:
    """Turn codes on; the app that makes them, and the recovery codes."""
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up").click()
    key = page.get_by_text("Or type this key into the app").inner_text()
    totp = TOTP(key.split(":")[1].replace(" ", ""))
    page.get_by_label("Code").fill(totp.now())
    page.get_by_role("button", name="Turn codes on").click()
    codes = page.get_by_role("list", name="Your recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    recovery = codes.all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    return totp, recovery


def test_a_code_and_a_recovery_code_open_the_door_once(visitor: Arrive) -> None:
    window = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    window.sign_up()
    page = window.page
    totp, recovery = set_up_codes(page)

    log_out(page)
    log_in(page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That is not right, or was used before.")).to_be_visible()
    window.assert_accessible()
    window.assert_fits()
    window.shoot("second-step-wrong-phone-light")
    # The code of the step before is taken too; the one of now was used to turn codes on.
    step = totp.interval
    page.get_by_label("Code").fill(totp.at(_now(page) + step))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/")

    log_out(page)
    log_in(page)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery[0].upper())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/")

    log_out(page)
    log_in(page)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That is not right, or was used before.")).to_be_visible()
    page.get_by_label("Recovery code").fill(recovery[1])
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/")
    page.goto("/settings/security")
    expect(page.get_by_text("8 left")).to_be_visible()


def _now(page: Page) -> int:
    return int(page.evaluate("Math.floor(Date.now() / 1000)"))


@pytest.fixture
def provider() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture
def with_provider(
    tmp_path: Path, database_urls: DatabaseUrls, provider: OidcProvider
) -> Iterator[str]:
    """A house that trusts another provider, at the address to which that sends people back."""
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        port = spare.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    trusted = {"test": provider_settings(provider, label="Grolier Club")}
    settings = Settings(
        data=tmp_path / "data",
        environment="dev",
        log_level="warning",
        public_url=address,
        identity_providers=trusted,  # type: ignore[arg-type]  # pydantic reads the mapping
    )
    with live_server(cheap(build(settings, database_urls)), port) as address:
        yield address


def test_another_provider_lets_in_and_is_linked(
    browser: Browser, with_provider: str, provider: OidcProvider
) -> None:
    window = Visitor(browser, with_provider)
    page = window.page
    page.goto("/login")
    page.get_by_role("link", name="Continue with Grolier Club").click()
    expect(page.get_by_text("This installation has no owner yet.")).to_be_visible()
    window.sign_up()

    somebody = Visitor(browser, with_provider, viewport=PHONE, has_touch=True, is_mobile=True)
    somebody.page.goto("/login")
    expect(somebody.page.get_by_role("link", name="Continue with Grolier Club")).to_be_visible()
    somebody.assert_accessible()
    somebody.assert_fits()
    somebody.shoot("login-provider-phone-light")
    somebody.page.get_by_role("link", name="Continue with Grolier Club").click()
    somebody.page.wait_for_url("**/")
    somebody.page.goto("/settings/security")
    expect(somebody.page.get_by_text(provider.person["email"]).first).to_be_visible()
    somebody.leave()

    # The owner's address there: their account is theirs to link, after they logged in to it.
    provider.person = {**provider.person, "sub": "owner-1", "email": EMAIL}
    page.goto("/settings")
    log_out(page)
    page.get_by_role("link", name="Continue with Grolier Club").click()
    expect(page.get_by_text("Your e-mail address has an account here.")).to_be_visible()
    window.assert_accessible()
    window.shoot("login-link-first-desk-light")
    log_in(page)
    page.wait_for_url("**/settings/security")
    expect(page.get_by_text("Your login at Grolier Club waits to be linked.")).to_be_visible()
    window.assert_accessible()
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_text("Linked. It lets you in from now on.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Grolier Club")).to_be_visible()
    expect(page.get_by_text("waits to be linked")).to_have_count(0)
    window.shoot("settings-linked-desk-light")
    log_out(page)
    page.get_by_role("link", name="Continue with Grolier Club").click()
    page.wait_for_url("**/")
    page.goto("/settings")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value(EMAIL)

    log_out(page)
    provider.answer_changes = {"error": "access_denied", "code": None}
    page.get_by_role("link", name="Continue with Grolier Club").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    window.complaints.clear()
    window.leave()


@pytest.fixture
def strict(
    tmp_path: Path, database_urls: DatabaseUrls, request: pytest.FixtureRequest
) -> Iterator[tuple[str, Path]]:
    """A house that wants addresses proved: where it is, and where its letters go."""
    settings = Settings(
        data=tmp_path / "data",
        environment="dev",
        log_level="warning",
        verify_email=True,
        registration=request.param,
    )
    house = cheap(build(settings, database_urls))
    with working_house(house) as working:
        yield working.address, settings.mail_folder


def letter(page: Page, mail: Path, to: str, link: str) -> str:
    """The page and token in a letter to somebody; the worker writes it in a moment."""
    sought = re.compile(rf"/({link}#token=[\w-]+)")
    for _ in range(300):
        for file in sorted(mail.glob("*.eml"), reverse=True):
            body = file.read_text().replace("=\n", "").replace("=3D", "=")
            if f"To: {to}" in body and (match := sought.search(body)):
                return f"/{match.group(1)}"
        page.wait_for_timeout(50)
    raise AssertionError(f"no letter to {to} with {link}")


@pytest.mark.parametrize("strict", ["open"], indirect=True)
def test_letters_prove_move_and_give_back_an_address(
    browser: Browser, strict: tuple[str, Path]
) -> None:
    address, mail = strict
    owner = Visitor(browser, address)
    owner.sign_up("owner@example.org")
    owner.leave()
    window = Visitor(browser, address, viewport=PHONE, has_touch=True, is_mobile=True)
    page = window.page
    page.goto("/sign-up")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    window.assert_accessible()
    window.shoot("check-mail-phone-light")
    way = letter(page, mail, EMAIL, "verify-email")
    page.goto(way)
    window.assert_accessible()
    window.assert_fits()
    window.shoot("verify-phone-light")
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_text("Your address is confirmed. You can log in now.")).to_be_visible()
    page.goto("/login")
    page.goto(way)
    page.get_by_role("button", name="Confirm my address").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/login")
    log_in(page)
    page.wait_for_url("**/")

    change_address(page, mail)
    page.goto(letter(page, mail, EMAIL, "undo-email"))
    window.shoot("undo-phone-light")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Your old address is back.")).to_be_visible()
    page.goto("/settings")
    page.wait_for_url("**/login**")
    page.goto(letter(page, mail, EMAIL, "reset-password"))
    page.get_by_label("New password").fill(PASSWORD + "x")
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("link", name="Log in").click()
    log_in(page, password=PASSWORD + "x")
    page.wait_for_url("**/")
    window.leave()


def change_address(page: Page, mail: Path) -> None:
    page.goto("/settings/security")
    page.get_by_label("Another address").fill("countess@example.org")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("on its way to countess@example.org")).to_be_visible()
    page.goto(letter(page, mail, "countess@example.org", "confirm-email"))
    page.get_by_role("button", name="Confirm my new address").click()
    expect(page.get_by_text("Your new address is confirmed.")).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("countess@example.org")


@pytest.mark.parametrize("strict", ["invite"], indirect=True)
def test_one_joins_by_invitation_only(browser: Browser, strict: tuple[str, Path]) -> None:
    address, mail = strict
    owner = Visitor(browser, address)
    owner.sign_up()
    owner.send("/admin/invitations", {"email": "grace@example.org"})

    window = Visitor(
        browser, address, viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    guest = window.page
    guest.goto("/sign-up")
    expect(guest.get_by_text("takes people by invitation")).to_be_visible()
    expect(guest.get_by_role("button", name="Create the account")).to_have_count(0)
    guest.goto(letter(guest, mail, "grace@example.org", "join"))
    expect(guest.get_by_label("E-mail")).to_have_value("grace@example.org")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    window.assert_accessible()
    window.assert_fits()
    window.shoot("join-phone-dark")
    guest.get_by_role("button", name="Create the account").click()
    guest.wait_for_url("**/")
    guest.goto("/join#token=nobody-gave-this")
    expect(guest.get_by_text("This invitation is not good any more")).to_be_visible()
    window.leave()
    owner.leave()


def test_a_member_gets_another_role_and_loses_the_prices(visitor: Arrive) -> None:
    owner = visitor()
    owner.sign_up()
    page = owner.page
    page.goto("/settings/spaces")
    page.get_by_role("button", name="New space").click()
    page.get_by_label("Name of the space").fill("The Lovelaces")
    page.get_by_role("button", name="Make the space").click()
    page.get_by_role("button", name="Go there: The Lovelaces").click()
    expect(page.get_by_role("banner")).to_contain_text("The Lovelaces")
    page.goto("/settings/spaces")
    page.get_by_label("Role", exact=True).select_option("editor")
    page.get_by_role("button", name="Invite", exact=True).click()
    seat = page.get_by_text(re.compile(r"/invitation#token=")).inner_text()
    member = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    member.sign_up("grace@example.org")
    member.page.goto(seat)
    member.page.get_by_role("button", name="Accept").click()
    member.page.get_by_role("button", name="Go there: The Lovelaces").click()
    expect(member.page.get_by_role("banner")).to_contain_text("The Lovelaces")
    member.page.goto("/items/new?kind=book")
    member.page.get_by_label("Title", exact=True).fill("Sketch of the Analytical Engine")
    member.page.get_by_role("button", name="Put it on the shelf").click()
    expect(member.page.get_by_role("button", name="Edit")).to_be_visible()

    page.reload()
    row = page.get_by_role("listitem").filter(has_text="grace@example.org")
    money = row.get_by_label("sees prices")
    expect(money).to_be_checked()
    money.click()
    expect(page.get_by_text("Changed.")).to_be_visible()
    expect(money).not_to_be_checked()
    role = row.get_by_role("combobox")
    role.select_option("viewer")
    expect(role).to_have_value("viewer")
    owner.assert_accessible()
    owner.shoot("settings-member-desk-light")
    member.page.reload()
    expect(member.page.get_by_role("heading", level=1)).to_contain_text("Sketch of the")
    expect(member.page.get_by_role("button", name="Edit")).to_have_count(0)
    member.assert_accessible()
    member.shoot("item-viewer-phone-light")
    assert spaces_of(member)["sees_money"] is False


def spaces_of(window: Visitor) -> dict[str, Any]:
    spaces = window.page.request.get("/api/v1/spaces").json()
    return next(each for each in spaces if each["name"] == "The Lovelaces")
