"""What an e-mail address and a password must be."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from armarium.features.accounts.errors import InvalidEmail, WeakPassword

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


def check_password(password: str, *, pointer: str = "/password") -> None:
    """Refuse a password that breaks a rule, naming each rule that it breaks."""
    if len(password) > MAX_PASSWORD:
        raise WeakPassword(f"A password has at most {MAX_PASSWORD} characters.", pointer=pointer)
    broken = [rule for rule in RULES if not rule.kept_by(password)]
    if broken:
        raise WeakPassword(
            f"The password needs {_listed([rule.need for rule in broken])}.",
            errors=[
                {
                    "pointer": pointer,
                    "code": rule.code,
                    "detail": f"The password needs {rule.need}.",
                }
                for rule in broken
            ],
        )


def _listed(needs: list[str]) -> str:
    *first, last = needs
    return f"{', '.join(first)} and {last}" if first else last


def check_email(email: str) -> str:
    """The address as typed, without outer spaces."""
    typed = email.strip()
    if len(typed) > MAX_EMAIL or EMAIL.fullmatch(typed) is None:
        raise InvalidEmail(pointer="/email")
    return typed


def email_key(email: str) -> str:
    """What makes two spellings the same mailbox: case and compatible characters folded."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()
