"""Catalogue files that are broken, hostile or none at all: skipped, or refused in words."""

import gzip
import json
from pathlib import Path

import pytest

from armarium.features.catalogue.sources import UnreadableSource, opening, table
from tests.support.catalogues import card, opened, write_lines, write_shelf, write_text


class TestHostileFiles:
    def test_records_nested_too_deeply_or_of_odd_types_are_skipped(self, tmp_path: Path) -> None:
        nested = '{"a":' * 100_000 + "1" + "}" * 100_000
        odd = card("a-1", "Odd", "1")
        odd["set"]["thirdParty"] = [1, 2]
        source = write_lines(tmp_path / "c.jsonl", [nested, odd, card("a-2", "Fine", "2")])
        _source, drafts, skips = opened(source, "tcgdex")
        assert [skip.reason for skip in skips] == ["broken_json", "broken_record"]
        assert [draft.title for draft in drafts] == ["Fine"]

    @pytest.mark.parametrize("file_format", ["tcgdex", "tarot"])
    def test_a_document_nested_too_deeply_is_refused(self, tmp_path: Path, file_format) -> None:
        (tmp_path / "c.json").write_text("[" * 100_000)
        with pytest.raises(UnreadableSource, match="nested"):
            opened(tmp_path / "c.json", file_format)

    def test_what_no_database_holds_is_left_out(self, tmp_path: Path) -> None:
        line = (
            '{"id":"a-1","localId":"1","name":{"en":"A\\u0000B\\ud800"},'
            '"thirdParty":{"x\\u0000":1}}'
        )
        _source, drafts, skips = opened(write_lines(tmp_path / "c.jsonl", [line]), "tcgdex")
        assert skips == []
        assert drafts[0].title == "AB?"
        assert drafts[0].external_ids == {"tcgdex": "a-1", "x": 1}

    def test_a_deck_points_at_no_file_outside_its_folder(self, tmp_path: Path) -> None:
        deck = [{"name": "X", "img": "../../etc/passwd"}, {"name": "Y", "img": "a\0.jpg"}]
        (tmp_path / "cards.json").write_text(json.dumps({"cards": deck}))
        _source, drafts, _skips = opened(tmp_path / "cards.json", "tarot")
        assert [draft.images for draft in drafts] == [[], ["a.jpg"]]

    @pytest.mark.parametrize("file_format", ["tcgdex", "csv"])
    def test_a_gzip_bomb_is_refused(self, tmp_path: Path, monkeypatch, file_format) -> None:
        monkeypatch.setattr(opening, "MAX_UNPACKED_BYTES", 1_000_000)
        bomb = gzip.compress(b"title\n" + b" " * 2_000_000)
        (tmp_path / "bomb.gz").write_bytes(bomb)
        with pytest.raises(UnreadableSource, match="larger"):
            opened(tmp_path / "bomb.gz", file_format)

    def test_a_document_too_large_for_memory_is_refused(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr(opening, "MAX_DOCUMENT_BYTES", 1_000)
        (tmp_path / "c.json").write_text("[" + " " * 2_000 + "]")
        with pytest.raises(UnreadableSource, match="JSON lines"):
            opened(tmp_path / "c.json", "tcgdex")

    def test_a_line_without_end_is_a_broken_row(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setattr(table, "MAX_LINE_BYTES", 200_000)
        text = "title,author\nOne,A\n" + "b" * 1_000_000 + ",B\nTwo,C\n"
        (tmp_path / "long.csv").write_text(text)
        _source, drafts, skips = opened(tmp_path / "long.csv", "csv")
        assert {"One", "Two"} <= {draft.title for draft in drafts}
        assert "broken_row" in {skip.reason for skip in skips}

    @pytest.mark.parametrize("slug", ["..", "/", "x" * 61, "\0"])
    def test_a_name_that_no_address_carries_is_refused(self, tmp_path: Path, slug: str) -> None:
        with pytest.raises(UnreadableSource, match="lower-case"):
            opened(write_shelf(tmp_path / "s.csv"), "csv", slug=slug)

    @pytest.mark.parametrize(
        ("told", "slug"), [("Up", "up"), ("a/b", "a-b"), ("Ma bibliothèque", "ma-bibliothèque")]
    )
    def test_a_name_becomes_a_short_name(self, tmp_path: Path, told: str, slug: str) -> None:
        source, _drafts, _skips = opened(write_shelf(tmp_path / "s.csv"), "csv", slug=told)
        assert (source.slug, source.name) == (slug, told)


JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 64
NOT_CATALOGUES = {
    "a JPEG picture": JPEG,
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + bytes(2000),
    "a ZIP archive": b"PK\x03\x04\x14\x00\x00\x00" + bytes(range(256)) * 8,
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "it begins with": bytes((number * 97 + 13) % 256 for number in range(5000)),
    "The file is empty": b"",
    "empty": b"\n \n",
    "unpacked": b"\x1f\x8b\x08\x00broken gzip, from here on",
    "a JPEG picture ": gzip.compress(JPEG),
}


@pytest.mark.parametrize("file_format", ["tcgdex", "tate", "tarot", "csv", "marc"])
@pytest.mark.parametrize("found", NOT_CATALOGUES)
def test_what_is_no_catalogue_is_refused_in_words(tmp_path: Path, file_format, found: str) -> None:
    """A picture imported as MARC once ended done with nothing in it."""
    path = tmp_path / "IMG_0001.dat"
    path.write_bytes(NOT_CATALOGUES[found])
    with pytest.raises(UnreadableSource) as refused:
        opened(path, file_format)
    said = str(refused.value)
    assert found.strip() in said
    assert "IMG_0001.dat" in said
    assert "Expected" in said or "again" in said
    assert said.isprintable()
    assert len(said) < 600
    assert "--" not in said, "the web has no command line"


@pytest.mark.parametrize(
    ("file_format", "text", "reason"),
    [
        ("tcgdex", "Dear diary,\ntoday I found a card.\n", "2 broken json"),
        ("tate", '{"a": 1}\n{"a": 2}\n', "2 no id"),
        ("tarot", '{"cards": []}', "no records"),
        ("tcgdex", "[]", "no records"),
        ("csv", "title,author\n", "no records"),
        ("marc", "<html><body>Not found</body></html>", "no records"),
        ("marc", "[]", "no records"),
        ("marc", "00875 and so on, but no record", "broken"),
    ],
)
def test_a_file_of_which_nothing_can_be_kept_is_refused(
    tmp_path: Path, file_format, text: str, reason: str
) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        opened(write_text(tmp_path / "x.txt", text), file_format)


def test_columns_that_no_terminal_should_show_are_told_readably(tmp_path: Path) -> None:
    header = ",".join([f"\x1b[31mcolumn {number} {'x' * 90}" for number in range(50)])
    with pytest.raises(UnreadableSource, match="and 38 more") as refused:
        opened(write_text(tmp_path / "t.csv", f"{header}\n1\n"), "csv")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 900


def test_an_unknown_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="no encoding named “klingon”"):
        opened(write_shelf(tmp_path / "s.csv"), "csv", encoding="klingon")


def test_text_of_two_bytes_a_character_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("title,author\nFaust,Goethe\n".encode("utf-16"))
    _source, drafts, _skips = opened(path, "csv", encoding="utf-16")
    assert [draft.title for draft in drafts] == ["Faust"]
