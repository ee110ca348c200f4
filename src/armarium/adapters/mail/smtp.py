"""A real mail server by SMTP, in a thread of its own."""

import smtplib
import ssl
from email.message import EmailMessage
from typing import Literal

from anyio.to_thread import run_sync

from armarium.adapters.mail.message import message_of
from armarium.ports.mailer import Letter, MailRefused, MailUnavailable

Security = Literal["starttls", "tls", "none"]

TEMPORARY = range(400, 500)
"""Replies that ask to come again (RFC 5321, 4.2.1)."""


class SmtpMailer:
    """One connection a letter: letters are rare, and an idle connection is dropped anyway."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        sender: str,
        username: str | None = None,
        password: str | None = None,
        timeout_seconds: float = 20,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` is the system's trust unless a test brings its own; certificates are checked."""
        self._host = host
        self._port = port
        self._security: Security = security
        self._sender = sender
        self._username = username
        self._password = password
        self._timeout = timeout_seconds
        self._tls = tls

    def renew(self, username: str | None, password: str) -> bool:
        """Log in by these from the next letter on; whether they are new."""
        if (username, password) == (self._username, self._password):
            return False
        self._username, self._password = username, password
        return True

    async def send(self, letter: Letter) -> None:
        """Hand the letter to the server."""
        await run_sync(self._deliver, message_of(letter, self._sender), letter.to)

    def _deliver(self, message: EmailMessage, recipient: str) -> None:
        try:
            with self._connect() as server:
                if self._security == "starttls":
                    server.starttls(context=self._trust())
                if self._username is not None:
                    self._log_in(server, self._username, self._password or "")
                server.send_message(message, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise _failure(code, reply) from error
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            where = "" if self._sender.isascii() else "ARMARIUM_MAIL__SENDER: "
            raise MailRefused(f"{where}{error}") from error
        except ssl.SSLCertVerificationError as error:
            raise MailRefused(f"the server's certificate is not trusted: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnavailable(f"{self._host}:{self._port}: {error}") from error

    @staticmethod
    def _log_in(server: smtplib.SMTP, username: str, password: str) -> None:
        for setting, value in (("USERNAME", username), ("PASSWORD", password)):
            if not value.isascii():
                raise MailRefused(f"ARMARIUM_MAIL__{setting} holds more than ASCII characters")
        server.login(username, password)

    def _connect(self) -> smtplib.SMTP:
        if self._security == "tls":
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=self._trust()
            )
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

    def _trust(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._tls


def _failure(code: int, reply: bytes | str) -> MailRefused | MailUnavailable:
    text = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    kind = MailUnavailable if code in TEMPORARY else MailRefused
    return kind(f"{code} {text}")
