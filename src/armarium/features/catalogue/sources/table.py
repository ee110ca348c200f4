"""CSV tables: columns are matched to the kind's fields by name, or as the caller says."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from armarium.features.catalogue.models import EntryDraft, ImportOptions, SetDraft, Skip
from armarium.features.catalogue.rows import creators_of
from armarium.features.catalogue.sources.opening import (
    MAX_LINE_BYTES,
    UnreadableSource,
    open_bytes,
)
from armarium.features.catalogue.sources.sniffing import listed, shown
from armarium.kinds import FieldType, Kind, registry
from armarium.kit.text import squeeze

IGNORE = "-"
"""As a field in a mapping: leave the column out."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "key": ("id", "key", "externalid", "recordid", "uuid"),
    "title": ("title", "titulo", "titol", "titre", "titel", "booktitle", "worktitle"),
    "name": ("name", "cardname", "card", "nombre", "nom", "item", "itemname", "productname"),
    "authors": ("author", "authors", "autor", "autors", "auteur", "writer", "by"),
    "artists": ("artist", "artists", "maker", "painter", "creator", "allartists"),
    "publisher": ("publisher", "editorial", "editor", "verlag", "imprint"),
    "place": ("place", "city", "placeofpublication"),
    "year": ("year", "date", "pubdate", "publicationdate", "published", "any", "ano", "datetext"),
    "isbn": ("isbn", "isbn13", "isbn10", "ean"),
    "series": ("series", "serie", "collection", "coleccion", "collecio", "seriesname"),
    "language": ("language", "lang", "idioma", "langue"),
    "edition": ("edition", "edicion", "edicio"),
    "pages": ("pages", "numberofpages", "pagecount"),
    "shelf_mark": ("tag", "shelfmark", "callnumber", "signature", "signatura", "topografic"),
    "subtitle": ("subtitle",),
    "translators": ("translator", "translators"),
    "set_name": ("set", "setname", "expansion", "editionname"),
    "set_code": ("setcode", "setid", "expansioncode", "editioncode"),
    "number": ("number", "cardnumber", "collectornumber", "no", "num", "localid"),
    "rarity": ("rarity",),
    "illustrator": ("illustrator", "cardartist"),
    "game": ("game", "category"),
    "finish": ("finish", "foil", "printing"),
    "condition": ("condition",),
    "medium": ("medium", "technique", "materials"),
    "accession_number": ("accessionnumber", "accessionno", "acno", "inventorynumber", "objectid"),
    "notes": ("notes", "note", "comments", "description"),
}

TELLTALE: Mapping[str, frozenset[str]] = {
    "book": frozenset({"isbn", "authors", "publisher", "pages", "shelf_mark"}),
    "card": frozenset({"set_name", "set_code", "rarity", "illustrator", "finish"}),
    "art": frozenset({"artists", "medium", "accession_number"}),
}

NAME_FIELDS = ("title", "name")


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table is read: its kind, which column fills which field, and how it is written."""

    kind: str
    columns: Mapping[str, str]
    """Header to field name, `key`, or IGNORE."""
    encoding: str
    dialect: type[csv.Dialect] | csv.Dialect


def plan(path: Path, options: ImportOptions) -> Plan:
    """Guess what the options leave open; the header decides."""
    with open_bytes(path) as stream:
        head = stream.read(200_000)
    encoding = options.encoding or _encoding(path)
    sample = head.decode(encoding, errors="replace").lstrip("\ufeff")
    dialect = _dialect(sample)
    try:
        header = next(csv.reader(io.StringIO(sample), dialect), [])
    except csv.Error as error:
        raise UnreadableSource(f"The first line can't be read: {error}.") from error
    if not any(cell.strip() for cell in header):
        raise UnreadableSource("The table is empty: its first line must name the columns.")
    guesses = {column: _guess(column) for column in header if column.strip()}
    kind_name = options.kind or _kind(set(guesses.values()), options.mapping)
    kind = registry().get(kind_name)
    if kind is None:
        raise UnreadableSource(f"There is no kind named {shown(kind_name)}.")
    columns = _columns(guesses, options.mapping, kind)
    if not any(target in NAME_FIELDS for target in columns.values()):
        raise UnreadableSource(
            f"No column holds the title or name; say which one does by the mapping COLUMN=title. "
            f"Columns: {listed(guesses)}."
        )
    return Plan(kind.name, columns, encoding, dialect)


def _encoding(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as stream:
        try:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _dialect(sample: str) -> type[csv.Dialect] | csv.Dialect:
    first = sample.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)

    class Found(csv.excel):
        pass

    Found.delimiter = delimiter if first.count(delimiter) else ","
    return Found


def _guess(column: str) -> str | None:
    plain = squeeze(column)
    for target, spellings in SYNONYMS.items():
        if plain in spellings or plain == squeeze(target):
            return target
    return None


def _kind(targets: set[str | None], mapping: Mapping[str, str]) -> str:
    known = targets | set(mapping.values())
    best = max(TELLTALE, key=lambda kind: len(TELLTALE[kind] & known))
    return best if TELLTALE[best] & known else "generic"


def _columns(
    guesses: Mapping[str, str | None], mapping: Mapping[str, str], kind: Kind
) -> dict[str, str]:
    if unknown := [column for column in mapping if column not in guesses]:
        raise UnreadableSource(
            f"There is no column {shown(unknown[0])}; there are: {listed(guesses)}."
        )
    columns: dict[str, str] = {}
    for column, guess in guesses.items():
        target = mapping.get(column) or guess
        if target in NAME_FIELDS and kind.field(target) is None:
            target = "name" if target == "title" else "title"
        if column in mapping and target not in {IGNORE, "key"} and kind.field(target or "") is None:
            raise UnreadableSource(f"The kind {kind.name} has no field {shown(target or '')}.")
        if target in {IGNORE, None}:
            columns[column] = IGNORE
        elif target == "key" or kind.field(target or "") is not None:
            taken = target in columns.values() and column not in mapping
            columns[column] = IGNORE if taken else target or IGNORE
        else:
            columns[column] = IGNORE
    return columns


def read(path: Path, plan: Plan) -> Iterator[EntryDraft | Skip]:
    """Each row as a draft."""
    kind = registry().get(plan.kind)
    if kind is None:
        raise UnreadableSource(f"There is no kind named {plan.kind}.")
    with open_bytes(path) as stream:
        text = io.TextIOWrapper(stream, plan.encoding, errors="replace", newline="")
        rows = csv.reader(_lines(text), plan.dialect)
        header = [cell.lstrip("\ufeff") for cell in next(rows, [])]
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield Skip("broken_row", f"{error}", f"line {rows.line_num}")
                continue
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield _row(header, row, plan, kind, f"line {rows.line_num}")


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """A line that never ends comes in parts, of which the reader makes broken rows."""
    while line := text.readline(MAX_LINE_BYTES):
        yield line.replace("\x00", "")


def _row(
    header: Sequence[str], row: Sequence[str], plan: Plan, kind: Kind, where: str
) -> EntryDraft | Skip:
    if len(row) > len(header):
        return Skip("too_many_cells", f"{len(row)} cells under {len(header)} columns.", where)
    values: dict[str, str | list[str]] = {}
    left_out: dict[str, str] = {}
    key = ""
    for column, cell in zip(header, row, strict=False):
        value, target = cell.strip(), plan.columns.get(column, IGNORE)
        if not value:
            continue
        if target == "key":
            key = value
        elif target == IGNORE:
            left_out[column] = value
        else:
            declared = kind.field(target)
            listed = declared is not None and declared.type is FieldType.LIST
            values[target] = [part.strip() for part in value.split(";")] if listed else value
    title = next((str(values[name]) for name in NAME_FIELDS if values.get(name)), "")
    if not title:
        return Skip("no_title", "The row has no title.", where)
    told = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
    set_name = str(values.get("set_name") or "")
    set_code = str(values.get("set_code") or set_name)
    number = values.get("number")
    return EntryDraft(
        key=key or blake2b(told.encode(), digest_size=12).hexdigest(),
        title=title,
        creators=creators_of(values),
        number=str(number) if number else None,
        set=SetDraft(code=set_code, name=set_name or set_code) if set_code else None,
        external_ids={"id": key} if key else {},
        attributes=left_out,
        fields=values,
    )
