"""The guarded fetch against a real server of this machine, and against every trick we know."""

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armarium.adapters.fetch import GuardedFetch, Networks
from armarium.platform.http import certificates
from armarium.platform.http.tls import server_context
from armarium.ports.fetch import FetchFailed, FetchLimits, FetchRefused, WebFetch

PUBLIC = "93.184.216.34"
HOME = ("127.0.0.1",)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.31.255.255", "192.168.0.1",  # noqa: S104  # not bound
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192",
        "198.18.0.1", "192.0.2.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "fc00::1",
        "ff02::1", "2001:db8::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::",
        "2002:0808:0808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "nonsense", "",
    ],
)  # fmt: skip
def test_addresses_that_are_never_dialed(address: str) -> None:
    assert not Networks().is_reachable(address)


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_web(address: str) -> None:
    assert Networks().is_reachable(address)


@given(st.integers(0, 2**32 - 1))
def test_no_wrapping_makes_an_address_more_reachable(number: int) -> None:
    plain = f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    if not Networks().is_reachable(plain):
        for wrapped in (f"::ffff:{plain}", f"64:ff9b::{plain}", f"::{plain}"):
            assert not Networks().is_reachable(wrapped)


def test_the_operator_may_allow_networks() -> None:
    networks = Networks(["192.168.1.0/24", "fd12::/16"])
    assert networks.is_reachable("192.168.1.7")
    assert networks.is_reachable("::ffff:192.168.1.7")
    assert networks.is_reachable("fd12::9")
    assert not networks.is_reachable("192.168.2.7")


Answer = Callable[[str, dict[str, str]], bytes]


def http(status: str, body: bytes = b"", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""])
    return head.encode() + body


class Site:
    """A server that answers as a test tells it, and remembers what it was asked."""

    def __init__(self, answer: Answer, context: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._context = context
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        # A handshake that failed is cleared up by the loop, which must live that long.
        await asyncio.sleep(0.05)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        path = first.split(" ")[1]
        self.asked.append((path, headers))
        try:
            writer.write(self._answer(path, headers))
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


def fetcher(port: int, names: dict[str, list[str]] | None = None, **options: object) -> WebFetch:
    """It may dial this machine under `site.test`; everything else is as in the product."""
    table = {"site.test": ["127.0.0.1"], **(names or {})}

    async def look_up(host: str, _port: int) -> list[str]:
        if host in table:
            return table[host]
        raise OSError("no such host")

    given: dict[str, object] = {"allowed_networks": HOME, "allowed_ports": [port], **options}
    return GuardedFetch(resolve=look_up, **given)  # type: ignore[arg-type]  # a table of options


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    def answer(path: str, _headers: dict[str, str]) -> bytes:
        if path.startswith("/to/"):
            return http("302 Found", Location=path[4:])
        return http("200 OK", b"<p>hello</p>", Content_Type="text/html; charset=utf-8")

    async with Site(answer) as running:
        yield running


async def test_a_page_comes_back_with_the_name_that_was_asked_for(site: Site) -> None:
    got = await fetcher(site.port).fetch(f"http://site.test:{site.port}/a?b=c")
    assert (got.status, got.content_type, got.body) == (200, "text/html", b"<p>hello</p>")
    path, headers = site.asked[0]
    assert path == "/a?b=c"
    assert headers["host"] == f"site.test:{site.port}"
    assert headers["user-agent"].startswith("Armarium/")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://site.test/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://site.test/", "scheme"),
        ("data:text/html,x", "scheme"),
        ("//site.test/", "scheme"),
        ("", "scheme"),
        ("http://", "bad_address"),
        ("http:///x", "bad_address"),
        ("http://a@site.test/", "credentials"),
        ("http://site.test@127.0.0.1/", "credentials"),
        ("http://site.test:22/", "port"),
        ("http://site.test:6379/", "port"),
        ("http://site.test:99999/", "port"),
        ("http://site.test/\r\nX: y", "bad_address"),
        ("http://site.test/ HTTP/1.1", "bad_address"),
        ("http://[::1", "bad_address"),
        ("http://" + "a" * 5000, "bad_address"),
    ],
)
async def test_addresses_that_are_refused_at_sight(url: str, reason: str) -> None:
    with pytest.raises(FetchRefused) as refused:
        await fetcher(1).fetch(url)
    assert refused.value.reason == reason


SPELLINGS = [
    "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://127.1/", "http://0/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://127\u30020\u30020\u30021/", "http://\u2460\u2461\u2466.0.0.1/",
    "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://localhost/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://127.0.0.1./",
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
async def test_no_spelling_of_an_inner_address_is_dialed(url: str) -> None:
    """With the system's own resolver, which knows all these forms."""
    with pytest.raises((FetchRefused, FetchFailed)) as refused:
        await GuardedFetch().fetch(url, limits=FetchLimits(seconds=5))
    if isinstance(refused.value, FetchRefused):
        assert refused.value.reason in {"forbidden_network", "bad_address"}
    assert "127.0.0.1" not in str(refused.value)


async def test_a_name_with_one_inner_address_is_refused_whole(site: Site) -> None:
    fetch = fetcher(site.port, {"mixed.test": [PUBLIC, "10.0.0.1"]})
    for call in (fetch.fetch, fetch.check):
        with pytest.raises(FetchRefused) as refused:
            await call(f"http://mixed.test:{site.port}/")
        assert refused.value.reason == "forbidden_network"
    await fetch.check(f"http://site.test:{site.port}/")
    with pytest.raises(FetchFailed):
        await fetch.check("http://nowhere.test/")


async def test_a_name_that_changes_between_look_and_dial_gains_nothing(site: Site) -> None:
    """Rebinding: the name is looked up once, and what was looked at is what is dialed."""
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    fetch = GuardedFetch(allowed_networks=HOME, allowed_ports=[site.port], resolve=rebinding)
    got = await fetch.fetch(f"http://evil.test:{site.port}/")
    assert (got.status, len(asked)) == (200, 1)
    with pytest.raises(FetchRefused):
        await fetch.fetch(f"http://evil.test:{site.port}/")
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/", "forbidden_network"),
        ("http://inner.test/", "forbidden_network"),
        ("file:///etc/passwd", "scheme"),
        ("http://site.test:25/", "port"),
        ("http://u:p@site.test/", "credentials"),
        ("//inner.test/", "forbidden_network"),
    ],
)
async def test_every_redirect_is_looked_at_again(site: Site, location: str, reason: str) -> None:
    table = {"inner.test": ["10.0.0.1"], "169.254.169.254": ["169.254.169.254"]}
    with pytest.raises(FetchRefused) as refused:
        await fetcher(site.port, table).fetch(f"http://site.test:{site.port}/to/{location}")
    assert refused.value.reason == reason


async def test_redirects_lead_on_a_few_times_and_not_for_ever(site: Site) -> None:
    base = f"http://site.test:{site.port}"
    got = await fetcher(site.port).fetch(f"{base}/to//to//page")
    assert (got.url, got.body) == (f"{base}/page", b"<p>hello</p>")

    def loop(path: str, _headers: dict[str, str]) -> bytes:
        return http("302 Found", Location=path)

    async with Site(loop) as circle:
        with pytest.raises(FetchRefused) as refused:
            await fetcher(circle.port).fetch(f"http://site.test:{circle.port}/")
        assert refused.value.reason == "too_many_redirects"
        assert len(circle.asked) == 6
        # What changes something is sent once.
        got = await fetcher(circle.port).fetch(
            f"http://site.test:{circle.port}/", method="POST", body=b"{}"
        )
        assert got.status == 302


async def test_credentials_stay_with_their_host(site: Site) -> None:
    names = {"other.test": ["127.0.0.1"]}
    headers = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Plain": "kept"}
    base = f"http://site.test:{site.port}"
    fetch = fetcher(site.port, names)
    await fetch.fetch(f"{base}/to//same", headers=headers)
    await fetch.fetch(f"{base}/to/http://other.test:{site.port}/", headers=headers)
    assert site.asked[1][1]["authorization"] == "Bearer x"
    elsewhere = site.asked[3][1]
    assert elsewhere["x-plain"] == "kept"
    assert not {"authorization", "cookie"} & elsewhere.keys()


BOMB = gzip.compress(b"0" * 30_000_000)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (http("200 OK", b"x" * 2001), "too_large"),
        (http("200 OK", b"x", Content_Length="99999999"), "too_large"),
        (http("200 OK", BOMB, Content_Encoding="gzip"), "too_large"),
        (http("200 OK", zlib.compress(b"0" * 5000), Content_Encoding="deflate"), "too_large"),
        (http("200 OK", b"x", Content_Encoding="br"), "encoding"),
        (http("200 OK", b"x", Content_Encoding="gzip, gzip"), "encoding"),
        (http("200 OK", b"MZ", Content_Type="application/octet-stream"), "unexpected_type"),
        (http("200 OK", b"x"), "unexpected_type"),
    ],
)
async def test_answers_that_are_not_taken(answer: bytes, reason: str) -> None:
    async with Site(lambda _path, _headers: answer) as site:
        types = ("text/", "image/png") if reason == "unexpected_type" else ()
        with pytest.raises(FetchRefused) as refused:
            await fetcher(site.port).fetch(
                f"http://site.test:{site.port}/", limits=FetchLimits(max_bytes=2000, types=types)
            )
        assert refused.value.reason == reason


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense\r\n\r\n", http("200 OK", b"junk", Content_Encoding="gzip"),
               b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"],
)  # fmt: skip
async def test_broken_answers_are_failures_of_the_other_side(answer: bytes) -> None:
    async with Site(lambda _path, _headers: answer) as site:
        with pytest.raises(FetchFailed):
            await fetcher(site.port).fetch(f"http://site.test:{site.port}/")


async def test_a_packed_answer_is_unpacked() -> None:
    packed = http("200 OK", gzip.compress(b"hello"), Content_Encoding="gzip")
    async with Site(lambda _path, _headers: packed) as site:
        assert (await fetcher(site.port).fetch(f"http://site.test:{site.port}/")).body == b"hello"


async def test_time_is_bounded_however_slow_the_other_side_is() -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        try:
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            writer.close()
            hung_up.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(FetchFailed, match=r"within 0\.3 s"):
        await fetcher(port).fetch(f"http://site.test:{port}/", limits=FetchLimits(seconds=0.3))
    await asyncio.wait_for(hung_up.wait(), 5)
    server.close()


async def test_the_certificate_is_checked_against_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "lan_addresses", list)
    context = server_context(certificates.own_certificate(tmp_path, ["site.test"]))
    trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    hello = http("200 OK", b"safe")
    async with Site(lambda _path, _headers: hello, context) as site:
        fetch = fetcher(site.port, {"other.test": ["127.0.0.1"]}, trust=trust)
        assert (await fetch.fetch(f"https://site.test:{site.port}/")).body == b"safe"
        with pytest.raises(FetchFailed):
            await fetch.fetch(f"https://other.test:{site.port}/")


async def test_https_never_leads_back_to_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificates, "lan_addresses", list)
    context = server_context(certificates.own_certificate(tmp_path, ["site.test"]))
    trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    down = http("302 Found", Location="http://site.test/")
    async with Site(lambda _path, _headers: down, context) as site:
        with pytest.raises(FetchRefused) as refused:
            await fetcher(site.port, trust=trust).fetch(f"https://site.test:{site.port}/")
        assert refused.value.reason == "unsafe_redirect"


async def test_what_the_operator_chose_may_lie_at_home(site: Site) -> None:
    fetch = GuardedFetch()
    mine = FetchLimits(chosen_by_operator=True)
    got = await fetch.fetch(f"http://127.0.0.1:{site.port}/", limits=mine)
    assert got.status == 200
    with pytest.raises(FetchRefused):
        await fetch.fetch("file:///etc/passwd", limits=mine)


@given(st.text(max_size=60))
def test_any_text_is_fetched_refused_or_fails_but_never_crashes(text: str) -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("offline")

    async def tried() -> None:
        fetch = GuardedFetch(resolve=nowhere)
        for url in (text, f"http://{text}", f"http://site.test/{text}"):
            try:
                await fetch.fetch(url)
            except (FetchRefused, FetchFailed):
                continue
            raise AssertionError(url)

    asyncio.run(tried())
