"""A person at a browser: the built web app in a real Chromium, on a house of the test's own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "artifacts" / "browser"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
EMAIL = "ada@example.org"
PASSWORD = "Armarium-1867"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
REFUSAL = re.compile(r"Failed to load resource: .* status of 4\d\d ")
"""The browser logs every refused request as an error; whether the page copes is asserted apart."""


def chromium() -> str:
    """The browser to drive, from `ARMARIUM_TEST_CHROMIUM` or the usual places."""
    named = os.environ.get("ARMARIUM_TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium here; set ARMARIUM_TEST_CHROMIUM to one")
    return found


def build_web() -> None:
    """Have web/dist as the sources are; nothing happens when it is."""
    script = ROOT / "scripts" / "build_web.py"
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@contextmanager
def browsing(*flags: str) -> Iterator[Browser]:
    """One browser process."""
    path = chromium()
    build_web()
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()


class Visitor:
    """A browser window; what its console complains about fails the test at the end."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        options = {"viewport": DESK, "color_scheme": "light", "locale": "en", **options}
        self.context: BrowserContext = browser.new_context(base_url=address, **options)
        self.context.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page: Page = self.open_page()

    def open_page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)
        return page

    def _listen(self, message: Any) -> None:
        if message.type == "error" and not REFUSAL.search(message.text):
            self.complaints.append(message.text)

    def sign_up(self, email: str = EMAIL) -> None:
        self.page.goto("/sign-up")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Create the account").click()
        self.page.wait_for_url("**/")

    def send(self, path: str, body: dict[str, Any]) -> Any:
        """Post to the API as this person, where a walk needs things and not the way to them."""
        origin = re.match(r"https?://[^/]+", self.page.url)
        assert origin is not None
        headers = {"Origin": origin[0]}
        answer = self.page.request.post(f"/api/v1{path}", data=body, headers=headers)
        assert answer.ok, answer.text()
        return answer.json()

    def give_photo(self, item_id: str, photo: bytes) -> None:
        """Hang a photo on a thing."""
        origin = re.match(r"https?://[^/]+", self.page.url)
        assert origin is not None
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo}
        answer = self.page.request.post(
            f"/api/v1/items/{item_id}/images",
            multipart={"files": file},
            headers={"Origin": origin[0]},
        )
        assert answer.ok, answer.text()

    def wait_for_thumbnails(self, item_id: str) -> None:
        """The worker makes the smaller copies of photos in a moment."""
        for _ in range(400):
            shown = self.page.request.get(f"/api/v1/items/{item_id}").json()["cover"]
            if shown and self.page.request.get(shown["urls"]["256"]).ok:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("no smaller copy was made")

    def shoot(self, name: str) -> None:
        """Keep a picture of the page as a build artefact, once its pictures are there."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        self.page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")

    def assert_fits(self) -> None:
        """Nothing is wider than the window."""
        spare = self.page.evaluate("innerWidth - document.documentElement.scrollWidth")
        assert spare >= 0, f"{self.page.url} is {-spare} pixels too wide"

    def assert_accessible(self) -> None:
        """No violation of WCAG 2.2 AA that a program can find.

        A menu that is just fading out is no page; what is wrong stays wrong for half a second.
        """
        told = self._violations()
        for _again in range(2):
            if told:
                self.page.wait_for_timeout(250)
                told = self._violations()
        assert not told, f"{self.page.url}: " + "\n".join(told)

    def _violations(self) -> list[str]:
        self.page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", tags
        )
        return [
            f"{each['id']}: {each['nodes'][0]['target']} {each['nodes'][0]['failureSummary']}"
            for each in found["violations"]
        ]

    def leave(self) -> None:
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)
