"""E-mail addresses: what looks like one, and which are the same mailbox."""

import re
import unicodedata

MAX_EMAIL = 254
MARKS = r"@\s<>()\[\],;:\\\"\x00-\x1f\x7f"
"""What no address of ours holds: these have meanings of their own in a letter's header."""
EMAIL = re.compile(rf"[^{MARKS}]{{1,64}}@(?:[^{MARKS}.]+\.)+[^{MARKS}.]{{2,}}")


def is_email(text: str) -> bool:
    """Whether it looks like an address; only a letter to it proves more."""
    return len(text) <= MAX_EMAIL and EMAIL.fullmatch(text) is not None


def email_key(email: str) -> str:
    """What makes two spellings the same mailbox: case and compatible characters folded."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()
