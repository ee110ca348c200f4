"""Implements `WebFetch` on httpcore, with our own look at every address before it is dialed.

The name is resolved once, every address that it has must be reachable, and the connection goes to
one of those very addresses; TLS and the Host header keep the name. So a name that resolves
differently the second time (rebinding) changes nothing, nor does any spelling of an address
(decimal, octal, hexadecimal, with Unicode dots): what counts is the number that is dialed.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from importlib.metadata import version
from typing import Any, Final, Literal

import httpcore2
import httpx2

from armarium.adapters.fetch.networks import Networks
from armarium.ports.fetch import Fetched, FetchFailed, FetchLimits, FetchRefused

Resolve = Callable[[str, int], Awaitable[list[str]]]
Method = Literal["GET", "HEAD", "POST", "PUT", "DELETE"]
PORTS: Final = frozenset({80, 443})
DEFAULT_PORTS: Final[Mapping[str, int]] = {"http": 80, "https": 443}
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization"})
LONGEST_URL: Final = 4000
EVERYWHERE: Final = ("0.0.0.0/0", "::/0")
DEFAULT_LIMITS: Final = FetchLimits()
UNPACKED: Final[Mapping[str, int]] = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""Window bits for zlib, by content encoding."""


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a name, by the system."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class GuardedFetch:
    """One a process; connections are not kept, so no later caller rides on an earlier check."""

    def __init__(
        self,
        *,
        allowed_networks: Iterable[str] = (),
        allowed_ports: Iterable[int] = (),
        resolve: Resolve = resolve,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`allowed_*` are the operator's exceptions; `resolve` and `trust` stand in for tests."""
        self._public = Networks(allowed_networks)
        self._any = Networks(EVERYWHERE)
        self._ports = PORTS | frozenset(allowed_ports)
        self._resolve = resolve
        self._trust = trust
        self._agent = f"Armarium/{version('armarium')}"

    async def fetch(
        self,
        url: str,
        *,
        limits: FetchLimits = DEFAULT_LIMITS,
        method: Method = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Fetched:
        """See the port."""
        given = {name.lower(): value for name, value in (headers or {}).items()}
        sent = {"user-agent": self._agent, "accept-encoding": "gzip", "accept": "*/*", **given}
        target = self._parsed(url, limits)
        try:
            async with asyncio.timeout(limits.seconds):
                for _ in range(limits.redirects + 1):
                    answer, following = await self._once(target, method, sent, body, limits)
                    if following is None:
                        return answer
                    before, target = target, self._parsed(following, limits)
                    sent = _for_redirect(before, target, sent)
        except TimeoutError as error:
            raise FetchFailed(f"No answer within {limits.seconds:g} s.") from error
        raise FetchRefused("too_many_redirects", "The address leads on too often.")

    async def check(self, url: str, *, limits: FetchLimits = DEFAULT_LIMITS) -> None:
        """See the port."""
        target = self._parsed(url, limits)
        backend = self._backend(limits)
        try:
            async with asyncio.timeout(limits.seconds):
                await backend.addresses(target.raw_host.decode(), _port(target))
        except TimeoutError as error:
            raise FetchFailed("The name could not be looked up in time.") from error

    async def close(self) -> None:
        """Nothing is kept."""

    def _parsed(self, url: str, limits: FetchLimits) -> httpx2.URL:
        """What can be judged by looking at it."""
        if len(url) > LONGEST_URL or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):  # noqa: PLR2004  # controls and blanks
            raise FetchRefused("bad_address", "This is not a web address.")
        try:
            target = httpx2.URL(url)
        except (httpx2.InvalidURL, ValueError, UnicodeError) as error:
            raise FetchRefused("bad_address", "This is not a web address.") from error
        if target.scheme not in DEFAULT_PORTS:
            raise FetchRefused("scheme", "Only http and https addresses are fetched.")
        if not target.raw_host:
            raise FetchRefused("bad_address", "The address names no host.")
        if target.userinfo:
            raise FetchRefused("credentials", "The address carries a name or a password.")
        if _port(target) not in self._ports and not limits.chosen_by_operator:
            raise FetchRefused("port", "Only the ports 80 and 443 are fetched from.")
        return target

    async def _once(
        self,
        target: httpx2.URL,
        method: Method,
        headers: Mapping[str, str],
        body: bytes | None,
        limits: FetchLimits,
    ) -> tuple[Fetched, str | None]:
        """One exchange, and where it leads on."""
        address = httpcore2.URL(
            scheme=target.raw_scheme, host=target.raw_host, port=_port(target),
            target=target.raw_path,
        )  # fmt: skip
        host = {"host": target.netloc.decode("ascii")}
        async with httpcore2.AsyncConnectionPool(
            ssl_context=self._trust or ssl.create_default_context(),
            network_backend=self._backend(limits),
            max_keepalive_connections=0,
        ) as pool:
            try:
                async with pool.stream(
                    method, address, headers=_raw({**host, **headers}), content=body
                ) as response:
                    return await _read(response, target, method, limits)
            except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
                raise FetchFailed(f"The other side failed ({type(error).__name__}).") from error
            except (httpcore2.TimeoutException, httpcore2.UnsupportedProtocol) as error:
                raise FetchFailed("The other side did not answer.") from error

    def _backend(self, limits: FetchLimits) -> "GuardedBackend":
        return GuardedBackend(
            self._any if limits.chosen_by_operator else self._public, self._resolve
        )


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Dials only addresses that it has looked at."""

    def __init__(self, networks: Networks, resolve: Resolve) -> None:
        self._networks = networks
        self._resolve = resolve
        self._dialer: Any = httpcore2.AnyIOBackend()

    async def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a name; one that is out of bounds spoils them all."""
        try:
            found = await self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError) as error:
            raise FetchFailed("There is no such host.") from error
        if not found:
            raise FetchFailed("There is no such host.")
        if not all(self._networks.is_reachable(each) for each in found):
            raise FetchRefused("forbidden_network", "The address does not lead to the public web.")
        return found

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Any:
        """Resolve, look, and dial what was looked at."""
        failure: Exception | None = None
        for address in await self.addresses(host, port):
            try:
                return await self._dialer.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or FetchFailed("There is no such host.")

    async def connect_unix_socket(self, *_args: Any, **_options: Any) -> Any:
        """Never."""
        raise FetchRefused("forbidden_network", "The address does not lead to the public web.")

    async def sleep(self, seconds: float) -> None:
        """As the library waits between attempts."""
        await asyncio.sleep(seconds)


async def _read(
    response: Any, target: httpx2.URL, method: Method, limits: FetchLimits
) -> tuple[Fetched, str | None]:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1")
               for name, value in response.headers}  # fmt: skip
    location = headers.get("location")
    if response.status in REDIRECTS and location is not None and method in {"GET", "HEAD"}:
        return Fetched(str(target), response.status, "", b"", headers), _joined(target, location)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_good = response.status < httpx2.codes.BAD_REQUEST
    if limits.types and is_good and not _is_expected(kind, limits.types):
        raise FetchRefused("unexpected_type", f"{kind or 'Something'} came where it was not due.")
    body = b"" if method == "HEAD" else await _bounded(response.stream, headers, limits.max_bytes)
    return Fetched(str(target), response.status, kind, body, headers), None


async def _bounded(stream: AsyncIterator[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The body, unpacked as it comes, so that a bomb ends at the limit."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared[:20]) > limit:
        raise FetchRefused("too_large", f"The answer is larger than {limit} bytes.")
    encoding = headers.get("content-encoding", "identity").strip().lower()
    unpack = None
    if encoding in UNPACKED:
        unpack = zlib.decompressobj(UNPACKED[encoding])
    elif encoding not in {"identity", ""}:
        raise FetchRefused("encoding", "The answer is packed in a way that was not asked for.")
    body, arrived = bytearray(), 0
    async for part in stream:
        arrived += len(part)
        try:
            body += part if unpack is None else unpack.decompress(part, limit + 1 - len(body))
        except zlib.error as error:
            raise FetchFailed("The answer is packed wrongly.") from error
        if len(body) > limit or arrived > limit:
            raise FetchRefused("too_large", f"The answer is larger than {limit} bytes.")
    return bytes(body)


def _is_expected(kind: str, types: tuple[str, ...]) -> bool:
    return any(kind.startswith(each) if each.endswith("/") else kind == each for each in types)


def _joined(target: httpx2.URL, location: str) -> str:
    try:
        return str(target.join(location))
    except (httpx2.InvalidURL, ValueError, UnicodeError) as error:
        raise FetchRefused("unsafe_redirect", "The address leads to nowhere.") from error


def _for_redirect(
    before: httpx2.URL, target: httpx2.URL, headers: dict[str, str]
) -> dict[str, str]:
    """Never from https back to http; credentials stay with the host that they were for."""
    if before.scheme == "https" and target.scheme == "http":
        raise FetchRefused("unsafe_redirect", "The address leads from https to http.")
    if (before.scheme, before.host, _port(before)) == (target.scheme, target.host, _port(target)):
        return headers
    return {name: value for name, value in headers.items() if name not in SECRET_HEADERS}


def _port(target: httpx2.URL) -> int:
    return target.port or DEFAULT_PORTS[target.scheme]


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
