"""Whose address a request came from, when proxies of ours may stand in front.

`X-Forwarded-For` is a list to which every proxy appends the address that it saw. Only the last
entries were written by our own proxies, so exactly `trusted_hops` of them are believed, counted
from the right; whatever a client put before is not looked at.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from armarium.platform.audit.origin import Origin, acting_from

FORWARDED_FOR = "x-forwarded-for"
FORWARDED_PROTO = "x-forwarded-proto"
KEY = "client_address"
GROUP_BITS = 64
"""Of an IPv6 address: the part that a household or a server has to itself."""


class Addresses:
    """Finds the caller's address once, and the scheme that the caller used."""

    def __init__(
        self, app: ASGIApp, *, trusted_hops: int = 0, only_local_proxy: bool = False
    ) -> None:
        """`only_local_proxy`: believe a proxy only where it runs on this machine."""
        self.app = app
        self._hops = trusted_hops
        self._only_local = only_local_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say it to everything inside, the audit log included."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hops = 0 if self._only_local and not _is_local(scope) else self._hops
        scope[KEY] = found_address(scope, headers, hops)
        if hops and (scheme := _scheme(headers, hops)):
            scope["scheme"] = scheme
        with acting_from(Origin(ip=scope[KEY], agent=headers.get("user-agent"))):
            await self.app(scope, receive, send)


def client_address(connection: HTTPConnection | Scope) -> str | None:
    """The caller's address; None where there is none (a Unix socket)."""
    scope = connection.scope if isinstance(connection, HTTPConnection) else connection
    if KEY in scope:
        return scope[KEY]
    client = scope.get("client")
    return None if client is None else client[0]


def found_address(scope: Scope, headers: Headers, hops: int) -> str | None:
    """From the connection, or as the outermost of `hops` trusted proxies saw it."""
    client = scope.get("client")
    peer = None if client is None else str(client[0])
    if hops:
        seen = [part for line in headers.getlist(FORWARDED_FOR) for part in line.split(",")]
        # Fewer entries than proxies: the request came in behind the outermost one.
        believed = seen[-hops:]
        if believed and (address := _parsed(believed[0])) is not None:
            return str(address)
    address = None if peer is None else _parsed(peer)
    return peer if address is None else str(address)


def address_group(address: str | None) -> str:
    """What shares a limit: an IPv4 address, or the /64 around an IPv6 one."""
    parsed = None if address is None else _parsed(address)
    if parsed is None:
        return address or "local"
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(IPv6Network((parsed, GROUP_BITS), strict=False))


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    address = None if client is None else _parsed(str(client[0]))
    return client is None or (address is not None and address.is_loopback)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """`203.0.113.7`, `203.0.113.7:443`, `2001:db8::1`, `[2001:db8::1]:443`, with a zone or not."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _scheme(headers: Headers, hops: int) -> str | None:
    """What the outermost trusted proxy was asked by."""
    seen = [part for line in headers.getlist(FORWARDED_PROTO) for part in line.split(",")]
    scheme = seen[-hops:][0].strip().lower() if seen else None
    return scheme if scheme in {"http", "https"} else None
