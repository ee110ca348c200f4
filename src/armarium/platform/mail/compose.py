"""From a template's name and its values to a letter."""

from html import escape
from urllib.parse import urlsplit

from armarium.platform.mail.catalogue import LANGUAGES
from armarium.ports.mailer import Letter

DEFAULT_LANGUAGE = "en"

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
    filled = {"site": urlsplit(site_url).netloc or site_url, **values}
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
