"""Looking after the server: people, invitations, quotas, the audit log, programs, settings."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP

from tests.support.browser import EMAIL, PASSWORD, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GRACE = "grace@example.org"
PAGES = ("people", "invitations", "spaces", "audit", "programs", "settings", "system")


@dataclass
class Two:
    """The administrator at a desk, and somebody with an account on a phone."""

    admin: Visitor
    grace: Visitor
    grace_id: str


@pytest.fixture
def two(visitor: Callable[..., Visitor]) -> Two:
    admin = visitor()
    admin.sign_up()
    grace = visitor(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme="dark")
    grace.sign_up(GRACE)
    return Two(admin, grace, grace.page.request.get("/api/v1/me").json()["id"])


def send(page: Page, method: str, path: str, body: object = None) -> dict[str, object]:
    """What a program would ask for in the visitor's name."""
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    sent = page.request.fetch(
        f"/api/v1{path}", method=method, data=body, headers={"Origin": origin.group()}
    )
    assert sent.ok, sent.text()
    return sent.json() if sent.text() else {}


def press(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """By keyboard alone."""
    control = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # any ARIA role
    expect(control).to_be_enabled()
    control.press("Enter")  # focuses first, also where the page is drawn anew meanwhile


@pytest.fixture
def seen(two: Two, browser: Browser) -> Callable[[str], None]:
    """`seen("people")`: the page as it is now, kept on a phone in the dark, too."""
    state = two.admin.context.storage_state()

    def look(name: str) -> None:
        two.admin.assert_accessible()
        two.admin.assert_fits()
        two.admin.shoot(f"admin-{name}-desk-light")
        options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
        phone = Visitor(
            browser, two.admin.page.url.split("/admin")[0], storage_state=state,
            color_scheme="dark", **options,
        )  # fmt: skip
        phone.page.goto(two.admin.page.url)
        expect(phone.page.get_by_role("heading", level=2).first).to_be_visible()
        expect(phone.page.locator(".mantine-Skeleton-root")).to_have_count(0)
        phone.assert_fits()
        phone.assert_accessible()
        phone.shoot(f"admin-{name}-phone-dark")
        phone.leave()

    return look


def test_people_are_found_changed_and_helped(two: Two, seen: Callable[[str], None]) -> None:
    page = two.admin.page
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Administration").click()
    page.wait_for_url("**/admin/people")
    people = page.get_by_role("list", name="People").get_by_role("listitem")
    expect(people).to_have_count(2)
    expect(people.filter(has_text=EMAIL)).to_contain_text("Administrator")
    seen("people")
    page.get_by_role("searchbox", name="Find people").fill("GRACE")
    expect(people).to_have_count(1)
    page.get_by_role("searchbox", name="Find people").fill("nobody at all")
    expect(page.get_by_role("heading", name="Nobody")).to_be_visible()
    page.get_by_role("searchbox", name="Find people").fill("")
    press(page, "link", GRACE)
    page.wait_for_url(f"**/people/{two.grace_id}")
    expect(page.get_by_role("heading", name=GRACE)).to_be_visible()
    expect(page.get_by_text("0 things, 0 bytes")).to_be_visible()
    seen("person")

    page.get_by_role("combobox", name="Role").select_option("moderator")
    press(page, "button", re.compile("Make .*: Moderator"))
    expect(page.get_by_text("Role changed.")).to_be_visible()
    press(page, "button", "Lock")
    dialog = page.get_by_role("dialog")
    two.admin.assert_accessible()
    two.admin.shoot("admin-lock-desk-light")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    press(page, "button", "Lock")
    dialog.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("button", name="Unlock")).to_be_visible()
    two.grace.page.goto("/collection")
    two.grace.page.wait_for_url("**/login?**")
    press(page, "button", "Unlock")
    expect(page.get_by_role("button", name="Lock", exact=True)).to_be_visible()

    two.grace.page.get_by_label("E-mail").fill(GRACE)
    two.grace.page.get_by_label("Password", exact=True).fill(PASSWORD)
    two.grace.page.get_by_role("button", name="Log in").click()
    two.grace.page.wait_for_url("**/collection")
    secret = str(send(two.grace.page, "POST", "/me/second-factors/totp")["secret"])
    send(two.grace.page, "POST", "/me/second-factors/totp/confirm", {"code": TOTP(secret).now()})
    page.reload()
    press(page, "button", "Send the letter")
    expect(page.get_by_text("The letter is on its way.")).to_be_visible()
    press(page, "button", "Take them away")
    dialog.get_by_role("button", name="Take them away").click()
    expect(page.get_by_text("Second factors taken away.")).to_be_visible()
    expect(page.get_by_role("button", name="Take them away")).to_have_count(0)
    press(page, "button", "Log out everywhere")
    expect(page.get_by_text("They were logged in nowhere.")).to_be_visible()
    two.admin.shoot("admin-person-helped-desk-light")


def test_somebody_is_invited_and_the_invitation_withdrawn(
    two: Two, seen: Callable[[str], None]
) -> None:
    page = two.admin.page
    page.goto("/admin/invitations")
    expect(page.get_by_text("No invitation yet.")).to_be_visible()
    press(page, "button", "Invite somebody")
    page.get_by_label("Address").fill("not an address")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Address")).to_be_focused()
    expect(page.get_by_label("Address")).to_have_attribute("aria-invalid", "true")
    two.admin.assert_accessible()
    two.admin.shoot("admin-invite-desk-light")
    page.get_by_label("Address").fill("")
    page.get_by_label("How many accounts").fill("3")
    page.get_by_label("Good for").select_option("30")
    press(page, "button", "Make the invitation")
    link = page.get_by_text(re.compile(r"/join#token=")).inner_text()
    offer = page.get_by_role("listitem").filter(has_text="Whoever has the link")
    expect(offer).to_contain_text("0 of 3 used")
    expect(offer).to_contain_text(f"by {EMAIL}")
    seen("invitations")
    press(page, "button", "Withdraw the invitation for Whoever has the link")
    expect(offer).to_contain_text("withdrawn")
    two.admin.assert_accessible()
    two.grace.context.clear_cookies()
    two.grace.page.goto(link)
    expect(two.grace.page.get_by_role("alert")).to_be_visible()


def focused(page: Page) -> str:
    """What the keyboard is at, by its words or label."""
    return str(
        page.evaluate(
            "() => { const at = document.activeElement;"
            " return at.getAttribute('aria-label') || at.labels?.[0]?.innerText"
            " || at.innerText || at.tagName }"
        )
    )


def walk(page: Page, key: str, steps: int) -> list[str]:
    """Where so many presses of a key lead."""
    found = []
    for _ in range(steps):
        page.keyboard.press(key)
        found.append(focused(page))
    return found


def test_dialogs_and_forms_are_gone_through_by_keyboard(two: Two) -> None:
    """Into each, around in it, out by Escape or its last button, and on from where one was."""
    page = two.admin.page
    page.goto(f"/admin/people/{two.grace_id}")
    dialog = page.get_by_role("dialog")
    press(page, "button", "Lock")
    expect(dialog).to_be_visible()
    page.wait_for_function("document.activeElement.closest('[role=dialog]') !== null")
    inside = ["Close", "Cancel", "Lock"]
    at = inside.index(focused(page))
    assert walk(page, "Tab", 3) == inside[at + 1 :] + inside[: at + 1], "it goes around"
    assert walk(page, "Shift+Tab", 3)[-1] == inside[at]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Lock")).to_be_focused()

    page.goto("/admin/invitations")
    press(page, "button", "Invite somebody")
    expect(page.get_by_label("Address")).to_be_focused()
    fields = ["Role", "How many accounts", "Good for", "Make the invitation", "Cancel"]
    assert [name.split("\n")[0] for name in walk(page, "Tab", 5)] == fields
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Invite somebody")).to_be_focused()

    page.goto("/admin/programs")
    press(page, "button", "Register a program")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Shelf robot")
    page.keyboard.press("Tab")
    page.keyboard.type("https://robot.example/back")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Register a program")).to_be_focused()
    remove = page.get_by_role("button", name="Remove Shelf robot")
    remove.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    page.keyboard.press("Enter")
    press(page, "button", re.compile("^Remove$"))
    expect(remove).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_a_space_gets_a_quota_of_its_own_and_loses_it(
    two: Two, seen: Callable[[str], None]
) -> None:
    page = two.admin.page
    page.goto("/admin/spaces")
    spaces = page.get_by_role("list", name="Spaces and quotas").get_by_role("listitem")
    expect(spaces).to_have_count(2)
    seen("spaces")
    page.get_by_role("searchbox", name="Find spaces").fill("grace@")
    expect(spaces).to_have_count(1)
    press(page, "link", f"Own space of {GRACE}")
    page.wait_for_url(f"**/spaces/{two.grace_id}")
    page.get_by_label("Storage in GB").fill("lots")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A number, 0 or more.")).to_be_visible()
    page.get_by_label("Storage in GB").fill("1.5")
    page.get_by_label("Things", exact=True).fill("9999999999999999999")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Things", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Things", exact=True).fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Quota set.")).to_be_visible()
    expect(page.get_by_text("0 bytes of 1.5 GB")).to_be_visible()
    item = {"kind": "book", "title": "Aurora Leigh"}
    send(two.grace.page, "POST", "/items", item)
    page.reload()
    expect(page.get_by_text("1 of 1")).to_be_visible()
    seen("quota")
    press(page, "button", "Back to the server's own")
    expect(page.get_by_text("This space follows the server's own bounds.")).to_be_visible()
    expect(page.get_by_text("1, no bound")).to_be_visible()
    expect(page.get_by_label("Storage in GB")).to_have_value("")


def test_the_log_is_searched_read_and_taken_out(two: Two, seen: Callable[[str], None]) -> None:
    page = two.admin.page
    user = f"/admin/users/{two.grace_id}"
    send(page, "PUT", f"{user}/role", {"role": "moderator"})
    for _ in range(18):
        send(page, "POST", f"{user}/disable")
        send(page, "POST", f"{user}/enable")
    page.goto("/admin/audit")
    entries = page.get_by_role("listitem").filter(has_text="by you")
    expect(entries).to_have_count(30)
    press(page, "button", "Show more")
    expect(page.get_by_text("Somebody made an account.").first).to_be_visible()
    what = page.get_by_role("combobox", name="What")
    what.fill("role on the server")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(entries).to_have_count(1)
    press(page, "button", "Details: A person's role on the server changed.")
    expect(page.get_by_text("user → moderator", exact=True)).to_be_visible()
    expect(page.get_by_text(f"account {GRACE}")).to_be_visible()
    seen("audit")
    press(page, "button", "Only what you did")
    expect(page.get_by_role("button", name="No longer only: Who: you")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Take out all that match: As CSV").click()
    text = taken.value.path().read_text()
    assert "account.role_changed" in text
    assert "account.disabled" not in text
    press(page, "button", "No longer only: Who: you")
    page.get_by_label("To", exact=True).fill("2020-01-01")
    expect(page.get_by_role("heading", name="Nothing of the kind")).to_be_visible()
    two.admin.assert_accessible()

    two.grace.page.goto("/login")
    two.grace.page.get_by_label("E-mail").fill(GRACE)
    two.grace.page.get_by_label("Password", exact=True).fill(PASSWORD)
    two.grace.page.get_by_role("button", name="Log in").click()
    two.grace.page.wait_for_url("**/")
    two.grace.page.goto("/settings/history")
    expect(two.grace.page.get_by_text("Somebody logged in.").first).to_be_visible()
    two.grace.assert_accessible()
    two.grace.assert_fits()
    two.grace.shoot("settings-history-phone-dark")


def test_programs_and_settings_of_the_server(two: Two, seen: Callable[[str], None]) -> None:
    page = two.admin.page
    page.goto("/admin/programs")
    press(page, "button", "Register a program")
    page.get_by_label("Name").fill("Shelf robot")
    page.get_by_label("Addresses that a login may return to").fill("http://elsewhere.example/back")
    press(page, "button", "Register")
    field = page.get_by_label("Addresses that a login may return to")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    field.fill("http://127.0.0.1/callback\nhttps://robot.example/back")
    press(page, "button", "Register")
    robot = page.get_by_role("listitem").filter(has_text="Shelf robot")
    expect(robot).to_contain_text("https://robot.example/back")
    seen("programs")
    press(page, "button", "Remove Shelf robot")
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(robot).to_have_count(0)

    page.goto("/admin/settings")
    settings = page.get_by_role("list", name="Settings in force").get_by_role("listitem")
    expect(settings.filter(has_text="ARMARIUM_PORT")).to_be_visible()
    seen("settings")
    page.get_by_role("searchbox", name="Find a setting").fill("mail host")
    expect(settings.filter(has_text="ARMARIUM_MAIL__HOST")).to_contain_text("default")
    page.get_by_role("link", name="System").click()
    expect(page.get_by_role("term").filter(has_text="Database")).to_be_visible()
    seen("system")


def test_acting_as_somebody_is_seen_on_every_page_and_ended(two: Two) -> None:
    page = two.admin.page
    page.goto(f"/admin/people/{two.grace_id}")
    press(page, "button", "Act as this person")
    page.get_by_role("dialog").get_by_role("button", name="Act as this person").click()
    banner = page.get_by_role("region", name="Acting as somebody else")
    expect(banner).to_contain_text(GRACE)
    for path in ("/", "/collection", "/settings/security"):
        page.goto(path)
        expect(banner).to_contain_text(GRACE)
    page.goto("/collection")
    two.admin.assert_accessible()
    two.admin.shoot("acting-desk-light")
    page.get_by_role("button", name="Account").click()
    expect(page.get_by_role("menuitem", name="Settings")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Administration")).to_have_count(0)
    expect(page.get_by_role("menuitem", name="Log out")).to_have_count(0)
    page.keyboard.press("Escape")
    send(page, "POST", "/items", {"kind": "book", "title": "Put there by support"})
    page.set_viewport_size(PHONE)
    page.goto("/collection")
    expect(page.get_by_text("Put there by support")).to_be_visible()
    two.admin.assert_fits()
    page.emulate_media(color_scheme="dark")
    two.admin.shoot("acting-phone-dark")
    press(page, "button", "End")
    page.wait_for_url(f"**/admin/people/{two.grace_id}")
    expect(banner).to_have_count(0)
    expect(page.get_by_role("heading", name=GRACE)).to_be_visible()
    assert page.request.get("/api/v1/me").json()["email"] == EMAIL
    page.goto("/admin/audit")
    acts = page.get_by_role("listitem").filter(has_text=f"by you, acting as {GRACE}")
    expect(acts.filter(has_text="An administrator changed something").first).to_be_visible()


def test_an_acting_that_was_ended_elsewhere_does_nothing_in_the_administrators_name(
    two: Two,
) -> None:
    page = two.admin.page
    page.goto(f"/admin/people/{two.grace_id}")
    press(page, "button", "Act as this person")
    page.get_by_role("dialog").get_by_role("button", name="Act as this person").click()
    expect(page.get_by_role("region", name="Acting as somebody else")).to_be_visible()
    page.goto("/items/new?kind=book")
    page.get_by_role("textbox", name="Title", exact=True).fill("Nobody's book")
    send(page, "DELETE", "/me/impersonation")
    page.get_by_role("button", name="Put it on the shelf").click()
    page.wait_for_url(f"**/admin/people/{two.grace_id}")
    expect(page.get_by_role("heading", name=GRACE)).to_be_visible()
    assert page.request.get("/api/v1/items").json() == []


def test_others_see_nothing_of_the_administration(two: Two) -> None:
    window, page = two.grace, two.grace.page
    page.goto("/more")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)
    for name in ("", *PAGES, f"people/{two.grace_id}"):
        page.goto(f"/admin/{name}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("This shelf is empty")
        expect(page.get_by_text(EMAIL)).to_have_count(0)
    window.assert_accessible()


def test_an_account_that_is_being_erased_can_be_kept(two: Two) -> None:
    window, page = two.grace, two.grace.page
    send(page, "POST", "/me/deletion")
    page.goto("/login")
    page.get_by_label("E-mail").fill(GRACE)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is erased on")
    window.assert_accessible()
    window.assert_fits()
    window.shoot("closing-phone-dark")
    page.goto("/collection")
    press(page, "button", "Keep my account")
    expect(page.get_by_role("navigation", name="Main").last).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    assert page.request.get("/api/v1/me").json()["closes_at"] is None
