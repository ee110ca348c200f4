"""Which addresses a program may be answered at: compared as text, never interpreted.

RFC 9700 wants exact equality. The one exception is RFC 8252's: a native program on the person's
own machine listens on whatever port is free.
"""

import re
from urllib.parse import urlsplit

MAX_LENGTH = 500
HTTPS = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:/[^\s#\\]*)?", re.IGNORECASE
)
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\]|localhost)(?::([0-9]{1,5}))?((?:/[^\s#\\]*)?)")
PRIVATE = re.compile(r"[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:/[^\s#\\]*")
"""A scheme of a program's own: a domain name in reverse, so it holds a dot."""


def may_register(uri: str) -> bool:
    """HTTPS with a plain host, a loopback address, or a private scheme; nothing that runs code."""
    if len(uri) > MAX_LENGTH or not uri.isascii() or not uri.isprintable():
        return False
    return any(form.fullmatch(uri) for form in (HTTPS, LOOPBACK, PRIVATE))


def is_native(uri: str) -> bool:
    """Whether a program on the person's own device listens there: anyone may pretend to be it."""
    return not uri.lower().startswith("https://")


def matches(registered: str, given: str) -> bool:
    """Whether `given` is the registered address, whatever its port on loopback."""
    if registered == given:
        return True
    known, asked = LOOPBACK.fullmatch(registered), LOOPBACK.fullmatch(given)
    if known is None or asked is None or int(asked[2] or 80) > 65535:  # noqa: PLR2004  # the last port
        return False
    return known[1] == asked[1] and known[3] == asked[3]


def place_of(uri: str) -> str:
    """Where the answer goes, for a person's eyes."""
    parts = urlsplit(uri)
    if LOOPBACK.fullmatch(uri):
        return "this device"
    return parts.hostname or f"the app {parts.scheme}"
