"""What an e-mail address and a password must be, who needs a second factor, and what is where."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

MIN_PASSWORD = 8
MAX_PASSWORD = 200
MAX_EMAIL = 254
MARKS = r"@\s<>()\[\],;:\\\"\x00-\x1f\x7f"
"""What no address of ours holds: these have meanings of their own in a letter's header."""
EMAIL = re.compile(rf"[^{MARKS}]{{1,64}}@(?:[^{MARKS}.]+\.)+[^{MARKS}.]{{2,}}")


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


SecondFactorRule = Literal["nobody", "admins", "everyone"]


def needs_second_factor(rule: SecondFactorRule, role: str) -> bool:
    """Whether somebody of this role must have a second factor on this server."""
    return rule == "everyone" or (rule == "admins" and role == "admin")


PROGRAMS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("armarium", "Armarium command line"),
    ("python-httpx", "Python"),
    ("curl/", "curl"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(agent: str | None) -> str | None:
    """A guess for the person's eyes, like "Firefox on Linux"; None when nothing is known.

    The order matters: Edge also says Chrome, and Chrome also says Safari.
    """
    if not agent:
        return None
    program = next((name for mark, name in PROGRAMS if mark.lower() in agent.lower()), None)
    machine = next((name for mark, name in MACHINES if mark in agent), None)
    return " on ".join(part for part in (program, machine) if part) or None
