"""TCGdex cards-database as JSON lines: sets, numbers, names by language, variants, market ids."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import unquote

from armarium.features.catalogue.fitting import MAX_COUNT
from armarium.features.catalogue.models import EntryDraft, SetDraft, Skip
from armarium.features.catalogue.sources.opening import drafted, json_records, text_of

PREFERRED = ("en", "fr", "de", "es", "it", "pt", "ja")
HOME_REGION = "data"
"""The region whose ids are plain; another region may use the same id for another card."""

ATTRIBUTES = (
    "category", "hp", "types", "dexId", "stage", "suffix", "evolveFrom", "trainerType",
    "energyType", "regulationMark", "boosters", "region", "item",
)  # fmt: skip


def read(path: Path) -> Iterator[EntryDraft | Skip]:
    """Each card as a draft."""
    sets: dict[tuple[str, str], SetDraft] = {}
    for number, record in json_records(path):
        if isinstance(record, Skip):
            yield record
            continue
        where = f"record {number}"
        yield drafted(partial(_card, record, where, sets), where)


def _names(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        return {"en": value.strip()} if value.strip() else {}
    if not isinstance(value, Mapping):
        return {}
    return {str(lang): text_of(name) for lang, name in value.items() if text_of(name)}


def _best(names: Mapping[str, str]) -> str:
    return next(
        (names[lang] for lang in PREFERRED if lang in names), next(iter(names.values()), "")
    )


def _released(value: Any) -> str | None:
    if isinstance(value, Mapping):
        value = next(iter(sorted(str(each) for each in value.values())), None)
    return text_of(value) or None


def _counts(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_COUNT


def _set(record: Mapping[str, Any], region: str) -> SetDraft | None:
    raw = record.get("set")
    if not isinstance(raw, Mapping) or not text_of(raw.get("id")):
        return None
    names = _names(raw.get("name"))
    code = text_of(raw["id"])
    count = raw.get("cardCount")
    official = count.get("official") if isinstance(count, Mapping) else None
    external = dict(raw.get("thirdParty") or {})
    external["tcgdex"] = code
    abbreviations = raw.get("abbreviations")
    if isinstance(abbreviations, Mapping) and abbreviations.get("official"):
        external["abbreviation"] = text_of(abbreviations["official"])
    return SetDraft(
        code=code if region == HOME_REGION else f"{region}:{code}",
        name=_best(names) or code,
        names=names,
        series=text_of(record.get("serie")) or None,
        official_count=official if _counts(official) else None,
        released=_released(raw.get("releaseDate")),
        external_ids=external,
    )


def _variants(value: Any) -> list[Any]:
    """A list of variants; the older form is an object of flags."""
    if isinstance(value, Mapping):
        return [{"type": str(name)} for name, present in value.items() if present is True]
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _external_ids(record: Mapping[str, Any], variants: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"tcgdex": text_of(record.get("id"))}
    sources = [record.get("thirdParty"), *(each.get("thirdParty") for each in variants)]
    for source in sources:
        if isinstance(source, Mapping):
            for name, value in source.items():
                found.setdefault(str(name), value)
    return found


def _attributes(record: Mapping[str, Any], belongs: SetDraft | None) -> dict[str, Any]:
    found = {name: record[name] for name in ATTRIBUTES if record.get(name) is not None}
    if belongs and "abbreviation" in belongs.external_ids:
        found["set_abbreviation"] = belongs.external_ids["abbreviation"]
    return found


def _card(
    record: Mapping[str, Any], where: str, sets: dict[tuple[str, str], SetDraft]
) -> EntryDraft | Skip:
    card_id, local = text_of(record.get("id")), unquote(text_of(record.get("localId")))
    names = _names(record.get("name"))
    if not card_id:
        return Skip("no_id", "The card has no id.", where)
    if not names:
        return Skip("no_name", f"{card_id} has no name in any language.", where)
    region = text_of(record.get("region")) or HOME_REGION
    raw_set = record.get("set")
    set_key = (region, text_of(raw_set.get("id")) if isinstance(raw_set, Mapping) else "")
    belongs = sets.get(set_key) or _set(record, region)
    if belongs is not None:
        sets[set_key] = belongs
    official = belongs.official_count if belongs else None
    variants = _variants(record.get("variants"))
    printed = f"{local}/{official}" if official and local.isdigit() else local
    return EntryDraft(
        key=card_id if region == HOME_REGION else f"{region}:{card_id}",
        title=_best(names),
        names=names,
        creators=[artist] if (artist := text_of(record.get("illustrator"))) else [],
        number=printed or None,
        set=belongs,
        external_ids=_external_ids(record, variants),
        variants=variants,
        attributes=_attributes(record, belongs),
        fields={
            "name": _best(names),
            "game": "Pokémon TCG",
            "series": text_of(record.get("serie")),
            "set_name": belongs.name if belongs else None,
            "set_code": text_of(belongs.external_ids["tcgdex"]) if belongs else None,
            "number": printed,
            "rarity": text_of(record.get("rarity")),
            "illustrator": text_of(record.get("illustrator")),
            "year": belongs.released[:4] if belongs and belongs.released else None,
            "language": next(iter(names)) if len(names) == 1 else None,
        },
    )
