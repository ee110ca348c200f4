"""Documents to search: real catalogues where they are at hand, else words drawn by Zipf's law."""

# ruff: noqa: S311  # seeded chance, not secrets
import gzip
import json
import random
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from armarium.features.search import SearchDocument
from armarium.kit.ids import new_id

STATUSES = ("on_hand", "on_hand", "on_hand", "wanted", "on_loan", "sold")


def documents(space_id: UUID, count: int, data: Path | None, seed: int = 7) -> list[SearchDocument]:
    """`count` documents in a fixed shuffled order."""
    if data is not None and (data / "catalogues").is_dir():
        catalogues = data / "catalogues"
        drawn = list(islice(chain(_artworks(catalogues), _cards(catalogues)), 200_000))
        random.Random(seed).shuffle(drawn)
        drawn = drawn[:count]
    else:
        drawn = list(_zipf(count, seed))
    chance = random.Random(seed + 1)
    return [
        SearchDocument(space_id=space_id, id=new_id(), status=chance.choice(STATUSES), **one)
        for one in drawn
    ]


def _artworks(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "tate_artworks.jsonl.gz", "rt") as lines:
        for line in lines:
            one = json.loads(line)
            yield {
                "kind": "art",
                "title": one.get("title") or "Untitled",
                "identifiers": (one["acno"],),
                "creators": (one.get("all_artists") or "",),
                "series": one.get("classification") or "",
                "body": " ".join(
                    [one.get("medium") or "", one.get("dateText") or ""]
                    + (one.get("subjects") or [])
                ),
                "notes": one.get("creditLine") or "",
            }


def _cards(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "tcgdex_cards.jsonl.gz", "rt") as lines:
        for line in lines:
            one = json.loads(line)
            names = one["name"] if isinstance(one["name"], dict) else {"en": one["name"]}
            sets = one["set"].get("name") or {}
            total = (one["set"].get("cardCount") or {}).get("official")
            yield {
                "kind": "card",
                "title": names.get("en") or next(iter(names.values())),
                "identifiers": (f"{one['localId']}/{total}" if total else one["localId"],),
                "creators": (one.get("illustrator") or "",),
                "series": (sets.get("en") or "") if isinstance(sets, dict) else str(sets),
                "body": " ".join(
                    str(value)
                    for value in (one.get("rarity"), one.get("category"), *names.values())
                    if value
                ),
                "notes": " ".join(one.get("types") or []),
            }


def _zipf(count: int, seed: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)
    words = [_word(at) for at in range(60_000)]
    weights = [1 / (at + 2.7) for at in range(len(words))]
    drawn = iter(chance.choices(words, weights, k=count * 24))
    for at in range(count):
        yield {
            "kind": "art" if at % 3 else "card",
            "title": " ".join(islice(drawn, chance.randint(1, 6))),
            "identifiers": (f"{at % 200}/{200}", f"N{at:06d}"),
            "creators": (" ".join(islice(drawn, 2)),),
            "series": " ".join(islice(drawn, chance.randint(0, 3))),
            "body": " ".join(islice(drawn, chance.randint(2, 10))),
        }


def _word(at: int) -> str:
    syllables = ("ba", "ke", "di", "fo", "gu", "la", "me", "ni", "so", "tu", "ra", "vi", "po")
    made = ""
    at += 13
    while at:
        at, rest = divmod(at, len(syllables))
        made += syllables[rest]
    return made
