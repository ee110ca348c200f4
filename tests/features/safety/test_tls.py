"""HTTPS of the embedded server, asked by real clients."""

import asyncio
import contextlib
import os
import socket
import ssl
import threading
import time
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest
from cryptography import x509

from armarium.entry.api import create_app
from armarium.entry.remote import Remote
from armarium.entry.serving import server_config
from armarium.entry.settings import Settings
from armarium.entry.wiring import House, build
from armarium.platform.events.serving import StreamingServer
from armarium.platform.http import certificates
from armarium.platform.http.certificates import Files, names_of_this_machine, own_certificate
from armarium.platform.http.tls import CertificateWatch, HttpRedirect, server_context
from armarium.platform.postgres.urls import DatabaseUrls
from tests.support.api import PASSWORD, cheap


@contextlib.contextmanager
def serving(house: House) -> Generator[int]:
    """The server of the product on a free port."""
    config = server_config(create_app(house), house)
    config.port = 0
    server = StreamingServer(config, on_exit=house.let_go)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(15)


@pytest.fixture(autouse=True, scope="module")
def home() -> Generator[None]:
    """An address in a home network; tests may not even ask the machine for its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certificates, "lan_addresses", lambda: ["192.168.1.20"])
        yield


@pytest.fixture(scope="module")
def secure(
    module_database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[int, Path]]:
    data = tmp_path_factory.mktemp("data")
    settings = Settings(data=data, tls="self", log_level="error")
    with serving(cheap(build(settings, module_database_urls))) as port:
        yield port, data / "tls"


def trusting(ca: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca))


def test_whoever_trusts_the_authority_gets_in_by_tls_1_3(secure: tuple[int, Path]) -> None:
    port, folder = secure
    for host in ("localhost", "127.0.0.1"):
        with (
            socket.create_connection((host, port), timeout=10) as plain,
            trusting(folder / "ca.pem").wrap_socket(plain, server_hostname=host) as safe,
        ):
            assert safe.version() == "TLSv1.3"
            assert safe.selected_alpn_protocol() is None
    with pytest.raises(httpx2.ConnectError, match=r"(?i)certificate"):
        httpx2.get(f"https://localhost:{port}/healthz")


@pytest.mark.parametrize(
    ("version", "succeeds"),
    [
        (ssl.TLSVersion.TLSv1_1, ()),
        (ssl.TLSVersion.TLSv1_2, ("TLSv1.2",)),
        (ssl.TLSVersion.TLSv1_3, ("TLSv1.3",)),
    ],
)
@pytest.mark.filterwarnings("ignore:.*TLSv1_1.*:DeprecationWarning")
def test_nothing_older_than_tls_1_2(
    secure: tuple[int, Path], version: ssl.TLSVersion, succeeds: tuple[str, ...]
) -> None:
    port, folder = secure
    client = trusting(folder / "ca.pem")
    client.minimum_version = client.maximum_version = version
    client.set_ciphers("ALL:@SECLEVEL=0")
    reached: tuple[str | None, ...] = ()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        contextlib.suppress(ssl.SSLError, ConnectionResetError),
        client.wrap_socket(plain, server_hostname="127.0.0.1") as safe,
    ):
        reached = (safe.version(),)
    assert reached == succeeds


def test_cookies_stay_on_https_and_browsers_are_told_to(secure: tuple[int, Path]) -> None:
    port, folder = secure
    with httpx2.Client(
        base_url=f"https://localhost:{port}", verify=trusting(folder / "ca.pem")
    ) as browser:
        answer = browser.post(
            "/api/v1/auth/register",
            json={"email": "ada@example.org", "password": PASSWORD, "cookies": True},
        )
        assert answer.status_code == 201
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 3
        assert all("Secure" in cookie and "SameSite=strict" in cookie for cookie in cookies)
        assert browser.get("/api/v1/me").status_code == 200


def test_the_command_line_trusts_this_machines_own_authority(
    secure: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, folder = secure
    monkeypatch.setenv("ARMARIUM_DATA", str(folder.parent))
    assert Remote(f"https://localhost:{port}").json("GET", "/healthz") == {"status": "ok"}


def test_keys_are_private_and_the_authority_is_bound_to_home_networks(
    secure: tuple[int, Path],
) -> None:
    _, folder = secure
    for name in ("ca.key", "server.key"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert x509.DNSName("local") in (limits.value.permitted_subtrees or [])
    assert x509.DNSName("com") not in (limits.value.permitted_subtrees or [])


def test_a_certificate_is_kept_until_it_ends_or_the_machine_has_other_names(
    tmp_path: Path,
) -> None:
    files = own_certificate(tmp_path)
    first = files.certificate.read_bytes()
    assert own_certificate(tmp_path).certificate.read_bytes() == first
    authority = (tmp_path / "ca.pem").read_bytes()
    assert own_certificate(tmp_path, ["192.168.77.7"]).certificate.read_bytes() != first
    assert (tmp_path / "ca.pem").read_bytes() == authority
    # A name outside the authority's bounds needs another one.
    own_certificate(tmp_path, ["shelf.example.org"])
    assert (tmp_path / "ca.pem").read_bytes() != authority
    (tmp_path / "server.key").write_bytes(b"broken")
    server_context(own_certificate(tmp_path))


def test_a_public_address_is_not_the_authoritys_to_speak_for() -> None:
    names = names_of_this_machine(["8.8.8.8", "0.0.0.0", "192.168.1.4", ""])  # noqa: S104  # not bound
    texts = {str(each) for each in names.addresses}
    assert "192.168.1.4" in texts
    assert not texts & {"8.8.8.8", "0.0.0.0"}  # noqa: S104  # same
    assert "localhost" in names.hosts


def test_a_renewed_file_is_taken_into_use_while_the_server_runs(tmp_path: Path) -> None:
    one, two = (own_certificate(tmp_path / name) for name in ("one", "two"))
    used = Files(tmp_path / "used.pem", tmp_path / "used.key")
    copy(one, used)
    context = server_context(used)
    watch = CertificateWatch(context, used)
    assert asyncio.run(served_by(context)) == der(one)
    assert watch.look() is False
    used.certificate.write_bytes(two.certificate.read_bytes())
    # The key does not fit yet: the old pair stays.
    assert watch.look() is False
    assert asyncio.run(served_by(context)) == der(one)
    copy(two, used)
    os.utime(used.certificate, (1, 1))
    assert watch.look() is True
    assert asyncio.run(served_by(context)) == der(two)


def copy(source: Files, target: Files) -> None:
    target.certificate.write_bytes(source.certificate.read_bytes())
    target.key.write_bytes(source.key.read_bytes())


def der(files: Files) -> bytes:
    return ssl.PEM_cert_to_DER_cert(
        files.certificate.read_text().split("-----BEGIN")[1].join(["-----BEGIN", ""]).strip()
    )


async def served_by(context: ssl.SSLContext) -> bytes:
    """The certificate that a client is shown."""

    async def close(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0, ssl=context)
    client = ssl.create_default_context()
    client.check_hostname = False
    client.verify_mode = ssl.CERT_NONE
    port = server.sockets[0].getsockname()[1]
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    server.close()
    return shown


@pytest.mark.parametrize(
    ("request_head", "location"),
    [
        ("GET /items?q=1 HTTP/1.1\r\nHost: shelf.local:8080", "https://shelf.local:8443/items?q=1"),
        ("GET / HTTP/1.1\r\nhost: [::1]:80", "https://[::1]:8443/"),
        ("GET / HTTP/1.1", "https://box:8443/"),
        ("GET / HTTP/1.1\r\nHost: evil.org/@x", "https://box:8443/"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b", "https://box:8443/"),
        ("GET //evil.org HTTP/1.1\r\nHost: a", None),
        ("GET http://evil.org/ HTTP/1.1\r\nHost: a", None),
        ("GET /\x7f HTTP/1.1\r\nHost: a", None),
        ("\x16\x03\x01", None),
    ],
)
async def test_plain_http_is_sent_on_to_https(request_head: str, location: str | None) -> None:
    redirect = HttpRedirect(host="127.0.0.1", port=0, https_port=8443, default_host="box")
    await redirect.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", redirect.port)
    writer.write(request_head.encode("latin-1") + b"\r\n\r\n")
    answer = (await reader.read()).decode()
    writer.close()
    await redirect.stop()
    if location is None:
        assert answer.startswith("HTTP/1.1 400 ")
    else:
        assert answer.startswith("HTTP/1.1 308 ")
        assert f"\r\nLocation: {location}\r\n" in answer


def test_missing_files_are_named(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    for given, said in (
        ({}, "ARMARIUM_TLS_CERTIFICATE"),
        ({"tls_certificate": tmp_path / "no.pem", "tls_key": tmp_path / "no.key"}, "no.pem"),
    ):
        house = build(Settings(data=tmp_path, tls="files", **given), database_urls)
        with pytest.raises(SystemExit, match=said):
            server_config(create_app(house), house)
