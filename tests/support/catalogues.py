"""Small catalogue files of every format, written by the test that reads them."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyvips

from armarium.features.catalogue.models import EntryDraft, ImportOptions, Skip
from armarium.features.catalogue.sources import Source, open_source


def card(card_id: str, name: str | dict[str, str], number: str, **more: Any) -> dict[str, Any]:
    """A card as TCGdex tells it."""
    set_id = card_id.rpartition("-")[0]
    return {
        "id": card_id,
        "localId": number,
        "region": "data",
        "serie": "Base",
        "set": {
            "id": set_id,
            "name": {"en": f"Set {set_id}"},
            "releaseDate": "1999-01-09",
            "cardCount": {"official": 102},
        },
        "name": {"en": name} if isinstance(name, str) else name,
        **more,
    }


CARDS = [
    card("base1-4", {"en": "Charizard", "fr": "Dracaufeu", "de": "Glurak"}, "4",
         illustrator="Mitsuhiro Arita", rarity="Rare", hp=120,
         variants=[{"type": "holo", "thirdParty": {"cardmarket": 273699}}]),
    card("base1-58", {"en": "Pikachu", "ja": "ピカチュウ"}, "58", illustrator="Mitsuhiro Arita"),
    card("base1-2", "Blastoise", "2", variants={"normal": False, "holo": True}),
    card("base4-87", "Pikachu", "87"),
    card("base4-4", "Charizard", "4"),
    card("promo-SWSH045", "Snorlax", "SWSH045"),
]  # fmt: skip
CARDS[3]["set"]["cardCount"]["official"] = 130
CARDS[4]["set"]["cardCount"]["official"] = 130
CARDS[5]["set"]["cardCount"]["official"] = 0


def write_lines(path: Path, records: list[Any]) -> Path:
    """JSON lines, gzip when the name says so."""
    text = "".join(
        (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False)) + "\n"
        for each in records
    ).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


SHELF = """title,author,tag,series,isbn
El Tiempo entre costuras,"Dueñas, María",N Due,TH Novela,
Las Columnas de Hércules : un viaje por el Mediterráneo,"Theroux, Paul",910.4 The,,9788427132177
Barcelona : una biografia,"Calpena, Enric",9(46.71Bar) Cal,Llibres a l'abast   430,
Swing time,"Smith, Zadie",NE Smi,,
La Meva família i altres animals,"Durrell, Gerald, 1925-1995",N Dur,,123
Swing time,"Smith, Zadie",NE Smi,,
,"Nobody",N Nob,,
"""


def write_shelf(path: Path, text: str = SHELF) -> Path:
    """A library's inventory as CSV."""
    path.write_text(text, encoding="utf-8")
    return path


def write_deck(folder: Path, count: int = 3) -> Path:
    """A deck with small pictures beside it; the last card's picture is missing."""
    cards = [
        {
            "name": name,
            "number": str(at),
            "arcana": "Major Arcana",
            "suit": None,
            "img": f"m{at:02}.jpg",
        }
        for at, name in enumerate(("The Fool", "The Magician", "The High Priestess")[:count])
    ]
    for at in range(count - 1):
        picture = pyvips.Image.black(40, 60).bandjoin([40 * at, 200]).copy(interpretation="srgb")
        picture.jpegsave(str(folder / f"m{at:02}.jpg"))
    path = folder / "cards.json"
    path.write_text(json.dumps({"description": "a deck", "cards": cards}))
    return path


def write_text(path: Path, text: str) -> Path:
    """A file of exactly this text."""
    path.write_text(text, encoding="utf-8")
    return path


def opened(
    path: Path, file_format: Any, **options: Any
) -> tuple[Source, list[EntryDraft], list[Skip]]:
    """The source of a file, with all that it gives and all that it leaves out."""
    source = open_source(ImportOptions(path, file_format, **options))
    found = list(source.records)
    drafts = [each for each in found if isinstance(each, EntryDraft)]
    return source, drafts, [each for each in found if isinstance(each, Skip)]
