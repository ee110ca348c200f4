"""Kinds: declared once, validated everywhere."""

from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armarium.kinds import (
    ITEM_STATUSES,
    OWNED_STATUSES,
    VOCABULARIES,
    Field,
    FieldType,
    GradeScale,
    Kind,
    Term,
    Vocabulary,
    band_of_grade,
    era_of,
    is_owned,
    registry,
)
from armarium.kinds.fields import CLEANERS, FORMATS
from armarium.kinds.registry import build
from armarium.kit.dates import parse_years

NAMES = ["card", "book", "art", "generic"]


def card(**values):
    return registry().get("card").validate(values)


def errors(checked) -> dict[str, str]:
    return {error.pointer: error.code for error in checked.errors}


def test_the_four_kinds_and_their_paths() -> None:
    assert [kind.name for kind in registry()] == NAMES
    assert [kind.collection_path for kind in registry()] == ["cards", "books", "artworks", "items"]
    assert registry().by_path("books").name == "book"
    assert registry().get(" Card ").name == "card"
    assert registry().get("stamp") is None
    assert "art" in registry()


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_shows_a_form(name: str) -> None:
    schema = registry().get(name).schema()
    for shown in schema["fields"]:
        assert shown["label_key"] == f"kinds.{name}.fields.{shown['name']}"
        assert shown["label"]
        assert shown["format"] is None or shown["format"] in FORMATS
        assert shown["storage"] in {"text", "bigint", "float8", "timestamptz"}


def test_every_field_type_has_a_cleaner() -> None:
    assert set(CLEANERS) == set(FieldType)


def test_values_come_out_clean() -> None:
    checked = card(
        name="  Charizard\n",
        number="004/102",
        set_code="base1",
        condition="NM",
        finish="Holofoil",
        language="EN",
        grader="Beckett",
        grade="9,5",
        first_edition="yes",
        print_run="99",
        notes=" a\r\nb ",
        year="c. 1999",
        rarity="",
    )
    assert checked.ok
    assert checked.values == {
        "name": "Charizard",
        "number": "4/102",
        "set_code": "base1",
        "condition": "near_mint",
        "finish": "holo",
        "language": "en",
        "grader": "bgs",
        "grade": 9.5,
        "first_edition": True,
        "print_run": 99,
        "notes": "a\nb",
        "year": "c. 1999",
    }


def test_every_wrong_value_is_pointed_at() -> None:
    assert errors(
        card(
            grade=11,
            year="soon",
            condition="shiny",
            print_run=1.5,
            first_edition="maybe",
            number="a b c",
            population="many",
            subgrade_edges=9.3,
            **{"a/b~c": 1},
            name=["x"],
            team="x" * 501,
        )
    ) == {
        "/grade": "out_of_range",
        "/year": "not_a_year",
        "/condition": "not_a_choice",
        "/print_run": "not_whole",
        "/first_edition": "not_yes_or_no",
        "/number": "not_collector_number",
        "/population": "not_a_number",
        "/subgrade_edges": "off_step",
        "/a~1b~0c": "unknown_field",
        "/name": "not_text",
        "/team": "too_long",
    }
    book = registry().get("book")
    assert errors(book.validate({"isbn": "9788427132178", "authors": 4, "volumes": 0})) == {
        "/isbn": "not_isbn",
        "/authors": "not_a_list",
        "/volumes": "out_of_range",
    }


def test_lists_are_cut_cleaned_and_bounded() -> None:
    book = registry().get("book")
    assert book.validate({"authors": "Dickens, Charles; Cruikshank ;"}).values == {
        "authors": ["Dickens, Charles", "Cruikshank"]
    }
    assert errors(book.validate({"authors": ["a"] * 201})) == {"/authors": "too_many"}


def test_a_spaces_own_fields_join_in() -> None:
    own = (
        Field("bought_on", FieldType.DATE, "Bought on", required=True),
        Field("link", FieldType.URL, "Link"),
        Field("colors", FieldType.LIST, "Colors", vocabulary=Vocabulary("c", (Term("r", "Red"),))),
        Field("weight", FieldType.DECIMAL, "Weight", minimum=0),
    )
    kind = registry().get("generic")
    good = kind.validate(
        {"bought_on": "2026-01-31T10:00:00Z", "link": "https://a.b/c", "colors": ["red"]}, extra=own
    )
    assert good.values == {"bought_on": "2026-01-31", "link": "https://a.b/c", "colors": ["r"]}
    bad = kind.validate({"link": "javascript:x", "weight": -1}, extra=own)
    assert errors(bad) == {
        "/link": "not_a_url",
        "/weight": "out_of_range",
        "/bought_on": "required",
    }
    assert kind.validate({}, extra=own, partial=True).ok
    assert errors(kind.validate({"bought_on": None}, extra=own, partial=True)) == {
        "/bought_on": "required"
    }
    assert errors(kind.validate({"bought_on": "yesterday", "link": "http://["}, extra=own)) == {
        "/bought_on": "not_a_date",
        "/link": "not_a_url",
    }


ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.text(max_size=5), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(st.data())
def test_any_input_is_cleaned_or_pointed_at_and_cleaning_is_stable(data) -> None:
    kind = registry().get(data.draw(st.sampled_from(NAMES)))
    names = st.sampled_from([each.name for each in kind.fields])
    values = data.draw(st.dictionaries(names, ANY, max_size=6))
    checked = kind.validate(values)
    assert set(checked.values).isdisjoint(error.pointer[1:] for error in checked.errors)
    assert kind.validate(checked.values).values == checked.values


def test_titles_leave_no_loose_ends() -> None:
    kind = registry().get("card")
    assert kind.title({"name": "Charizard"}) == "Charizard"
    assert kind.subtitle({"set_name": "Base Set", "number": "4/102"}) == "Base Set · 4/102"
    assert kind.subtitle({"number": "4"}) == "4"
    book = registry().get("book")
    assert book.title({"title": "Poems", "subtitle": "New"}) == "Poems: New"
    assert book.title({"title": "Poems"}) == "Poems"
    assert book.subtitle({"authors": ["A", "B"], "year": "1867"}) == "A, B · 1867"


def test_identifiers_are_comparable() -> None:
    kind = registry().get("card")
    assert kind.identifiers_of({"set_code": "Base1", "number": "4/102"}) == [
        ("set_number", "base1:4")
    ]
    assert kind.identifiers_of({"grader": "psa", "cert_number": "12-34"}) == [("cert", "psa:1234")]
    assert kind.identifiers_of({"set_code": "base1"}) == []


def test_owned_is_defined_once() -> None:
    assert OWNED_STATUSES == ("in_transit", "on_hand", "on_loan", "consigned")
    assert is_owned("on_loan")
    assert not is_owned("sold")
    assert ITEM_STATUSES.find("IN_TRANSIT").value == "in_transit"
    assert len(ITEM_STATUSES.values) == 10


@pytest.mark.parametrize(
    ("text", "era"),
    [
        ("1799", "pre_romantic"),
        ("1800", "romantic"),
        ("1836", "romantic"),
        ("1837", "victorian"),
        ("1901", "victorian"),
        ("1902", "edwardian"),
        ("1910", "edwardian"),
        ("1911", "modern"),
        ("n.d.", None),
        ("1830-40", None),
        ("1838-40", "victorian"),
    ],
)
def test_eras(text: str, era: str | None) -> None:
    assert era_of(parse_years(text)) == era
    derived = registry().get("book").derived({"year": text, "title": "x"})
    assert derived["year"]["era"] == era


def test_era_of_a_plain_year() -> None:
    assert era_of(1867) == "victorian"


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("NF", "near_fine"),
        ("vg", "very_good"),
        ("VG+", "very_good_plus"),
        ("VG-", "very_good_minus"),
        ("Very Good/", "very_good"),
        ("G", "good"),
        ("ex-library", "ex_library"),
        ("ExLib", None),
    ],
)
def test_book_grades_by_alias(spelling: str, value: str | None) -> None:
    term = VOCABULARIES["book_condition"].find(spelling)
    assert (term.value if term else None) == (value if spelling != "ExLib" else "ex_library")


def test_card_grade_bands() -> None:
    assert [band_of_grade(grade) for grade in (10, 9, 8.5, 7, 5, 3, 2.9, 1, 0.5, 11)] == [
        "near_mint",
        "near_mint",
        "lightly_played",
        "lightly_played",
        "moderately_played",
        "heavily_played",
        "damaged",
        "damaged",
        None,
        None,
    ]


def test_a_spelling_means_one_thing() -> None:
    with pytest.raises(ValueError, match="means"):
        Vocabulary("v", (Term("a", "A"), Term("b", "B", ("a",))))


COIN = Kind("coin", "Coin", "coins", (Field("name", FieldType.TEXT, "Name"),), "{name}")


def test_a_kind_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="no such field"):
        Kind("x", "X", "xs", (), "{name}")
    twice = Field("name", FieldType.TEXT, "Name")
    with pytest.raises(ValueError, match="twice"):
        Kind("x", "X", "xs", (twice, twice), "{name}")
    assert GradeScale("sheldon", None, 1, 70, 1).schema()["maximum"] == 70


def plugin(name: str, thing: object):
    def load() -> object:
        if isinstance(thing, Exception):
            raise thing
        return thing

    return SimpleNamespace(name=name, load=load)


def test_plugins_join_or_are_refused_with_a_reason() -> None:
    old = Kind("old", "Old", "olds", (), "", api_version=0)
    taken = Kind("card", "Card", "cards2", (), "")
    path = Kind("stamp", "Stamp", "cards", (), "")
    plugins = [
        plugin("coin", COIN),
        plugin("old", old),
        plugin("taken", taken),
        plugin("path", path),
        plugin("broken", ImportError("gone")),
        plugin("odd", 42),
    ]
    found = build(plugins)
    assert [kind.name for kind in found] == [*NAMES, "coin"]
    assert set(found.refused) == {"old", "taken", "path", "broken", "odd"}
    assert "API 0" in found.refused["old"]


def test_a_plugin_loads_by_its_entry_point() -> None:
    point = EntryPoint("again", "armarium.kinds.generic:GENERIC", "armarium.kinds")
    assert build([point]).refused == {"again": "the name generic is taken"}


def test_a_text_of_control_characters_is_blank():
    """Cleaning left an empty text, which cleaning again left out."""
    card = registry().get("card")
    assert card.validate({"name": "\x1b"}).values == {}
