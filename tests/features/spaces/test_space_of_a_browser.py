"""The space that a browser acts in, where it can send no header: pictures."""

from fastapi import FastAPI

from armarium.platform.http.access import ACCESS_COOKIE, SPACE_COOKIE
from tests.support.api import client_of
from tests.support.sharing import household

BOOK = {"kind": "book", "title": "Aurora Leigh"}


async def test_a_cookie_says_it_for_reading_and_never_for_writing(app: FastAPI) -> None:
    async with household(app) as home, client_of(app) as browser:
        made = (await home.as_owner.post("/api/v1/items", json=BOOK)).json()
        here = {SPACE_COOKIE: home.id}
        browser.cookies.update({ACCESS_COOKIE: home.viewer.access_token, **here})
        assert (await browser.get(f"/api/v1/items/{made['id']}")).status_code == 200
        same = {"Sec-Fetch-Site": "same-origin"}
        written = await browser.post("/api/v1/items", json=BOOK, headers=same)
        assert written.status_code == 201  # into the viewer's own space
        own = {"X-Space": str(home.viewer.id)}
        found = await browser.get(f"/api/v1/items/{written.json()['id']}", headers=own)
        assert found.status_code == 200


async def test_the_cookie_opens_nothing_to_strangers_and_steers_no_program(app: FastAPI) -> None:
    async with household(app) as home, client_of(app) as browser:
        made = (await home.as_owner.post("/api/v1/items", json=BOOK)).json()
        path = f"/api/v1/items/{made['id']}"
        browser.cookies.update({ACCESS_COOKIE: home.stranger.access_token, SPACE_COOKIE: home.id})
        assert (await browser.get(path)).status_code == 404
        browser.cookies.set(SPACE_COOKIE, "nonsense")
        assert (await browser.get("/api/v1/me")).status_code == 200
        home.viewer.client.cookies.set(SPACE_COOKIE, home.id)
        assert (await home.viewer.client.get(path)).status_code == 404
