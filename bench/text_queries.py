"""Queries with known answers for text identification: real spines, and cards read badly on purpose.

Used by bench/identify_text.py and by models/text_identification/train.py, with other seeds.
"""

import csv
import hashlib
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from armarium.kit.text import squeeze


@dataclass(frozen=True)
class Spine:
    """A spine as an OCR engine read it, without its shelf tag; no `truth` outside the catalogue."""

    text: str
    truth: tuple[str, str] | None
    isbn: str
    half: str
    image: str


def same_book(title: str, author: str) -> tuple[str, str]:
    """What makes two inventory rows the same book for the truth."""
    return squeeze(title), squeeze(author)


def without_tag(ocr: str, tag: str) -> str:
    """The text without the shelf tag, whole (spaces anywhere) or in its parts."""
    parts = tag.split()
    if parts:
        whole = r"\s*".join(re.escape(char) for char in "".join(parts))
        ocr = re.sub(whole, " ", f" {ocr} ", flags=re.IGNORECASE)
        for part in parts:
            ocr = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", " ", ocr)
    return " ".join(ocr.split())


def half_of(image: str) -> str:
    """`tune` or `held`, by the photograph, so that no photograph is in both."""
    return "tune" if in_tuning_half(image) else "held"


def in_tuning_half(name: str = "") -> bool:
    """Whether a set, artist or photograph of that name belongs to the half that trains."""
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def spines(folder: Path) -> list[Spine]:
    """All spines but those of no book and of several at once."""
    found: list[Spine] = []
    with (folder / "spine_queries.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["not_book"] == "True" or row["segmentation_merged_books"] == "True":
                continue
            outside = row["not_in_db"] == "True"
            found.append(
                Spine(
                    text=without_tag(row["ocr"], row["tag"]),
                    truth=None if outside else same_book(row["title"], row["author"]),
                    isbn=row["isbn"],
                    half=half_of(row["image_name"]),
                    image=row["image_name"],
                )
            )
    return found


ATTACKS = {
    "en": [
        "Fire Spin", "Thunder Shock", "Quick Attack", "Flip a coin", "Tackle", "Energy",
        "Weakness", "Resistance", "Retreat", "Basic", "Stage 1", "Evolves from", "damage",
        "Bite", "Scratch", "Ability", "your opponent's Active", "discard", "Water Gun",
        "Hydro Pump", "HP", "Pokemon Power", "Trainer",
    ],
    "fr": [
        "Flammeche", "Vive-Attaque", "Faiblesse", "Resistance", "Retraite", "De base",
        "Niveau 1", "Evolution de", "degats", "Morsure", "Talent", "PV", "lancez une piece",
        "Pistolet a O", "Energie",
    ],
    "de": [
        "Glut", "Ruckzuckhieb", "Schwache", "Resistenz", "Ruckzug", "Basis", "Phase 1",
        "Entwicklung aus", "Schaden", "Biss", "Fahigkeit", "KP", "wirf eine Munze",
        "Aquaknarre", "Energie",
    ],
    "es": [
        "Ascuas", "Ataque Rapido", "Debilidad", "Resistencia", "Retirada", "Basico", "Fase 1",
        "Evoluciona de", "puntos de dano", "Mordisco", "Habilidad", "PS", "lanza una moneda",
        "Pistola Agua", "Energia",
    ],
    "it": [
        "Braciere", "Attacco Rapido", "Debolezza", "Resistenza", "Ritirata", "Base", "Stadio 1",
        "Si evolve da", "danni", "Morso", "Abilita", "PS", "lancia una moneta", "Pistolacqua",
        "Energia",
    ],
    "pt": [
        "Brasas", "Ataque Rapido", "Fraqueza", "Resistencia", "Recuo", "Basico", "Estagio 1",
        "Evolui de", "de dano", "Mordida", "Habilidade", "PS", "jogue uma moeda", "Energia",
    ],
    "ja": [
        "ワザ", "弱点", "抵抗力", "にげる", "たね", "ダメージ", "エネルギー", "特性", "進化",
    ],
}  # fmt: skip

CONFUSED = {
    "o": "0", "0": "O", "l": "1", "1": "l", "i": "l", "e": "c", "c": "e", "a": "o", "n": "u",
    "u": "n", "m": "rn", "s": "5", "5": "S", "g": "q", "b": "h", "t": "f", "z": "2", "r": "n",
    "k": "h", "v": "y",
}  # fmt: skip


def misread(text: str, rng: random.Random, rate: float) -> str:
    """`text` with letters confused, lost, doubled, glued and broken at `rate` a character."""
    read: list[str] = []
    for char in text:
        if rng.random() >= rate:
            read.append(char)
            continue
        match rng.randrange(5):
            case 0 | 1:
                other = CONFUSED.get(char.lower(), char)
                read.append(other.upper() if char.isupper() and rng.random() < 0.5 else other)
            case 2:
                pass
            case 3:
                read.append(char + char if char != " " else "")
            case _:
                read.append(char + " " if char.isalnum() else char)
    return "".join(read)


SMALL_PRINT = ("©1995, 96, 98 Nintendo, Creatures, GAMEFREAK", "©2023 Pokemon / Nintendo")


@dataclass(frozen=True)
class CardQuery:
    """A card as it might be read; `numbered` tells whether its number was on the picture."""

    text: str
    language: str
    numbered: bool


def card_text(
    names: dict[str, str], number: str | None, illustrator: str, hp: int | None, rng: random.Random,
    *, rate: float = 0.04, with_number: bool | None = None, set_code: str | None = None,
) -> CardQuery:  # fmt: skip
    """A badly read card: a name of it, attack words, number, small print, garbage."""
    language = rng.choice(sorted(names))
    words = ATTACKS.get(language, ATTACKS["en"])
    numbered = bool(number) and (rng.random() < 0.8 if with_number is None else with_number)
    lines = [names[language] + (f" {hp} HP" if hp and rng.random() < 0.8 else "")]
    if rng.random() < 0.2:
        lines[0] = lines[0].upper()
    lines += [rng.choice(words) for _ in range(rng.randrange(1, 7))]
    lines += [str(rng.randrange(1, 13) * 10) for _ in range(rng.randrange(0, 3))]
    if illustrator and rng.random() < 0.5:
        lines.append(f"Illus. {illustrator}")
    if rng.random() < 0.5:
        lines.append(
            rng.choice(["©1995, 96, 98 Nintendo, Creatures, GAMEFREAK", "©2023 Pokemon / Nintendo"])
        )
    if rng.random() < 0.3:
        lines.append("".join(rng.choice("aeinrstlo |.-") for _ in range(rng.randrange(2, 8))))
    body = [misread(line, rng, rate) for line in lines]
    if numbered and number:
        shown = number
        if "/" in number and rng.random() < 0.5:
            left, right = number.split("/")
            shown = f"{left.rjust(3, '0')}/{right.rjust(3, '0')}"
        if set_code and rng.random() < 0.4:
            shown = f"{set_code} {rng.choice(['', 'EN '])}{shown}"
        body.append(misread(shown, rng, rate / 4))
    head, tail = body[:1], body[1:]
    rng.shuffle(tail)
    return CardQuery("\n".join(head + tail), language, numbered)


def label_text(row: Mapping[str, Any], rng: random.Random, *, rate: float) -> str:
    """A picture's label: title, artist, at times year and medium, in any order, badly read."""
    parts = [row["title"], *row["creators"][:1]]
    fields = row["fields"]
    if rng.random() < 0.6:
        parts.append(str(fields.get("year", "")))
    if rng.random() < 0.3:
        parts.append(str(fields.get("medium", "")))
    rng.shuffle(parts)
    return misread("\n".join(part for part in parts if part), rng, rate)
