"""A certificate of our own, for a house that has no other: a phone's camera needs HTTPS.

A small authority is made once and lives in the data folder; a person trusts it once on each
device. It is limited by name to addresses of home networks (and to the names that the house was
given), so that whoever steals it cannot stand in for the rest of the web. The server's certificate
is signed by it and made anew when it ends soon, or when the machine got another address.
"""

import contextlib
import ipaddress
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from armarium.kit.instants import now

AUTHORITY_LIFE: Final = timedelta(days=3650)
LIFE: Final = timedelta(days=397)
"""The longest that browsers take."""
RENEWED_BEFORE: Final = timedelta(days=30)
SKEW: Final = timedelta(hours=1)
HOME_NAMES: Final = ("localhost", "local", "lan", "home", "internal", "home.arpa")
HOME_NETWORKS: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Files:
    """Where a certificate (with its chain) and its key lie."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Names:
    """What a certificate speaks for."""

    hosts: frozenset[str]
    addresses: frozenset[Address]

    def general(self) -> list[x509.GeneralName]:
        """As subject alternative names."""
        hosts = [x509.DNSName(host) for host in sorted(self.hosts)]
        return [*hosts, *(x509.IPAddress(each) for each in sorted(self.addresses, key=str))]


def names_of_this_machine(given: Iterable[str] = ()) -> Names:
    """The machine's name and its addresses in the home network, and the names that were given."""
    hosts, addresses = {"localhost"}, {ipaddress.ip_address("127.0.0.1")}
    addresses.add(ipaddress.ip_address("::1"))
    name = socket.gethostname().lower().rstrip(".")
    candidates = [name, f"{name.partition('.')[0]}.local", *given, *lan_addresses()]
    for each in candidates:
        try:
            address = ipaddress.ip_address(each)
        except ValueError:
            if each and each.isascii() and not each.startswith("."):
                hosts.add(each)
        else:
            if not address.is_unspecified and is_home(address):
                addresses.add(address)
    return Names(frozenset(hosts), frozenset(addresses))


def lan_addresses() -> list[str]:
    """Addresses by which others in the network reach this machine; nothing is sent."""
    found: list[str] = []
    for family, target in (
        (socket.AF_INET, "192.0.2.1"),
        (socket.AF_INET6, "2001:db8::1"),
    ):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            found.append(str(probe.getsockname()[0]))
    return [address for address in found if not ipaddress.ip_address(address).is_loopback]


def is_home(address: Address) -> bool:
    """Whether the authority may speak for it."""
    return any(address in net for net in HOME_NETWORKS if net.version == address.version)


def own_certificate(folder: Path, given: Iterable[str] = ()) -> Files:
    """The server's certificate, made or renewed where needed; `ca.pem` is what people trust."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = names_of_this_machine(given)
    authority, authority_key = _authority(folder, names)
    files = Files(folder / "server.pem", folder / "server.key")
    if not _is_current(files, authority, names):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _server_certificate(key, names, authority, authority_key)
        _write(files.key, _pem_key(key))
        _write(files.certificate, _pem(certificate) + _pem(authority), mode=0o644)
    return files


def _authority(folder: Path, names: Names) -> tuple[x509.Certificate, Key]:
    files = Files(folder / "ca.pem", folder / "ca.key")
    with contextlib.suppress(OSError, ValueError):
        kept = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        key = serialization.load_pem_private_key(files.key.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and _may_sign(kept, names):
            return kept, key
    key = ec.generate_private_key(ec.SECP256R1())
    made = _make_authority(key, names)
    _write(files.key, _pem_key(key))
    _write(files.certificate, _pem(made), mode=0o644)
    return made, key


def _may_sign(authority: x509.Certificate, names: Names) -> bool:
    """Whether it lasts, and its limits hold every name."""
    if authority.not_valid_after_utc - LIFE < now():
        return False
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = {each.value for each in limits.permitted_subtrees or [] if _is_dns(each)}
    return all(_covered(host, allowed) for host in names.hosts)


def _is_dns(name: x509.GeneralName) -> bool:
    return isinstance(name, x509.DNSName)


def _covered(host: str, allowed: set[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in allowed)


def _make_authority(key: Key, names: Names) -> x509.Certificate:
    at = now()
    title = f"Armarium on {socket.gethostname()[:40]}, {at:%Y-%m-%d}"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)])
    hosts = [x509.DNSName(host) for host in (*HOME_NAMES, *sorted(names.hosts))]
    networks = [x509.IPAddress(network) for network in HOME_NETWORKS]
    return (
        _builder(subject, subject, key, at, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints([*hosts, *networks], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    key: Key, names: Names, authority: x509.Certificate, authority_key: Key
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Armarium")])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        _builder(subject, authority.subject, key, now(), LIFE)
        .add_extension(x509.SubjectAlternativeName(names.general()), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(server, critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - SKEW)
        .not_valid_after(at + life)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _is_current(files: Files, authority: x509.Certificate, names: Names) -> bool:
    """Whether the kept certificate still does: in time, for these names, of this authority."""
    try:
        kept = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        serialization.load_pem_private_key(files.key.read_bytes(), None)
        kept.verify_directly_issued_by(authority)
        named = kept.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    except Exception:  # noqa: BLE001  # a signature of another key; the library's class is private
        return False
    return kept.not_valid_after_utc - RENEWED_BEFORE > now() and set(names.general()) <= set(named)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and never readable by others for a moment."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    draft.replace(file)
