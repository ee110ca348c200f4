"""MARC 21 and UNIMARC records of libraries: binary (MARC-8, UTF-8), MARCXML and MARC-in-JSON.

A broken record is skipped with its reason; the file goes on.
"""

import json
import logging
import re
import warnings
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree as ET

import pymarc

from armarium.features.catalogue.models import EntryDraft, Skip
from armarium.features.catalogue.sources.opening import (
    UnreadableSource,
    open_bytes,
    parse_json,
    read_document,
)
from armarium.kit import codes

logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # unreadable characters are reported by us

MARC8 = "iso8859-1"
"""What pymarc calls "as the leader says": MARC-8 or UTF-8."""
NOT_SORTED = str.maketrans("", "", "\u2117\u0088\u0089\u0098\u009c")
"""Marks around words that UNIMARC leaves out of sorting, also as MARC-8 misreads them."""
TRAILING = re.compile(r"[\s/:;,.=]+$")
FULL_STOP = re.compile(r"(?<!\b[A-Z])\.$")
ENTITY = b"<!ENTITY"


def read(path: Path, encoding: str | None = None) -> Iterator[EntryDraft | Skip]:
    """Each record as a draft. `encoding` overrides what the leaders claim (such as cp1251)."""
    with open_bytes(path) as stream:
        head = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        records = _xml(path)
    elif head[:1] in {b"[", b"{"}:
        records = _json(path)
    else:
        records = _binary(path, encoding)
    for at, record in enumerate(records, 1):
        if isinstance(record, Skip):
            yield Skip(record.reason, record.detail, f"record {at}")
        else:
            yield _safe_draft(record, f"record {at}")


def _binary(path: Path, encoding: str | None) -> Iterator[pymarc.Record | Skip]:
    with open_bytes(path) as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = pymarc.MARCReader(
            cast("BinaryIO", stream),
            hide_utf8_warnings=True,
            permissive=True,
            utf8_handling="replace",
            file_encoding=encoding or MARC8,
        )
        while True:
            try:
                record = next(reader)
            except StopIteration:
                return
            except Exception as error:  # noqa: BLE001 - another's parser on another's bytes
                yield Skip("broken_file", f"{type(error).__name__}: {error}")
                return
            if record is None:
                error = reader.current_exception
                yield Skip("broken_record", f"{type(error).__name__}: {error}")
            else:
                yield record


def _json(path: Path) -> Iterator[pymarc.Record | Skip]:
    with open_bytes(path) as stream:
        text = read_document(stream).decode("utf-8-sig", errors="replace")
    try:
        loaded = parse_json(text)
    except ValueError:
        loaded = [_maybe(line) for line in text.splitlines() if line.strip()]
    for each in loaded if isinstance(loaded, list) else [loaded]:
        try:
            yield next(iter(pymarc.JSONReader(json.dumps([each]))))
        except Exception as error:  # noqa: BLE001 - another's parser on another's data
            yield Skip("broken_record", f"{type(error).__name__}: {error}")


def _maybe(line: str) -> Any:
    try:
        return parse_json(line)
    except ValueError:
        return None


def _xml(path: Path) -> Iterator[pymarc.Record | Skip]:
    """Streams; entity declarations are refused, since a record needs none."""
    with open_bytes(path) as stream:
        parser = ET.XMLPullParser(["end"])
        before = b""
        try:
            while chunk := stream.read(1 << 16):
                # The border of two chunks hides no declaration.
                seen = before + chunk
                before = seen[-len(ENTITY) :]
                if ENTITY in seen:
                    raise UnreadableSource("XML with entity declarations is refused.")
                parser.feed(chunk)
                yield from _finished(parser)
            parser.close()
            yield from _finished(parser)
        except ET.ParseError as error:
            yield Skip("broken_xml", f"The XML ends here: {error}.")


def _finished(parser: Any) -> Iterator[pymarc.Record | Skip]:
    for _event, element in cast("Iterator[tuple[str, ET.Element]]", parser.read_events()):
        if _tag(element) == "record":
            yield _from_xml(element)
            element.clear()


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _from_xml(element: ET.Element) -> pymarc.Record | Skip:
    record = pymarc.Record(force_utf8=True)
    for child in element:
        tag = child.get("tag", "")
        try:
            if _tag(child) == "controlfield":
                record.add_field(pymarc.Field(tag=tag, data=child.text or ""))
            elif _tag(child) == "datafield":
                subfields = [
                    pymarc.Subfield(code=part.get("code", ""), value=part.text or "")
                    for part in child
                ]
                indicators = pymarc.Indicators(child.get("ind1", " "), child.get("ind2", " "))
                record.add_field(pymarc.Field(tag=tag, indicators=indicators, subfields=subfields))
        except Exception as error:  # noqa: BLE001 - another's parser on another's data
            return Skip("broken_record", f"{type(error).__name__}: {error}")
    return record


def _safe_draft(record: pymarc.Record, where: str) -> EntryDraft | Skip:
    try:
        return _draft(record, where)
    except Exception as error:  # noqa: BLE001 - odd records break the library's accessors
        return Skip("broken_record", f"{type(error).__name__}: {error}", where)


def _clean(text: str) -> str:
    return FULL_STOP.sub("", TRAILING.sub("", " ".join(text.split()))).strip()


def _all(record: pymarc.Record, tag: str, *wanted: str) -> list[str]:
    """Every occurrence of a field as its wanted subfields joined, cleaned of ISBD punctuation."""
    found: list[str] = []
    for each in record.get_fields(tag):
        if each.control_field:
            found.append((each.data or "").strip())
        else:
            parts = [part.value for part in each.subfields if part.code in wanted and part.value]
            found.append(_clean(" ".join(parts)))
    return [text for text in found if text]


def _first(record: pymarc.Record, *tags: tuple[str, str]) -> str:
    for tag, subfields in tags:
        if found := _all(record, tag, *subfields):
            return found[0]
    return ""


def _authors(record: pymarc.Record, *, uni: bool) -> list[str]:
    if uni:
        tags = ("700", "701", "702", "710")
        names = [name.replace(" , ", ", ") for tag in tags for name in _all(record, tag, "a", "b")]
    else:
        tags = ("100", "110", "111", "700", "710")
        names = [name for tag in tags for name in _all(record, tag, "a")]
    return list(dict.fromkeys(names))


def _readable(title: str) -> bool:
    """Most of what is not space is letters or digits: the bytes were read in the right encoding."""
    marks = [char for char in title if not char.isspace()]
    return sum(char.isalnum() for char in marks) * 2 >= len(marks)


def _draft(record: pymarc.Record, where: str) -> EntryDraft | Skip:
    uni = not record.get_fields("245") and bool(record.get_fields("200"))
    title = _first(record, ("200" if uni else "245", "ae" if uni else "abnp"))
    if not title:
        return Skip("no_title", "The record has no title.", where)
    if uni:
        title = title.translate(NOT_SORTED)
    if not _readable(title):
        detail = "The text is not in the encoding that the record claims; say which one it is."
        return Skip("unreadable_text", detail, where)
    isbns = list(
        dict.fromkeys(
            code
            for text in _all(record, "010" if uni else "020", "a")
            for code in codes.find_isbns(text)
        )
    )
    oclc = next(
        (text.rpartition(")")[2] for text in _all(record, "035", "a") if "OCoLC" in text), ""
    )
    lccn = "" if uni else _first(record, ("010", "a"))
    published = ("210",) if uni else ("264", "260")
    place, publisher, year = (
        _first(record, *((tag, code) for tag in published)) for code in ("acd" if uni else "abc")
    )
    fixed = _first(record, ("008", ""))
    control = _first(record, ("001", ""))
    authors = _authors(record, uni=uni)
    told = "\x1f".join([title, *authors, *isbns, publisher, year])
    return EntryDraft(
        key=control or lccn or blake2b(told.encode(), digest_size=12).hexdigest(),
        title=title,
        creators=authors,
        identifiers=[f"isbn:{code}" for code in isbns],
        external_ids={
            name: value
            for name, value in (("control", control), ("lccn", lccn), ("oclc", oclc))
            if value
        },
        attributes={"subjects": subjects} if (subjects := _all(record, "650", "a")) else {},
        fields={
            "title": title,
            "authors": authors,
            "publisher": publisher,
            "place": place,
            "year": year or (fixed[7:11] if fixed[7:11].isdigit() else None),
            "isbn": isbns[0] if isbns else None,
            "issn": _first(record, ("011" if uni else "022", "a")) or None,
            "oclc": oclc or None,
            "lccn": lccn.replace(" ", "") or None,
            "edition": _first(record, ("205" if uni else "250", "a")),
            "series": _first(record, ("225", "a"), ("490", "a"), ("830", "a")),
            "language": _language(fixed, record, uni=uni),
        },
    )


def _language(fixed: str, record: pymarc.Record, *, uni: bool) -> str | None:
    if uni:
        code = _first(record, ("101", "a"))
    else:
        code = fixed[35:38].strip() or _first(record, ("041", "a"))
    return code[:3].lower() if code.isalpha() else None
