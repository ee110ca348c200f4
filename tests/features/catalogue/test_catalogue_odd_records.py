"""Whatever a record holds, the import ends with it taken or skipped, and told."""

import json
from pathlib import Path
from typing import Any

import pymarc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from armarium.entry.wiring import House
from armarium.features.catalogue import ImportReport
from armarium.kit.ids import new_id
from armarium.platform.database import Scope
from tests.features.catalogue.conftest import Import
from tests.support.catalogues import card, write_lines

GOOD = card("good-1", "Charizard", "4")


def odd(**more: Any) -> dict[str, Any]:
    return {**card("odd-1", "Odd", "4"), **more}


def in_set(**more: Any) -> dict[str, Any]:
    record = card("odd-1", "Odd", "4")
    return {**record, "set": {**record["set"], **more}}


NESTED = "[" * 900 + "]" * 900
TAKEN = {
    "not a number": odd(hp=float("nan")),
    "infinite": odd(hp=float("-inf")),
    "infinite by its size": json.dumps(odd(hp=1)).replace('"hp": 1', '"hp": 1e999'),
    "a set larger than can be": in_set(cardCount={"official": 99_999_999_999}),
    "a count of true": in_set(cardCount={"official": True}),
    "an escape that is meant": odd(category="a\\u0000b"),
    "an escape that is meant and one that is not": odd(category="a\\u0000b\0", hp=float("nan")),
    "a NUL in a set's own ids": in_set(thirdParty={"a\0": "b\0"}),
    "a set that is nowhere finite": in_set(thirdParty={"cardmarket": float("inf")}),
    "half a character": odd(illustrator="\ud800"),
    "a title of a megabyte": odd(name="x" * 1_000_000),
    "a set whose code is a page": in_set(id="s\N{SNOWMAN}" * 400),
    "a set of the same code but for a NUL": in_set(id="good\0"),
}
SKIPPED = {
    "id_too_long": odd(id="".join(map(chr, range(0x4E00, 0x4E00 + 3000)))),
    "no_id": odd(id="\0"),
    "no_title": odd(name="\x01\x02"),
    "duplicate": odd(id="good\0-1"),
    "broken_record": json.dumps(odd(category="NESTED")).replace('"NESTED"', NESTED),
}


@pytest.mark.parametrize("what", TAKEN)
async def test_an_odd_record_is_taken(bring: Import, tmp_path: Path, what: str) -> None:
    """The database refused each of these, and with it the file."""
    path = write_lines(tmp_path / "c.jsonl", [ascii_json(TAKEN[what]), GOOD])
    report = await bring(path, "tcgdex")
    assert (report.added, report.skipped) == (2, {})
    assert (await bring(path, "tcgdex")).unchanged == 2


@pytest.mark.parametrize("reason", SKIPPED)
async def test_a_record_that_cannot_be_kept_is_skipped(
    bring: Import, tmp_path: Path, reason: str
) -> None:
    path = write_lines(tmp_path / "c.jsonl", [GOOD, ascii_json(SKIPPED[reason])])
    report = await bring(path, "tcgdex")
    assert report.added == 1
    assert {name: tally.count for name, tally in report.skipped.items()} == {reason: 1}


async def test_a_text_keeps_what_looks_like_an_escape(
    bring: Import, house: House, tmp_path: Path
) -> None:
    record = ascii_json(odd(category="C:\\u0000\0", regulationMark=["\ud800"]))
    await bring(write_lines(tmp_path / "c.jsonl", [record]), "tcgdex")
    async with house.database.transaction(Scope()) as session:
        kept = await session.scalar(text("select attributes from catalogue_entries"))
    assert kept == {"category": "C:\\u0000", "regulationMark": ["?"], "region": "data"}


async def test_marc_with_nuls_and_endless_fields(bring: Import, tmp_path: Path) -> None:
    def record(control: str, title: str) -> bytes:
        made = pymarc.Record(force_utf8=True)
        made.add_field(pymarc.Field(tag="001", data=control))
        for tag, value in (("245", title), ("020", "\0 12"), ("100", "Bronte\0, C.")):
            parts = [pymarc.Subfield(code="a", value=value)]
            made.add_field(
                pymarc.Field(tag=tag, indicators=pymarc.Indicators(" ", " "), subfields=parts)
            )
        return made.as_marc()

    path = tmp_path / "b.mrc"
    records = (record("a\0b", "Jane\0 Eyre"), record("c" * 5_000, "Villette"), record("d", "Poems"))
    path.write_bytes(b"".join(records))
    report = await bring(path, "marc")
    assert report.added == 2
    assert report.skipped["id_too_long"].count == 1


def ascii_json(value: Any) -> str:
    """One line as a careless program writes it: NaN, half characters and all."""
    return value if isinstance(value, str) else json.dumps(value)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(st.characters(), max_size=12),
    st.sampled_from(["\0", "\\u0000", "\ud800", "9" * 5_000, "x" * 3_000, "1e999", "²", ".", "/"]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=8,
)
SHAPES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "tcgdex": (
        {
            **GOOD,
            "illustrator": "A", "rarity": "Rare", "variants": [{"type": "holo"}],
            "thirdParty": {"x": 1}, "hp": 1, "category": "c", "dexId": [1],
        },
        ("id", "name"),
    ),
    "tate": (
        {
            "acno": "N1", "title": "Ships", "all_artists": "Turner", "dateText": "c. 1840",
            "dimensions": "support: 394 x 419 mm", "contributors": [{"fc": "T", "role": "artist"}],
            "subjects": ["sea"], "url": "http://x", "acquisitionYear": 1922, "medium": "Oil",
        },
        ("acno", "title"),
    ),
    "tarot": (
        {"name": "The Fool", "number": "0", "arcana": "Major", "suit": "Cups", "img": "m00.jpg"},
        ("name",),
    ),
}  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[Any]]:
    """Records of a format of which some values are anything at all, also within a set."""
    file_format = draw(st.sampled_from(sorted(SHAPES)))
    shape, names = SHAPES[file_format]
    records: list[Any] = []
    for at in range(draw(st.integers(1, 6))):
        record = dict(shape)
        for name in names:
            record[name] = f"{record[name]} {at}"
        for name in draw(st.lists(st.sampled_from(sorted(shape)), max_size=3)):
            record[name] = draw(values)
        if isinstance(record.get("set"), dict) and draw(st.booleans()):
            inner = draw(st.sampled_from(["id", "name", "releaseDate", "cardCount", "thirdParty"]))
            record["set"] = {**record["set"], inner: draw(values)}
        records.append(record if draw(st.booleans()) else draw(st.one_of(st.just(record), values)))
    return file_format, [shape, *records]


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(files())
async def test_no_record_fails_an_import(
    bring: Import, tmp_path: Path, file: tuple[str, list[Any]]
) -> None:
    """Through the reader, the rows, PostgreSQL, the lookup index and the report."""
    file_format, records = file
    path = tmp_path / f"{new_id()}.json"
    if file_format == "tarot":
        path.write_text(json.dumps({"cards": records}))
    else:
        path.write_text("".join(json.dumps(each) + "\n" for each in records))
    report = await bring(path, file_format, slug=f"c{path.stem[-12:]}")
    told(report, len(records))


PRINTED = st.one_of(st.text(st.characters(), max_size=12), scalars)
TAGS = st.sampled_from(["001", "008", "010", "020", "035", "100", "245", "260", "490", "650"])


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.dictionaries(TAGS, PRINTED, max_size=6), max_size=5))
async def test_no_library_record_fails_an_import(
    bring: Import, tmp_path: Path, records: list[dict[str, Any]]
) -> None:
    def made(fields: dict[str, Any]) -> dict[str, Any]:
        def field(tag: str, value: Any) -> Any:
            return value if tag < "010" else {"ind1": " ", "ind2": " ", "subfields": [{"a": value}]}

        whole = {"245": "Poems", **fields}
        shown = [{tag: field(tag, value)} for tag, value in whole.items()]
        return {"leader": "00000nam a2200000 a 4500", "fields": shown}

    path = tmp_path / f"{new_id()}.json"
    path.write_text(json.dumps([made({"001": "good"}), *(made(each) for each in records)]))
    told(await bring(path, "marc", slug=f"c{path.stem[-12:]}"), 1 + len(records))


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(["\0", "x" * 3_000, '"', "1;2;3", "9" * 400, "=1+1", "\x1b[31m", "\u2028"]),
)


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=6), st.sampled_from([None, "utf-7"])
)
async def test_no_row_fails_an_import(
    bring: Import, tmp_path: Path, rows: list[list[str]], encoding: str | None
) -> None:
    path = tmp_path / f"{new_id()}.csv"
    header = "id,name,set,setcode,number,year,notes\n"
    # UTF-7 spells halves of characters, which no text of the database holds.
    lines = [f"7,a+2AA-b,c,d,1,1999,{'e' * 9_000}", *(",".join(row) for row in rows)]
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    report = await bring(path, "csv", slug=f"c{path.stem[-12:]}", encoding=encoding, kind="card")
    assert report.added >= 1


def told(report: ImportReport, count: int) -> None:
    skipped = sum(tally.count for tally in report.skipped.values())
    assert report.read == count
    assert report.added + skipped == count
