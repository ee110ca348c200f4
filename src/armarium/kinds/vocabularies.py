"""Every closed list of words that the product knows, once, with the aliases people write.

Database checks, API schemas, forms and parsers read these; a status or a grade is spelled nowhere
else. `owned` is defined here and only here. A space may add terms of its own (templates room).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from armarium.kit.dates import Years
from armarium.kit.text import fold


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a vocabulary: `value` is stored and sent, `label` is its English default."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()
    rank: float | None = None
    """Order of worth within the vocabulary, best highest; None where there is no order."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed, ordered list of terms, found by value, label or alias, whatever the spelling."""

    name: str
    terms: tuple[Term, ...]
    _index: Mapping[str, Term] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the spellings; two terms may not claim the same one."""
        index: dict[str, Term] = {}
        for term in self.terms:
            for spelling in {_plain(text) for text in (term.value, term.label, *term.aliases)}:
                if spelling in index:
                    msg = f"{self.name}: {spelling!r} means {index[spelling].value} already"
                    raise ValueError(msg)
                index[spelling] = term
        object.__setattr__(self, "_index", index)

    @property
    def values(self) -> tuple[str, ...]:
        """What may be stored, in order."""
        return tuple(term.value for term in self.terms)

    def find(self, text: str) -> Term | None:
        """The term meant by `text`: value, label or alias, case and punctuation aside."""
        return self._index.get(_plain(text))

    def schema(self) -> dict[str, Any]:
        """What a form needs to offer the choice."""
        return {
            "name": self.name,
            "terms": [
                {
                    "value": term.value,
                    "label": term.label,
                    "label_key": f"vocabularies.{self.name}.{term.value}",
                    "aliases": list(term.aliases),
                    "rank": term.rank,
                }
                for term in self.terms
            ],
        }


def _plain(text: str) -> str:
    """Case, spaces, hyphens and dots aside; plus and minus carry meaning in grades."""
    kept = fold(text).replace("\N{MINUS SIGN}", "-").strip()
    signed = kept[-1] if kept and kept[-1] in "+-" else ""
    return "".join(char for char in kept if char.isalnum()) + signed


def vocabulary(name: str, terms: Iterable[tuple[str, str, tuple[str, ...]]]) -> Vocabulary:
    """A vocabulary without an order of worth."""
    return Vocabulary(name, tuple(Term(*term) for term in terms))


ITEM_STATUSES = vocabulary(
    "item_status",
    (
        ("wanted", "Wanted", ("want", "wishlist", "wish list")),
        ("watchlist", "On the watch list", ("watch", "watching")),
        ("in_transit", "In transit", ("shipped", "on the way")),
        ("on_hand", "On hand", ("have", "in hand", "in collection")),
        ("on_loan", "On loan", ("loaned", "lent")),
        ("consigned", "Consigned", ("on consignment",)),
        ("sold", "Sold", ()),
        ("traded", "Traded", ()),
        ("lost", "Lost", ("missing", "stolen")),
        ("removed", "Removed", ("deaccessioned", "discarded")),
    ),
)
OWNED_STATUSES = ("in_transit", "on_hand", "on_loan", "consigned")
"""The one definition of `owned`."""


def is_owned(status: str) -> bool:
    """Whether an item of this status belongs to the collection."""
    return status in OWNED_STATUSES


@dataclass(frozen=True, slots=True)
class Era:
    """A period by year of publication; either end may be open."""

    value: str
    label: str
    first: int | None
    last: int | None


ERAS = (
    Era("pre_romantic", "Pre-Romantic", None, 1799),
    Era("romantic", "Romantic", 1800, 1836),
    Era("victorian", "Victorian", 1837, 1901),
    Era("edwardian", "Edwardian", 1902, 1910),
    Era("modern", "Modern", 1911, None),
)
ERA_NAMES = vocabulary("era", ((era.value, era.label, ()) for era in ERAS))


def era_of(years: Years | int) -> str | None:
    """The era that the whole span falls in; None when undated or when it straddles two."""
    first, last = (years, years) if isinstance(years, int) else (years.first, years.last)
    if first is None or last is None:
        return None
    eras = {_era_of_year(first), _era_of_year(last)}
    return eras.pop() if len(eras) == 1 else None


def _era_of_year(year: int) -> str:
    return next(
        era.value
        for era in ERAS
        if (era.first is None or year >= era.first) and (era.last is None or year <= era.last)
    )


BOOK_CONDITIONS = Vocabulary(
    "book_condition",
    (
        Term("as_new", "As New", ("mint", "new", "AN"), 10),
        Term("fine", "Fine", ("F", "FN"), 9),
        Term("near_fine", "Near Fine", ("NF", "almost fine", "about fine", "fine-"), 8),
        Term("very_good_plus", "Very Good +", ("VG+", "VG plus"), 7),
        Term("very_good", "Very Good", ("VG",), 6),
        Term("very_good_minus", "Very Good -", ("VG-", "VG minus"), 5),
        Term("good_plus", "Good +", ("G+", "G plus"), 4.5),
        Term("good", "Good", ("G",), 4),
        Term("good_minus", "Good -", ("G-", "G minus"), 3.5),
        Term("fair", "Fair", ("FR",), 3),
        Term("poor", "Poor", ("P",), 2),
        Term("reading_copy", "Reading copy", ("reading", "working copy"), 1),
        Term("ex_library", "Ex-library", ("ex lib", "xlib", "library copy"), 1),
    ),
)
"""AB Bookman's terms, best first."""

CARD_CONDITIONS = Vocabulary(
    "card_condition",
    (
        Term(
            "near_mint",
            "Near Mint",
            (
                *("NM", "NM/M", "NM-MT", "near mint/mint", "mint", "M", "MT", "gem mint"),
                *("near mint or better", "excellent-mint", "like new"),
            ),
            5,
        ),
        Term(
            "lightly_played",
            "Lightly Played",
            (
                *("LP", "SP", "slightly played", "EX", "excellent", "light played", "light play"),
                *("good (lightly played)", "EX+", "EX-NM", "very good plus"),
            ),
            4,
        ),
        Term(
            "moderately_played",
            "Moderately Played",
            ("MP", "PL", "played", "VG", "very good", "GD", "good", "VG-EX"),
            3,
        ),
        Term(
            "heavily_played",
            "Heavily Played",
            ("HP", "heavy played", "heavy play", "fair", "FR"),
            2,
        ),
        Term("damaged", "Damaged", ("DMG", "D", "DM", "poor", "PO", "PR", "very poor"), 1),
    ),
)
"""Raw (ungraded) cards, with the words that shops use for the same five steps."""

CARD_GRADE_BANDS = (
    ("near_mint", 9.0, 10.0),
    ("lightly_played", 7.0, 8.9),
    ("moderately_played", 5.0, 6.9),
    ("heavily_played", 3.0, 4.9),
    ("damaged", 1.0, 2.9),
)
"""Which raw condition a slab's number on 1 to 10 compares with."""


def band_of_grade(grade: float) -> str | None:
    """The raw condition that a slab's grade compares with; None outside 1 to 10."""
    if not 1 <= grade <= 10:  # noqa: PLR2004 - the scale of every company below
        return None
    return next(value for value, low, _high in CARD_GRADE_BANDS if grade >= low)


GRADERS = vocabulary(
    "grader",
    (
        ("psa", "PSA", ("Professional Sports Authenticator",)),
        ("bgs", "BGS", ("Beckett", "Beckett Grading Services")),
        ("cgc", "CGC", ("Certified Guaranty Company", "CGC Cards")),
        ("sgc", "SGC", ("Sportscard Guaranty",)),
    ),
)
GRADE_STEPS: Mapping[str, float] = {"psa": 0.5, "bgs": 0.5, "cgc": 0.5, "sgc": 0.5}
"""Smallest step of each company's scale on 1 to 10."""

CARD_FINISHES = vocabulary(
    "card_finish",
    (
        ("normal", "Normal", ("nonfoil", "non foil", "non-holo", "regular", "no")),
        ("holo", "Holo", ("holofoil", "foil", "holographic", "yes")),
        ("reverse_holo", "Reverse holo", ("reverse", "reverse foil", "reverse holofoil", "RH")),
        ("etched", "Etched", ("etched foil",)),
        ("textured", "Textured", ()),
        ("metal", "Metal", ()),
        ("other", "Other", ()),
    ),
)

LANGUAGES = vocabulary(
    "language",
    (
        ("en", "English", ("eng", "anglais")),
        ("fr", "French", ("fra", "fre", "français")),
        ("de", "German", ("deu", "ger", "deutsch")),
        ("es", "Spanish", ("spa", "español", "castellano", "sp")),
        ("it", "Italian", ("ita", "italiano")),
        ("pt", "Portuguese", ("por", "português", "pt-br", "pt-pt")),
        ("ca", "Catalan", ("cat", "català")),
        ("nl", "Dutch", ("nld", "dut", "nederlands")),
        ("pl", "Polish", ("pol", "polski")),
        ("ru", "Russian", ("rus", "русский")),
        ("ja", "Japanese", ("jpn", "jp", "日本語")),
        ("ko", "Korean", ("kor", "kr", "한국어")),
        ("zh-hans", "Chinese (simplified)", ("zhs", "zh-cn", "chinese simplified", "s-chinese")),
        ("zh-hant", "Chinese (traditional)", ("zht", "zh-tw", "t-chinese", "chi", "zho", "zh")),
        ("id", "Indonesian", ("ind",)),
        ("th", "Thai", ("tha",)),
        ("la", "Latin", ("lat",)),
        ("el", "Greek", ("ell", "gre")),
        ("he", "Hebrew", ("heb",)),
        ("ar", "Arabic", ("ara",)),
        ("sv", "Swedish", ("swe",)),
        ("da", "Danish", ("dan",)),
        ("no", "Norwegian", ("nor", "nb", "nn")),
        ("fi", "Finnish", ("fin",)),
        ("cs", "Czech", ("ces", "cze")),
        ("hu", "Hungarian", ("hun",)),
        ("tr", "Turkish", ("tur",)),
        ("other", "Other", ("mul", "und")),
    ),
)

BINDINGS = vocabulary(
    "binding",
    (
        ("cloth", "Cloth", ("publisher's cloth", "original cloth", "hardcover", "hardback")),
        ("full_leather", "Full leather", ("leather", "calf", "full calf", "morocco")),
        ("half_leather", "Half leather", ("half calf", "half morocco")),
        ("quarter_leather", "Quarter leather", ("quarter calf", "quarter morocco")),
        ("vellum", "Vellum", ("parchment",)),
        ("boards", "Boards", ("paper boards",)),
        ("wrappers", "Wrappers", ("paperback", "softcover", "soft cover", "paper covers")),
        ("unbound", "Unbound", ("disbound", "in sheets")),
        ("other", "Other", ()),
    ),
)

VOCABULARIES: Mapping[str, Vocabulary] = {
    each.name: each
    for each in (
        ITEM_STATUSES, ERA_NAMES, BOOK_CONDITIONS, CARD_CONDITIONS, GRADERS, CARD_FINISHES,
        LANGUAGES, BINDINGS,
    )
}  # fmt: skip
"""By name, as shown by the API."""
