"""Much and large: hundreds of things in a list, a photo under the loupe, a photo over the limit."""

import re
from pathlib import Path
from typing import Any

import pytest
import pyvips
from playwright.sync_api import expect

from tests.e2e.conftest import Studio
from tests.support.browser import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES = 25 * 1024 * 1024
MANY = 230


def photo(file: Path, width: int, height: int, quality: int) -> Path:
    noise: Any = pyvips.Image.gaussnoise(width, height, mean=128, sigma=60).cast("uchar")
    turned = noise.rot180()
    picture = noise.bandjoin([turned, noise.invert()]).copy(interpretation="srgb")
    picture.jpegsave(str(file), Q=quality, subsample_mode="off")
    return file


def test_hundreds_of_things_come_as_one_goes_down(guest: Visitor) -> None:
    page = guest.page
    for number in range(MANY):
        guest.send("/items", {"kind": "book", "title": f"Volume {number:03}"})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/collection")
    page.locator("label", has_text="Table").click()
    lines = page.get_by_role("list", name="Collection").get_by_role("listitem")
    expect(lines.filter(has_text="Volume 229")).to_be_visible()
    expect(page.get_by_text(f"{MANY} things")).to_be_visible()
    guest.assert_accessible()
    last = lines.filter(has_text="Volume 000")
    for _ in range(120):
        page.evaluate("scrollBy(0, 900)")
        page.wait_for_timeout(60)
        if last.count():
            break
    expect(last).to_be_visible()
    assert lines.count() < 60, "only what is near the window is in the document"
    pages = [url for url in asked if re.search(r"/items\?.*cursor=", url)]
    assert len(set(pages)) == MANY // 60, pages
    guest.shoot("collection-many-desk-light")

    last.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Volume 000")).to_be_visible()
    page.go_back()
    expect(last).to_be_visible()


def test_a_loupe_follows_the_mouse(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    made = guest.send("/items", {"kind": "art", "title": "The Bubbles"})
    guest.give_photo(made["id"], photo(studio.folder / "a.jpg", 900, 1200, 80).read_bytes())
    guest.wait_for_thumbnails(made["id"])
    page.goto(f"/items/{made['id']}")
    wall = page.get_by_role("region", name="Photos")
    image = wall.get_by_role("button", name="See the photo large").get_by_role("img")
    expect(image).to_be_visible()
    image.evaluate("picture => picture.decode()")
    glass = page.locator("[class*=loupe]")
    expect(glass).to_have_count(0)
    box = image.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    expect(glass).to_be_visible()
    first = glass.evaluate("glass => glass.style.backgroundPosition")
    guest.shoot("item-loupe-desk-light")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert glass.evaluate("glass => glass.style.backgroundPosition") != first
    seen = glass.bounding_box()
    assert seen is not None
    center = seen["x"] + seen["width"] / 2
    assert abs(center - (box["x"] + box["width"] / 2)) < 2, "the glass is where the mouse is"
    page.mouse.move(5, 5)
    expect(glass).to_have_count(0)
    image.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_photo_over_the_limit_is_made_smaller_here(guest: Visitor, studio: Studio) -> None:
    page = guest.page
    large = photo(studio.folder / "large.jpg", 5200, 4200, 98)
    assert large.stat().st_size > MOST_BYTES
    made = guest.send("/items", {"kind": "art", "title": "The Railway Station"})
    page.goto(f"/items/{made['id']}")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add photos").click()
    chooser.value.set_files([large])
    expect(page.get_by_text("1 photo added")).to_be_visible(timeout=60_000)
    kept = page.request.get(f"/api/v1/items/{made['id']}").json()["images"][0]
    assert 2000 < kept["width"] < 5200
    assert abs(kept["width"] / kept["height"] - 5200 / 4200) < 0.01
    sent = page.request.get(kept["urls"]["original"]).body()
    assert len(sent) <= MOST_BYTES
