"""Catalogue files of all formats, whole and broken, become drafts and skips."""

import json
from pathlib import Path

import pymarc
import pytest

from armarium.features.catalogue.models import EntryDraft
from armarium.features.catalogue.sources import UnreadableSource
from tests.support.catalogues import (
    CARDS,
    SHELF,
    card,
    opened,
    write_deck,
    write_lines,
    write_shelf,
    write_text,
)


class TestTcgdex:
    def test_names_numbers_variants_and_market_ids(self, tmp_path: Path) -> None:
        source, drafts, skips = opened(write_lines(tmp_path / "c.jsonl.gz", CARDS), "tcgdex")
        assert (source.slug, source.kind, len(drafts), skips) == ("tcgdex", "card", 6, [])
        first = drafts[0]
        assert first.names["de"] == "Glurak"
        assert first.number == "4/102"
        assert first.external_ids == {"tcgdex": "base1-4", "cardmarket": 273699}
        assert first.fields["year"] == "1999"
        assert drafts[2].variants == [{"type": "holo"}]
        assert drafts[5].number == "SWSH045"

    def test_the_same_id_in_another_region_is_another_card(self, tmp_path: Path) -> None:
        other = card("base1-4", {"ja": "リザードン"}, "4", region="data-asia")
        other["set"]["releaseDate"] = {"ja": "1996-10-20"}
        _source, drafts, _skips = opened(
            write_lines(tmp_path / "c.jsonl", [CARDS[0], other]), "tcgdex"
        )
        assert [draft.key for draft in drafts] == ["base1-4", "data-asia:base1-4"]
        assert drafts[1].external_ids["tcgdex"] == "base1-4"
        assert drafts[1].fields["year"] == "1996"
        assert drafts[1].fields["language"] == "ja"

    def test_bad_records_are_skipped_with_reasons(self, tmp_path: Path) -> None:
        bad = [
            "{",
            "[1]",
            {"localId": "1", "name": "x"},
            {"id": "a-1", "name": {}},
            {"id": "a-2", "name": "Ok"},
        ]
        _source, drafts, skips = opened(write_lines(tmp_path / "c.jsonl", bad), "tcgdex")
        assert [skip.reason for skip in skips] == [
            "broken_json",
            "not_an_object",
            "no_id",
            "no_name",
        ]
        assert [draft.title for draft in drafts] == ["Ok"]
        assert drafts[0].set is None

    def test_a_json_array_reads_too(self, tmp_path: Path) -> None:
        path = tmp_path / "c.json"
        path.write_text(" " + json.dumps([*CARDS[:2], 3]))
        with pytest.raises(UnreadableSource):
            opened(write_text(tmp_path / "broken.json", "[{"), "tcgdex")
        _source, drafts, skips = opened(path, "tcgdex")
        assert (len(drafts), [skip.reason for skip in skips]) == (2, ["not_an_object"])

    def test_a_cut_off_file_gives_what_it_has(self, tmp_path: Path) -> None:
        whole = write_lines(tmp_path / "c.jsonl.gz", CARDS * 50).read_bytes()
        (tmp_path / "cut.jsonl.gz").write_bytes(whole[:-20])
        _source, _drafts, skips = opened(tmp_path / "cut.jsonl.gz", "tcgdex")
        assert skips[-1].reason == "broken_file"


def test_tate_keeps_artists_sizes_and_subjects(tmp_path: Path) -> None:
    works = [
        {
            "acno": "N00001",
            "title": "Ships",
            "all_artists": "J Turner",
            "dateText": "c.1840",
            "dimensions": "support: 394 x 419 mm",
            "contributors": [{"fc": "Joseph Turner", "role": "artist"}],
            "subjects": ["sea"],
            "url": "http://x",
            "acquisitionYear": 1922,
        },
        {
            "acno": "N00002",
            "title": "Box",
            "all_artists": "Anon",
            "dimensions": "object: 10 x 20 x 30.5 mm",
        },
        {"acno": "N00003", "title": ""},
        {"title": "No number"},
    ]
    source, drafts, skips = opened(write_lines(tmp_path / "t.jsonl", works), "tate")
    assert (source.slug, source.kind) == ("tate", "art")
    assert drafts[0].creators == ["Joseph Turner"]
    assert drafts[0].fields["height_mm"] == 394.0
    assert drafts[1].fields["depth_mm"] == 30.5
    assert drafts[1].creators == ["Anon"]
    assert [skip.reason for skip in skips] == ["no_title", "no_id"]


class TestTarot:
    def test_pictures_and_numerals(self, tmp_path: Path) -> None:
        source, drafts, _skips = opened(write_deck(tmp_path), "tarot")
        assert (source.slug, source.kind) == ("tarot", "card")
        assert [draft.images for draft in drafts] == [["m00.jpg"], ["m01.jpg"], ["m02.jpg"]]
        assert drafts[1].attributes["numeral"] == "I"
        assert drafts[0].key == "m00"

    def test_a_picture_outside_the_folder_is_not_taken(self, tmp_path: Path) -> None:
        deck = {"cards": [{"name": "Sly", "img": "../../etc/passwd"}, {"img": "x.jpg"}]}
        _source, drafts, skips = opened(
            write_text(tmp_path / "cards.json", json.dumps(deck)), "tarot"
        )
        assert drafts[0].images == []
        assert skips[0].reason == "no_name"

    @pytest.mark.parametrize("text", ["{", '{"cards": 1}'])
    def test_no_deck(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UnreadableSource):
            opened(write_text(tmp_path / "cards.json", text), "tarot")


class TestTable:
    def test_columns_are_guessed_and_the_kind_with_them(self, tmp_path: Path) -> None:
        source, drafts, skips = opened(write_shelf(tmp_path / "my shelf.csv"), "csv")
        assert (source.slug, source.kind) == ("my-shelf", "book")
        assert drafts[0].fields["shelf_mark"] == "N Due"
        assert drafts[0].creators == ["Dueñas, María"]
        assert drafts[3].key == drafts[5].key
        assert [(skip.reason, skip.where) for skip in skips] == [("no_title", "line 8")]

    def test_an_explicit_mapping_wins(self, tmp_path: Path) -> None:
        path = write_text(tmp_path / "t.csv", "Signatur;Werk;Von;Extra\n1;Faust;Goethe, J.; x \n")
        mapping = {"Werk": "title", "Von": "authors", "Signatur": "key"}
        _source, drafts, _skips = opened(path, "csv", kind="book", mapping=mapping)
        assert drafts[0].key == "1"
        assert drafts[0].title == "Faust"
        assert drafts[0].attributes == {"Extra": "x"}
        ignored = opened(path, "csv", kind="book", mapping={**mapping, "Extra": "-"})[1][0]
        assert ignored.attributes == {"Extra": "x"}

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("Name,Set,Collector Number,Rarity\nPikachu,Base,58/102,Common\n", "card"),
            ("title,artist,medium\nShips,Turner,Oil\n", "art"),
            ("name,thing\nSpoon,x\n", "generic"),
        ],
    )
    def test_each_kind_is_recognized(self, tmp_path: Path, text: str, kind: str) -> None:
        source, drafts, _skips = opened(write_text(tmp_path / "t.csv", text), "csv")
        assert source.kind == kind
        assert len(drafts) == 1

    def test_old_encodings_and_odd_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes("title,author\nCañas,Peña\nA,B,C\n\nB\x00ad,X\n".encode("cp1252"))
        _source, drafts, skips = opened(path, "csv")
        assert [draft.title for draft in drafts] == ["Cañas", "Bad"]
        assert skips[0].reason == "too_many_cells"

    @pytest.mark.parametrize(
        ("text", "options", "told"),
        [
            ("", {}, "empty"),
            ("a,b\n1,2\n", {}, "No column holds the title"),
            ("title\nx\n", {"kind": "stamp"}, "no kind named “stamp”"),
            ("title\nx\n", {"mapping": {"b": "title"}}, "no column “b”"),
            ("title,b\nx,y\n", {"mapping": {"b": "nonsense"}}, "has no field “nonsense”"),
        ],
    )
    def test_refused_with_what_to_do(self, tmp_path: Path, text: str, options, told: str) -> None:
        with pytest.raises(UnreadableSource, match=told):
            opened(write_text(tmp_path / "t.csv", text), "csv", **options)


def marc_record(title: str = "Poems /", **fields: str) -> pymarc.Record:
    record = pymarc.Record(force_utf8=True)
    record.add_field(pymarc.Field(tag="001", data=fields.get("control", "c1")))
    record.add_field(pymarc.Field(tag="008", data="850101s1867    enk           000 0 eng d"))
    values = {
        "245": {"a": title},
        "100": {"a": "Swinburne, A. C."},
        "020": {"a": "0306406152 (cloth)"},
        "260": {"a": "London :", "b": "Moxon,", "c": "c1867."},
        "035": {"a": "(OCoLC)123"},
        "650": {"a": "Poetry."},
    }
    for tag, subfields in values.items():
        parts = [pymarc.Subfield(code=code, value=value) for code, value in subfields.items()]
        record.add_field(
            pymarc.Field(tag=tag, indicators=pymarc.Indicators("1", "0"), subfields=parts)
        )
    return record


class TestMarc:
    def check(self, draft: EntryDraft) -> None:
        assert draft.title == "Poems"
        assert draft.creators == ["Swinburne, A. C"]
        assert draft.fields["publisher"] == "Moxon"
        assert draft.fields["isbn"] == "9780306406157"
        assert draft.identifiers == ["isbn:9780306406157"]
        assert draft.fields["year"] == "c1867"
        assert draft.fields["language"] == "eng"
        assert draft.external_ids == {"control": "c1", "oclc": "123"}
        assert draft.attributes == {"subjects": ["Poetry"]}

    def test_binary_with_a_broken_record_between(self, tmp_path: Path) -> None:
        whole = marc_record().as_marc()
        broken = bytearray(whole)
        broken[12:17] = b"99999"
        path = tmp_path / "b.mrc"
        path.write_bytes(whole + bytes(broken) + marc_record(control="c2").as_marc())
        source, drafts, skips = opened(path, "marc")
        assert (source.slug, source.kind) == ("b", "book")
        self.check(drafts[0])
        assert [draft.key for draft in drafts] == ["c1", "c2"]
        assert [(skip.reason, skip.where) for skip in skips] == [("broken_record", "record 2")]

    def test_xml_and_its_traps(self, tmp_path: Path) -> None:
        xml = pymarc.record_to_xml(marc_record()).decode()
        text = f"<collection>{xml}<record><controlfield/></record>{xml[:40]}"
        _source, drafts, skips = opened(write_text(tmp_path / "b.xml", text), "marc")
        self.check(drafts[0])
        assert {skip.reason for skip in skips} <= {"no_title", "broken_xml", "broken_record"}
        assert skips[-1].reason == "broken_xml"
        bomb = '<!DOCTYPE x [<!ENTITY a "b">]><collection/>'
        with pytest.raises(UnreadableSource, match="entity"):
            opened(write_text(tmp_path / "bomb.xml", bomb), "marc")
        apart = "<!DOCTYPE x [" + " " * ((1 << 16) - 17) + bomb[13:]
        assert apart.index("<!ENTITY") < 1 << 16 < apart.index("<!ENTITY") + 8
        with pytest.raises(UnreadableSource, match="entity"):
            opened(write_text(tmp_path / "apart.xml", apart), "marc")

    def test_json_and_its_traps(self, tmp_path: Path) -> None:
        good = json.loads(marc_record().as_json())
        _source, drafts, skips = opened(
            write_text(tmp_path / "b.json", json.dumps([good, {"x": 1}, 3])), "marc"
        )
        self.check(drafts[0])
        assert len(skips) == 2
        lines = json.dumps(good) + "\n{\n"
        _source, drafts, skips = opened(write_text(tmp_path / "l.json", lines), "marc")
        assert (len(drafts), len(skips)) == (1, 1)

    def test_an_empty_file(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableSource, match="empty"):
            opened(write_text(tmp_path / "e.mrc", ""), "marc")

    def test_real_libraries(self, test_data: Path) -> None:
        """Each record, however encoded and however broken, is read or skipped with a reason."""
        outcomes = {
            path.name: (len(drafts), [skip.reason for skip in skips])
            for path in sorted((test_data / "imports/marc").iterdir())
            if path.name != "1251.dat"
            for _source, drafts, skips in [opened(path, "marc")]
        }
        assert outcomes["marc.dat"] == (20, [])
        assert outcomes["bad_records.mrc"] == (2, ["broken_record"] * 7)
        assert outcomes["testunimarc.dat"] == (1, ["broken_record"])
        assert all(count or reasons for count, reasons in outcomes.values())
        with pytest.raises(UnreadableSource, match="6 unreadable text"):
            opened(test_data / "imports/marc/1251.dat", "marc")
        cyrillic = opened(test_data / "imports/marc/1251.dat", "marc", encoding="cp1251")[1]
        assert len(cyrillic) == 6


def test_the_inventory_of_a_real_library(test_data: Path) -> None:
    source, drafts, skips = opened(test_data / "retrieval/shelf/inventory.csv", "csv")
    assert (source.kind, len(drafts), skips) == ("book", 15228, [])
    assert SHELF.startswith("title,author,tag,series,isbn")
