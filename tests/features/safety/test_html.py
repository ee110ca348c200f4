"""HTML from outside never acts, and files from outside never act as pages."""

import re

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from armarium.platform.html import clean, plain
from tests.support import pictures
from tests.support.api import client_of, register

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://evil.example/x.css'</style>",
    '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><base href=//evil.example/>",
    "<form action=//evil.example><input name=a autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p><![CDATA[<script>alert(1)</script>]]></p>",
    "<x/onclick=alert(1)>a",
    "\ud83d<script\0>alert(1)</script>".encode("utf-8", "replace").decode(),
]
ACTS = re.compile(
    r"<\s*(script|img|svg|math|style|iframe|object|embed|base|form|input|meta|template)\b"
    r"|\son\w+\s*=[^<]*>|href=\"\s*(?!https?:|mailto:)[a-z]+:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_acts_comes_through(attack: str) -> None:
    assert not ACTS.search(clean(attack))
    assert not ACTS.search(clean(clean(attack)))
    assert not ACTS.search(clean(plain(attack)))


@given(st.text(alphabet="<>/!-=\"'& abcsriptonelx\n", max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not ACTS.search(once)


def test_what_people_write_stays() -> None:
    kept = clean('<p>A <b>fine</b> copy, <a href="https://x.example/a" onclick="y">seen</a></p>')
    assert kept == (
        '<p>A <b>fine</b> copy, <a href="https://x.example/a" '
        'rel="noopener noreferrer nofollow">seen</a></p>'
    )


def test_words_alone() -> None:
    text = "<h2>Poems</h2><p>Smith &amp; Elder,<br>1846 &lt;first&gt;</p><ul><li>a<li>b</ul>"
    assert plain(text) == "Poems\nSmith & Elder,\n1846 <first>\na\nb"


async def test_a_picture_that_is_also_a_page_is_served_as_a_picture_in_a_sandbox(
    app: FastAPI,
) -> None:
    ada = await register(app)
    sent = await ada.client.post(
        "/api/v1/media", files={"file": ("x.html", pictures.polyglot(), "text/html")}
    )
    assert sent.is_success, sent.text
    path = f"/api/v1/media/{sent.json()['id']}/original"
    link = (await ada.client.get(f"{path.rsplit('/', 1)[0]}/link?variant=original")).json()
    for client, address in ((ada.client, path), (client_of(app), link.get("url", path))):
        answer = await client.get(address)
        if answer.status_code in {401, 404}:
            continue
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_pages_keep_the_policy_of_pages(app: FastAPI) -> None:
    async with client_of(app) as visitor:
        page = (await visitor.get("/api/docs")).headers["content-security-policy"]
        assert "script-src 'self';" in page
        assert "unsafe-inline" not in page.split("script-src")[1].split(";")[0]
        data = (await visitor.get("/api/v1/health/version")).headers["content-security-policy"]
        assert data.endswith("sandbox")
