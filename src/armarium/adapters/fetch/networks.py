"""Which addresses belong to the public web, whatever clothes they come in."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NAT64: Final = IPv6Network("64:ff9b::/96")
"""Public IPv4 as seen from a network without it; the last 32 bits are the IPv4 address."""
SIX_TO_FOUR: Final = IPv6Network("2002::/16")
TEREDO: Final = IPv6Network("2001::/32")
NEVER: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # shared by the customers of a provider (RFC 6598)
        "168.63.129.16/32",  # Azure's host, a public address that is not
        "192.0.0.0/24",  # IETF protocols; Oracle's metadata
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # bench tests
        "64:ff9b:1::/48",  # NAT64 of one's own network
        "100::/64",
        "2001:db8::/32",
        "5f00::/16",
        "fec0::/10",  # site-local, of old
    )
)
"""Beyond what Python itself knows as not global."""


class Networks:
    """The public web, and what the operator allows besides."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """`allowed`: networks (`192.168.1.0/24`) or single addresses."""
        self._allowed: tuple[Network, ...] = tuple(
            ip_network(text, strict=False) for text in allowed
        )

    def is_reachable(self, address: str) -> bool:
        """Whether a connection may be made to this (numeric) address."""
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        inner = unwrapped(parsed)
        if any(each in net for each in {parsed, inner} for net in self._of(each)):
            return True
        return "%" not in address and is_public(parsed)

    def _of(self, address: Address) -> list[Network]:
        return [net for net in self._allowed if net.version == address.version]


def is_public(address: Address) -> bool:
    """Of the public web, through every wrapping of IPv4 in IPv6."""
    inner = unwrapped(address)
    if inner != address:
        return is_public(inner)
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in net for net in NEVER if net.version == address.version)


def unwrapped(address: Address) -> Address:
    """The IPv4 address inside, if there is one. A tunnel's other end may be anywhere."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in NAT64 or int(address) >> 32 == 0:
        # ::a.b.c.d, deprecated, is still dialed by some systems; :: and ::1 stay what they are.
        low = int(address) & 0xFFFFFFFF
        return address if int(address) <= 1 else IPv4Address(low)
    if address in SIX_TO_FOUR:
        inner = IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
        return inner if not inner.is_global else IPv4Address("0.0.0.0")  # noqa: S104  # refused
    if address in TEREDO:
        return IPv4Address("0.0.0.0")  # noqa: S104  # refused
    return address
