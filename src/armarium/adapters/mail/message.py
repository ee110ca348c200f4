"""A letter as the internet writes it (RFC 5322)."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from armarium.kit.instants import now
from armarium.ports.mailer import Letter, MailRefused, UnsendableLetter


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Text, with HTML beside it where there is some; `sender` as `Name <address>`."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = _address(sender)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise MailRefused(f"ARMARIUM_MAIL__SENDER: {error}") from error
    try:
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
    except (HeaderParseError, ValueError, IndexError) as error:
        raise UnsendableLetter(str(error)) from error
    message["Date"] = format_datetime(now())
    domain = message["From"].addresses[0].domain
    message["Message-ID"] = make_msgid(domain=domain if domain.isascii() else "localhost")
    # Nobody's holiday notice shall answer (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)
