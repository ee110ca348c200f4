"""From a template's name and its values to a letter."""

import re
import unicodedata
from html import escape
from urllib.parse import urlsplit

from armarium.platform.mail.catalogue import LANGUAGES
from armarium.ports.mailer import Letter

DEFAULT_LANGUAGE = "en"
MAX_NAME = 60
"""Characters of a name that somebody chose: enough for a name, few for a text of their own."""
JOINERS = "\u200c\u200d"
"""Invisible, yet part of how names are spelled in Persian and of how emoji are put together."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
SCHEME = re.compile(r"\s*:\s*/[\s/]*")
DOT = re.compile(r"(?<=\S)[.\u3002\uff0e\uff61\u2024](?=[\u200c\u200d]*[^\W\d])")
"""What mail programs make a link of: also without a scheme, whatever has a dot before letters."""

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>
<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 1.5em auto">
{body}
</body></html>
"""


def languages() -> tuple[str, ...]:
    """Those that letters can be written in."""
    return tuple(LANGUAGES)


def templates() -> tuple[str, ...]:
    """The kinds of letters."""
    return tuple(LANGUAGES[DEFAULT_LANGUAGE].letters)


def inert(name: str) -> str:
    """A name that somebody chose, as it may stand in a letter to somebody else.

    No mail program makes a link of it, nothing in it turns the line around, and it is short.
    """
    shown = DOT.sub(". ", SCHEME.sub(": ", _plain(name)))
    return shown if len(shown) <= MAX_NAME else shown[: MAX_NAME - 1].rstrip() + "…"


def _plain(text: str) -> str:
    """One line without characters that cannot be seen."""
    seen = (
        char if char in JOINERS or unicodedata.category(char) not in UNSEEN else " "
        for char in text
    )
    return " ".join("".join(seen).split())


def compose(
    template: str,
    *,
    to: str,
    site_url: str,
    link: str | None = None,
    language: str = DEFAULT_LANGUAGE,
    **values: str,
) -> Letter:
    """A letter in `language`, else in English; `link` stands behind the template's action."""
    chosen = language if language in LANGUAGES else DEFAULT_LANGUAGE
    words = LANGUAGES[chosen]
    wording = words.letters[template]
    plain = {name: _plain(value) for name, value in values.items()}
    filled = {"site": urlsplit(site_url).netloc or site_url, **plain}
    subject = wording.subject.format_map(filled)
    paragraphs = [words.greeting, *(line.format_map(filled) for line in wording.paragraphs)]
    footer = words.footer.format_map(filled)
    has_link = wording.action is not None and link is not None
    text = [*paragraphs, *([f"{wording.action}:\n{link}"] if has_link else []), f"-- \n{footer}"]
    html = [f"<p>{escape(line)}</p>" for line in paragraphs]
    if wording.action is not None and link is not None:
        html.append(f'<p><a href="{escape(link)}">{escape(wording.action)}</a></p>')
        html.append(f'<p style="word-break: break-all; color: #666">{escape(link)}</p>')
    html.append(f'<p style="color: #666; font-size: small">{escape(footer)}</p>')
    page = PAGE.format(language=chosen, subject=escape(subject), body="\n".join(html))
    return Letter(to=to, subject=subject, text="\n\n".join(text) + "\n", html=page)
