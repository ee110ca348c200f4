"""What the demonstration holds: facts of real books, prints and cards, pictures drawn by us.

The facts are those of the works as they were published; the copies are invented, so nothing here
says what anything is worth, where it came from or that it was authenticated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One invented copy of a real work."""

    kind: Literal["book", "art", "card"]
    fields: Mapping[str, Any]
    status: str = "on_hand"
    notes: str = ""
    tags: Sequence[str] = ()
    picture: Mapping[str, Any] = field(default_factory=dict[str, Any])


def book(
    title: str, author: str, publisher: str, year: str, *, status: str = "on_hand", **more: Any
) -> DemoItem:
    """A book published in London unless `place` says otherwise."""
    facts = {
        "title": title,
        "authors": [author],
        "publisher": publisher,
        "place": "London",
        "year": year,
        "language": "en",
        "binding": "cloth",
        **more,
    }
    return DemoItem("book", facts, status=status, tags=("library",))


def artwork(title: str, artist: str, year: str, medium: str, **more: Any) -> DemoItem:
    """A print; sizes in millimetres as museums give them."""
    sea = bool(more.pop("sea", False))
    wide = bool(more.pop("wide", True))
    facts = {"title": title, "artists": [artist], "year": year, "medium": medium, **more}
    return DemoItem("art", facts, tags=("prints",), picture={"sea": sea, "wide": wide})


def card(name: str, number: str, set_name: str, year: str, **more: Any) -> DemoItem:
    """A card by its set and number."""
    status = str(more.pop("status", "on_hand"))
    facts = {"name": name, "number": number, "set_name": set_name, "year": year, **more}
    return DemoItem("card", facts, status=status, tags=("cards",))


TAROT = "Rider-Waite-Smith Tarot"
TAROT_FACTS = {"illustrator": "Pamela Colman Smith", "game": "Tarot"}
POKEMON = {"game": "Pokémon TCG", "set_code": "base1"}

DEMO_ITEMS: tuple[DemoItem, ...] = (
    # A line an item reads better than ten.
    book("Poems", "Alfred Tennyson", "Edward Moxon", "1857", illustrators=["Dante Gabriel Rossetti", "John Everett Millais", "William Holman Hunt"]),
    book("Bleak House", "Charles Dickens", "Bradbury and Evans", "1853", illustrators=["Hablot Knight Browne"]),
    book("Middlemarch", "George Eliot", "William Blackwood", "1871-72", place="Edinburgh", volumes=4),
    book("Jane Eyre", "Charlotte Brontë", "Smith, Elder", "1847", volumes=3, status="wanted"),
    book("On the Origin of Species", "Charles Darwin", "John Murray", "1859", status="watchlist"),
    book("Goblin Market and Other Poems", "Christina Rossetti", "Macmillan", "1862"),
    book("Alice's Adventures in Wonderland", "Lewis Carroll", "Macmillan", "1866", illustrators=["John Tenniel"]),
    book("Men and Women", "Robert Browning", "Chapman and Hall", "1855", volumes=2),
    book("Treasure Island", "Robert Louis Stevenson", "Cassell", "1883", status="in_transit"),
    book("The Rime of the Ancient Mariner", "Samuel Taylor Coleridge", "Sampson Low", "1857"),
    book("The Stones of Venice", "John Ruskin", "Smith, Elder", "1851-53", volumes=3),
    artwork("The Great Wave off Kanagawa", "Katsushika Hokusai", "c. 1831", "Color woodblock print", height_mm=257, width_mm=379, sea=True),
    artwork("Sudden Shower over Shin-Ōhashi Bridge and Atake", "Utagawa Hiroshige", "1857", "Color woodblock print", height_mm=340, width_mm=225, sea=True, wide=False),
    artwork("The Rhinoceros", "Albrecht Dürer", "1515", "Woodcut", height_mm=235, width_mm=298),
    artwork("The Three Trees", "Rembrandt van Rijn", "1643", "Etching, drypoint and engraving", height_mm=213, width_mm=279),
    artwork("The Sleep of Reason Produces Monsters", "Francisco de Goya", "1799", "Etching and aquatint", height_mm=216, width_mm=152, wide=False),
    artwork("Nocturne", "James McNeill Whistler", "1879-80", "Etching and drypoint", height_mm=202, width_mm=295, sea=True),
    artwork("The Ancient of Days", "William Blake", "1794", "Relief etching with watercolor", wide=False),
    card("The Fool", "0", TAROT, "1909", **TAROT_FACTS),
    card("The Magician", "1", TAROT, "1909", **TAROT_FACTS),
    card("The High Priestess", "2", TAROT, "1909", **TAROT_FACTS),
    card("Wheel of Fortune", "10", TAROT, "1909", **TAROT_FACTS),
    card("The Moon", "18", TAROT, "1909", **TAROT_FACTS),
    card("Charizard", "4/102", "Base Set", "1999", rarity="Rare", status="wanted", **POKEMON),
    card("Blastoise", "2/102", "Base Set", "1999", rarity="Rare", **POKEMON),
    card("Pikachu", "58/102", "Base Set", "1999", rarity="Common", **POKEMON),
    card("Honus Wagner", "T206", "White Border", "1909-11", player="Honus Wagner", team="Pittsburgh", game="Baseball", status="wanted"),
    card("Mickey Mantle", "311", "Topps", "1952", player="Mickey Mantle", team="New York Yankees", game="Baseball", status="on_loan"),
)  # fmt: skip

DEMO_SHELF = (
    "Cards of the tarot",
    "Five of the seventy-eight of 1909, drawn by Pamela Colman Smith.",
)
"""Name and description of the named collection."""
PHOTOGRAPHED = card("The Hermit", "9", TAROT, "1909", **TAROT_FACTS)
"""What lies in the photo that waits in the review."""
