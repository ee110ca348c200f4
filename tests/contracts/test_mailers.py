"""What every mailer promises, on a real SMTP server and on a folder; and what letters look like."""

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from armarium.adapters.mail import FolderMailer, SmtpMailer
from armarium.platform.mail import compose, languages, templates
from armarium.platform.mail.catalogue import LANGUAGES
from armarium.ports.mailer import Letter, MailRefused, MailUnavailable, UnsendableLetter

SENDER = "Armarium <cabinet@armarium.test>"
LETTER = Letter("ada@example.org", "Grüße — a letter", "Plain ✓\n", "<p>Rich ✓</p>")

# aiosmtpd builds on asyncio names that Python has begun to leave behind.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")


class Postbox:
    """The server's handler: keeps what arrives, refuses who is unknown."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.recipients: list[list[str]] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address.startswith("nobody"):
            return "550 no such mailbox"
        if address.startswith("later"):
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        policy = email.policy.default
        self.arrived.append(email.message_from_bytes(envelope.content, policy=policy))
        self.recipients.append(envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = (data.login, data.password) == (b"ada", b"secret")
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def serving(box: Postbox, *, tls: ssl.SSLContext | None = None, **options: Any):
    """An SMTP server in this loop; gives its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="mail.test", **options), "127.0.0.1", 0, ssl=tls
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


def server_tls(certificate: Path) -> ssl.SSLContext:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    return tls


@pytest.fixture
async def postbox(certificate: Path) -> AsyncIterator[tuple[Postbox, int]]:
    """A server that demands STARTTLS and a password."""
    box = Postbox()
    async with serving(
        box,
        tls_context=server_tls(certificate),
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
    ) as port:
        yield box, port


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def mailer(port: int, tls: ssl.SSLContext | None, **changed: Any) -> SmtpMailer:
    options: dict[str, Any] = {
        "security": "starttls",
        "username": "ada",
        "password": "secret",
        "timeout_seconds": 5,
        **changed,
    }
    return SmtpMailer(host="127.0.0.1", port=port, sender=SENDER, tls=tls, **options)


def check(message: EmailMessage) -> None:
    assert message["To"] == "ada@example.org"
    assert message["From"] == SENDER
    assert message["Subject"] == LETTER.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@armarium.test>")
    body = message.get_body(("plain",))
    rich = message.get_body(("html",))
    assert body is not None
    assert rich is not None
    assert body.get_content().replace("\r\n", "\n") == LETTER.text
    assert rich.get_content().strip() == LETTER.html


async def test_a_letter_arrives_by_smtp(postbox: tuple[Postbox, int], certificate: Path) -> None:
    box, port = postbox
    await mailer(port, trusting(certificate)).send(LETTER)
    check(box.arrived[0])
    assert box.recipients == [["ada@example.org"]]


async def test_a_letter_arrives_in_the_folder(tmp_path: Path) -> None:
    folder = FolderMailer(folder=tmp_path / "mail", sender=SENDER, kept=2)
    for _ in range(3):
        await folder.send(LETTER)
    files = sorted((tmp_path / "mail").iterdir())
    assert len(files) == 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    check(email.message_from_bytes(files[0].read_bytes(), policy=email.policy.default))


async def test_a_folder_that_cannot_be_written_is_a_reason_to_try_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder")
    with pytest.raises(MailUnavailable):
        await FolderMailer(folder=tmp_path / "mail", sender=SENDER).send(LETTER)


async def test_a_server_that_nobody_vouches_for_gets_nothing(
    postbox: tuple[Postbox, int],
) -> None:
    box, port = postbox
    with pytest.raises(MailRefused, match="certificate"):
        await mailer(port, None).send(LETTER)
    assert not box.arrived


async def test_refusals_for_now_and_for_good(
    postbox: tuple[Postbox, int], certificate: Path
) -> None:
    _, port = postbox
    good = mailer(port, trusting(certificate))
    with pytest.raises(MailRefused, match="550"):
        await good.send(Letter("nobody@example.org", "a", "b"))
    with pytest.raises(MailUnavailable, match="451"):
        await good.send(Letter("later@example.org", "a", "b"))
    with pytest.raises(MailRefused, match="535"):
        await mailer(port, trusting(certificate), password="wrong").send(LETTER)
    with pytest.raises(MailRefused, match="530"):
        await mailer(port, trusting(certificate), security="none", username=None).send(LETTER)


async def test_no_server_and_a_silent_one_are_waited_for_no_longer_than_said() -> None:
    with pytest.raises(MailUnavailable):
        await mailer(1, None).send(LETTER)

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as silent:
        port = silent.sockets[0].getsockname()[1]
        with pytest.raises(MailUnavailable):
            await mailer(port, None, timeout_seconds=0.2).send(LETTER)


async def test_a_whole_connection_under_tls(certificate: Path) -> None:
    box = Postbox()
    async with serving(box, tls=server_tls(certificate)) as port:
        sender = mailer(port, trusting(certificate), security="tls", username=None)
        await sender.send(LETTER)
    check(box.arrived[0])


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("ada@example.org\r\nBcc: eve@example.org", "a"),
        ("ada@example.org, eve@example.org", "a"),
        ("ada@example.org;eve@example.org", "a"),
        ("Ada <ada@example.org>", "a"),
        ("ada", "a"),
        ("ada@example.org", "a\r\nBcc: eve@example.org"),
        ("ada@example.org", "a\u2028b"),
        ("ada@example.org", ""),
    ],
)
def test_no_header_and_no_recipient_can_be_smuggled_in(to: str, subject: str) -> None:
    with pytest.raises(UnsendableLetter):
        Letter(to, subject, "text")


@pytest.mark.parametrize("to", ['"a@example.org', "a(b)@example.org", "a\\@example.org"])
async def test_addresses_that_mean_something_else_are_not_sent(to: str, tmp_path: Path) -> None:
    with pytest.raises(UnsendableLetter):
        await FolderMailer(folder=tmp_path, sender=SENDER).send(Letter(to, "a", "b"))


def test_a_letter_holds_its_link_and_nobody_elses_markup() -> None:
    letter = compose(
        "email_changed",
        to="ada@example.org",
        site_url="https://cabinet.test",
        link="https://cabinet.test/undo-email#token=x&y",
        new_email="<script>@example.org",
    )
    assert "https://cabinet.test/undo-email#token=x&y" in letter.text
    assert letter.html is not None
    assert "token=x&amp;y" in letter.html
    assert "<script>" not in letter.html
    assert "cabinet.test" in letter.text


def test_every_language_says_everything() -> None:
    for language in languages():
        assert set(LANGUAGES[language].letters) == set(templates())
        for template in templates():
            letter = compose(
                template,
                to="ada@example.org",
                site_url="https://cabinet.test",
                link="https://cabinet.test/x",
                language=language,
                new_email="b@example.org",
                left="3",
                keys="2 API keys",
                device="Firefox on Linux",
                place="192.0.2.1",
                at="1 March 2026, 12:00 UTC",
                until="1 March",
                who="Ada",
                space="The shelves",
            )
            assert "{" not in letter.subject + letter.text


@pytest.mark.parametrize(
    ("setting", "changed"),
    [("USERNAME", {"username": "ädä"}), ("PASSWORD", {"password": "gehäim"})],
)
async def test_a_log_in_that_smtp_cannot_carry_is_told(
    postbox: tuple[Postbox, int], certificate: Path, setting: str, changed: dict[str, str]
) -> None:
    with pytest.raises(MailRefused, match=f"ARMARIUM_MAIL__{setting}") as refused:
        await mailer(postbox[1], trusting(certificate), **changed).send(LETTER)
    assert "ä" not in str(refused.value)


@pytest.mark.parametrize("sender", ["Ä <ä@armarium.test>", "Ä <a@ärmarium.test>", "Armarium"])
async def test_a_sender_that_cannot_be_written_is_told(sender: str) -> None:
    async with serving(Postbox()) as port:
        smtp = SmtpMailer(host="127.0.0.1", port=port, security="none", sender=sender)
        with pytest.raises(MailRefused, match="ARMARIUM_MAIL__SENDER"):
            await smtp.send(LETTER)


async def test_an_address_of_a_foreign_script_is_kept_in_the_folder(tmp_path: Path) -> None:
    sender = "Ä <a@ärmarium.test>"
    await FolderMailer(folder=tmp_path / "mail", sender=sender).send(LETTER)
    assert len(list((tmp_path / "mail").iterdir())) == 1
