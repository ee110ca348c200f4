"""A deck as `cards.json` beside its image files: name, number, suit, arcana, picture."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from armarium.features.catalogue.models import EntryDraft, SetDraft, Skip
from armarium.features.catalogue.sources.opening import (
    UnreadableSource,
    drafted,
    open_bytes,
    parse_json,
    read_document,
    text_of,
)

NUMERALS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def numeral(number: int) -> str:
    """The Roman numeral of 1 to 39, as decks print it."""
    text = ""
    for value, letters in NUMERALS:
        text += letters * (number // value)
        number %= value
    return text


def read(path: Path) -> Iterator[EntryDraft | Skip]:
    """Each card as a draft with its picture."""
    with open_bytes(path) as stream:
        try:
            deck = parse_json(read_document(stream))
        except ValueError as error:
            raise UnreadableSource(f"This is not JSON: {error}.") from error
    cards = deck.get("cards") if isinstance(deck, Mapping) else deck
    if not isinstance(cards, list):
        raise UnreadableSource("A deck is an object with a list of `cards`.")
    name = text_of(deck.get("name")) if isinstance(deck, Mapping) else ""
    belongs = SetDraft(code="tarot", name=name or "Tarot", official_count=len(cards))
    for at, card in enumerate(cards, 1):
        if not isinstance(card, Mapping) or not text_of(card.get("name")):
            yield Skip("no_name", "The card has no name.", f"card {at}")
            continue
        make = partial(_card, cast("Mapping[str, Any]", card), at, belongs, path.parent)
        yield drafted(make, f"card {at}")


def _card(card: Mapping[str, Any], at: int, belongs: SetDraft, folder: Path) -> EntryDraft:
    title = text_of(card["name"])
    number = text_of(card.get("number"))
    suit, arcana = text_of(card.get("suit")), text_of(card.get("arcana"))
    picture = text_of(card.get("img"))
    safe = picture and (folder / picture).resolve().parent == folder.resolve()
    major = arcana.lower().startswith("major")
    roman = numeral(int(number)) if number.isdigit() and 0 < int(number) < 40 else ""  # noqa: PLR2004
    facts = {"arcana": arcana, "suit": suit, "numeral": roman, "position": at}
    return EntryDraft(
        key=picture.rsplit(".", 1)[0] or f"{suit or arcana}-{number}-{title}",
        title=title,
        names={"en": title},
        number=number if major else None,
        set=belongs,
        external_ids={"image": picture} if picture else {},
        attributes={name: value for name, value in facts.items() if value},
        images=[picture] if safe else [],
        fields={
            "name": title,
            "game": "Tarot",
            "set_name": belongs.name,
            "series": arcana,
            "number": number if major else None,
            "variant": suit,
        },
    )
