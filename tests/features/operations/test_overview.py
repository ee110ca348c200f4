"""What an administrator sees of all spaces and settings."""

from collections.abc import Awaitable, Callable

import pytest
from httpx2 import AsyncClient
from pydantic import SecretStr

from armarium.entry.settings import MailSettings, Settings
from armarium.entry.settings_view import effective
from tests.support.items import CHARIZARD, add_item
from tests.support.media import send_picture

SignIn = Callable[..., Awaitable[AsyncClient]]


async def test_spaces_are_listed_with_what_they_use(sign_in: SignIn) -> None:
    admin, ada = await sign_in(), await sign_in()
    await send_picture(ada)
    await add_item(ada, CHARIZARD)
    me = (await ada.get("/api/v1/me")).json()["id"]
    first = await admin.get("/api/v1/admin/spaces", params={"limit": 1})
    assert 'rel="next"' in first.headers["Link"]
    assert first.json()[0]["id"] == me
    line = next(each for each in (await admin.get("/api/v1/admin/spaces")).json())
    assert (line["kind"], line["members"], line["items"]) == ("person", 1, 1)
    assert line["storage_bytes"] > 100
    assert line["owner"] == (await ada.get("/api/v1/me")).json()["email"]

    async def found(**narrowed: object) -> list[str]:
        answer = await admin.get("/api/v1/admin/spaces", params=narrowed)
        return [each["id"] for each in answer.json()]

    made = await ada.post("/api/v1/spaces", json={"name": "100%_Ada", "kind": "household"})
    household = made.json()["id"]
    assert await found(q="0%_a") == [household]
    assert await found(q="0__a") == []
    assert await found(q=line["owner"].upper()) == [household, me]
    assert await found(id=[me]) == [me]
    bad = await admin.get("/api/v1/admin/spaces", params={"cursor": "eA"})
    assert bad.status_code == 422
    for path in ("spaces", "settings"):
        assert (await ada.get(f"/api/v1/admin/{path}")).status_code == 403
    names = {each["name"] for each in (await admin.get("/api/v1/admin/settings")).json()}
    assert "ARMARIUM_ACCOUNT_GRACE_DAYS" in names


def test_no_secret_is_among_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARMARIUM_SECRET_KEY", "hunter2" * 5)
    settings = Settings(mail=MailSettings(host="mail.example.org", password=SecretStr("hunter2")))
    found = {each["name"]: each for each in effective(settings)}
    assert "hunter2" not in str(found)
    assert found["ARMARIUM_SECRET_KEY"]["source"] == "environment"
    assert found["ARMARIUM_MAIL__PASSWORD"]["value"] == "********"
    assert found["ARMARIUM_TRASH_DAYS"]["source"] == "default"
