"""Text as a matcher sees it: folded to comparable letters, cut into words and character pieces.

Used by search, identification and duplicate checks, so that all of them agree on what is the same
word. Pure functions; no language is assumed.
"""

import re
import unicodedata
from collections.abc import Iterator

SPECIAL = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ŀ": "l",
        "·": "",
        "‧": "",
        "•": " ",
        "♀": " female ",
        "♂": " male ",
        "δ": " delta ",
        "☆": " star ",
        "★": " star ",
    }
)
"""Letters that compatibility decomposition leaves whole, and signs that collectors read as words.

The middle dot vanishes, so that Catalan `l·l` folds to `ll`.
"""

COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]")
WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]")
"""Scripts written without spaces between words: kana, Han, Thai."""


def fold(text: str) -> str:
    """Lower case, without accents, with compatibility forms and special letters made plain."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL))
    return unicodedata.normalize("NFKC", COMBINING.sub("", plain).translate(SPECIAL))


def words(text: str) -> list[str]:
    """Folded words in order; runs of scripts without spaces become overlapping pairs."""
    found: list[str] = []
    for word in WORD.findall(fold(text)):
        if word.isascii() or not UNSPACED.search(word):
            found.append(word)
        else:
            found.extend(_pairs(word))
    return found


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for at in range(len(run) - 1):
        yield run[at : at + 2]


def squeeze(text: str) -> str:
    """Folded letters and digits only: what is left when an OCR engine glues or breaks words."""
    return "".join(WORD.findall(fold(text)))


def ngrams(word: str, size: int) -> list[str]:
    """Overlapping pieces of `size` characters of `word`, with a mark at each end."""
    marked = f"^{word}$"
    return [marked[at : at + size] for at in range(max(1, len(marked) - size + 1))]


def storable(text: str) -> str:
    """The text without what no text of a database holds: NUL, and halves of characters."""
    if "\0" not in text and text.isascii():
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def clean_line(text: str) -> str:
    """One line without control characters, runs of white space made single."""
    if text.isprintable():
        return " ".join(text.split())
    printable = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in text
    )
    return " ".join(printable.split())
