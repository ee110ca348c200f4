"""Whose address counts, with and without proxies of ours, and whatever a client writes."""

from pathlib import Path

import pytest
from starlette.datastructures import Headers

from armarium.platform.http.addresses import address_group, found_address
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, client_of, make_house, running_app

SCOPE = {"client": ("10.0.0.1", 4711)}


def found(forwarded: list[str], hops: int) -> str | None:
    raw = [(b"x-forwarded-for", value.encode("latin-1")) for value in forwarded]
    return found_address(SCOPE, Headers(raw=raw), hops)


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ([], 0, "10.0.0.1"),
        (["203.0.113.7"], 0, "10.0.0.1"),
        (["203.0.113.7"], 1, "203.0.113.7"),
        # What the client wrote stands to the left of what our proxy added.
        (["6.6.6.6, 203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6", "203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6, 203.0.113.7, 10.0.0.9"], 2, "203.0.113.7"),
        (["203.0.113.7"], 3, "203.0.113.7"),
        ([], 2, "10.0.0.1"),
        (["nonsense"], 1, "10.0.0.1"),
        (["203.0.113.7, "], 1, "10.0.0.1"),
        (["203.0.113.7:55000"], 1, "203.0.113.7"),
        (['"[2001:db8::1]:443"'], 1, "2001:db8::1"),
        (["::ffff:203.0.113.7"], 1, "203.0.113.7"),
        (["fe80::1%eth0"], 1, "fe80::1"),
        (["\xff\x00" * 5000], 1, "10.0.0.1"),
    ],
)
def test_exactly_the_trusted_hops_are_believed(
    forwarded: list[str], hops: int, address: str
) -> None:
    assert found(forwarded, hops) == address


def test_neighbors_of_an_ipv6_address_share_its_limit() -> None:
    assert address_group("2001:db8:1:2:aaaa::1") == address_group("2001:db8:1:2:bbbb::9")
    assert address_group("2001:db8:1:3::1") != address_group("2001:db8:1:2::1")
    assert address_group("203.0.113.7") == "203.0.113.7"
    assert address_group("::ffff:203.0.113.7") == "203.0.113.7"
    assert address_group(None) == "local"


@pytest.mark.parametrize(
    ("settings", "scheme"),
    [
        ({}, "http"),
        ({"trusted_hops": 1}, "https"),
        ({"public_url": "https://shelf.example.org"}, "https"),
        ({"public_url": "https://shelf.example.org", "trusted_hops": 0}, "http"),
    ],
)
async def test_a_proxy_says_that_the_browser_came_by_https(
    database_urls: DatabaseUrls, tmp_path: Path, settings: dict[str, object], scheme: str
) -> None:
    house = make_house(database_urls, tmp_path, **settings)
    async with running_app(house) as app, client_of(app) as visitor:
        answer = await visitor.post(
            "/api/v1/auth/register",
            json={"email": "ada@example.org", "password": PASSWORD, "cookies": True},
            headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"},
        )
        assert answer.status_code == 201
        assert ("secure" in answer.headers["set-cookie"].lower()) is (scheme == "https")
