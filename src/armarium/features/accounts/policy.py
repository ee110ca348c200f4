"""What an e-mail address and a password must be."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

MIN_PASSWORD = 8
MAX_PASSWORD = 200
MAX_EMAIL = 254
EMAIL = re.compile(r"[^@\s<>\x00-\x1f]{1,64}@(?:[^@\s<>.\x00-\x1f]+\.)+[^@\s<>.\x00-\x1f]{2,}")


@dataclass(frozen=True, slots=True)
class PasswordRule:
    """One thing that a password needs, with the words to say so."""

    code: str
    need: str
    kept_by: Callable[[str], bool]


RULES = (
    PasswordRule(
        "password_too_short",
        f"at least {MIN_PASSWORD} characters",
        lambda password: len(password) >= MIN_PASSWORD,
    ),
    PasswordRule(
        "password_no_upper",
        "an upper-case letter",
        lambda password: any(map(str.isupper, password)),
    ),
    PasswordRule(
        "password_no_lower", "a lower-case letter", lambda password: any(map(str.islower, password))
    ),
    PasswordRule("password_no_digit", "a digit", lambda password: any(map(str.isdigit, password))),
    PasswordRule(
        "password_no_special",
        "a special character such as ! or -",
        lambda password: any(not (char.isalnum() or char.isspace()) for char in password),
    ),
)


def broken_rules(password: str) -> list[PasswordRule]:
    """The rules that a password does not keep."""
    return [rule for rule in RULES if not rule.kept_by(password)]


def is_email(text: str) -> bool:
    """Whether it looks like an address; only a letter to it proves more."""
    return len(text) <= MAX_EMAIL and EMAIL.fullmatch(text) is not None


def email_key(email: str) -> str:
    """What makes two spellings the same mailbox: case and compatible characters folded."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()
