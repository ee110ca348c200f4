"""HTML from outside (listings, articles, other apps' files), made harmless or plain.

Two ways only: `clean` for what is to be shown with its paragraphs and links, `plain` for what is
to be stored and searched as text. Both parse as a browser does (nh3 is ammonia, over html5ever), so
that nothing hides in the difference between two parsers. SVG is never let through: as an upload it
is refused (features/media), here it is dropped with its content.
"""

import html
import re
from typing import Final

import nh3

MAX_LENGTH: Final = 500_000
TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
        *("b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "code", "pre", "a", "span"),
        *("table", "thead", "tbody", "tr", "th", "td", "caption"),
    }
)
ATTRIBUTES: Final = {"a": {"href", "title"}, "td": {"colspan"}, "th": {"colspan", "scope"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
DROPPED: Final = frozenset({"script", "style", "svg", "math", "template", "noscript", "iframe"})
"""With all that is inside them."""
BREAKS: Final = re.compile(r"</?(?:p|br|hr|h[1-6]|li|ul|ol|dt|dd|tr|div|blockquote|pre)\b[^>]*>")
BLANKS: Final = re.compile(r"[^\S\n]+")
LINES: Final = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """The same with harmless tags only; links open without telling where they came from."""
    return nh3.clean(
        text[:MAX_LENGTH],
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes={name: set(values) for name, values in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def plain(text: str) -> str:
    """The words alone, a line a block; entities resolved once."""
    broken = BREAKS.sub(lambda tag: f"{tag[0]}\n", clean(text))
    bare = nh3.clean(broken, tags=set(), clean_content_tags=set(DROPPED))
    return LINES.sub("\n", BLANKS.sub(" ", html.unescape(bare))).strip()
