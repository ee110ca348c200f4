"""Letters to people: what an adapter takes, and the two ways in which it fails."""

import re
from dataclasses import dataclass
from typing import Protocol

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
NOT_IN_ADDRESS = re.compile(r"[\s,;:<>()\[\]\\\"]")
"""Marks with a meaning of their own in a header: lists, groups, comments, quotes."""
MAX_SUBJECT = 200


class UnsendableLetter(ValueError):
    """The letter can never be sent as it is: no address, or a line break in a header."""


class MailRefused(Exception):
    """The mail server refused for good: an unknown mailbox, a wrong password."""


class MailUnavailable(Exception):
    """The mail server did not answer, or asked to come back later."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one person. Header injection ends here: no control character passes."""

    to: str
    subject: str
    text: str
    html: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could become a second header or a second recipient."""
        if CONTROL.search(self.to) or self.to.count("@") != 1 or NOT_IN_ADDRESS.search(self.to):
            raise UnsendableLetter("the recipient is not one address")
        if CONTROL.search(self.subject) or not 0 < len(self.subject) <= MAX_SUBJECT:
            raise UnsendableLetter("the subject is not one line")


class Mailer(Protocol):
    """Hands letters over; every adapter passes tests/contracts/test_mailers.py."""

    async def send(self, letter: Letter) -> None:
        """Return when somebody else is responsible for the letter.

        Raises:
            MailRefused: trying again does not help.
            MailUnavailable: trying again later may.
        """
        ...
