"""Texts against small catalogues: what is read badly is found, what is unsure is not accepted."""

import random
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armarium.features.catalogue.matching import decide as deciding
from armarium.features.catalogue.matching import query
from armarium.features.catalogue.matching.candidates import expand
from armarium.features.catalogue.matching.documents import document_of, split_title
from armarium.features.catalogue.matching.identify import identify, search
from armarium.features.catalogue.matching.index import Index, build, dump, load
from armarium.kit.ids import new_id

TREES = "alder birch cedar ebony fir hazel juniper larch maple oak pine rowan spruce teak willow"
SHIPS = "yew anchor beacon compass dinghy eddy fathom galley harbor island jetty keel lagoon mast"
FILLER = (*TREES.split(" "), *SHIPS.split(" "))


def entry(title: str, creators: Sequence[str] = (), **more: Any) -> SimpleNamespace:
    values = {
        "id": new_id(),
        "title": title,
        "names": {},
        "creators": list(creators),
        "number": None,
        "set_code": None,
        "set_name": None,
        "series": None,
        "identifiers": [],
        "external_ids": {},
        "fields": {},
        "attributes": {},
        **more,
    }
    return SimpleNamespace(**values)


def filler(count: int) -> list[SimpleNamespace]:
    """Entries that give words their usual weights."""
    rng = random.Random(7)  # noqa: S311 - names of trees
    return [
        entry(
            " ".join(["The", *rng.sample(FILLER, 3)]),
            [f"{rng.choice(FILLER)}son, {rng.choice(FILLER)}"],
        )
        for _ in range(count)
    ]


BOOKS = [
    entry("El Tiempo entre costuras", ["Dueñas, María"]),
    entry(
        "Las Columnas de Hércules : un viaje en torno al Mediterráneo",
        ["Theroux, Paul"],
        identifiers=["isbn:9788427132177"],
    ),
    entry("La Col·lecció del doctor Vidal", ["Ferrer i Puig, Núria"]),
    entry("Swing time", ["Smith, Zadie"]),
    entry("Guía de vías verdes. Volumen II", []),
    entry("Poems", ["Auden, W. H."]),
    entry("Poems", ["Larkin, Philip"]),
]
LIBRARY = build(document_of(each) for each in [*BOOKS, *filler(2000)])


def card(name: str | dict[str, str], number: str, code: str) -> SimpleNamespace:
    names = {"en": name} if isinstance(name, str) else name
    return entry(
        next(iter(names.values())),
        ["Ken Sugimori"],
        names=names,
        number=number,
        set_code=code,
        set_name=f"Set {code}",
    )


CARDS = [
    card({"en": "Charizard", "de": "Glurak", "ja": "リザードン"}, "4/102", "base1"),
    card({"en": "Charizard", "de": "Glurak"}, "4/130", "base4"),
    card("Pikachu", "58/102", "base1"),
    card("Pikachu", "87/130", "base4"),
    card("Pikachu", "60/64", "base2"),
    card("Blastoise", "2/102", "base1"),
    card("Snorlax", "SWSH045", "swshp"),
]
OTHERS = [
    card(f"{FILLER[at % 26]}{FILLER[at % 23]}", f"{at % 150}/{90 + at % 80}", f"s{at % 40}")
    for at in range(1500)
]
DECK = build(document_of(each) for each in [*CARDS, *OTHERS])


def best(
    index: Index, kind: str, text: str, entries: Sequence[SimpleNamespace]
) -> tuple[str, int | None]:
    """The decision, and which of `entries` came first."""
    outcome = identify(index, kind, query.read(text))
    if not outcome.candidates:
        return outcome.decision, None
    first = index.id_of(outcome.candidates[0].evidence.document)
    return outcome.decision, next((at for at, each in enumerate(entries) if each.id == first), None)


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("MARIA DUENAS El tiempo entre costuras", 0),
        ("TIEMPO ENTRE COSTURAS duen", 0),
        ("PAUL THEROUX COLUMNAS HERCULES", 1),
        ("ISBN 978-84-271-3217-7", 1),
        ("colleccio DEL DOCTOR VIDAL Nuria Ferrer", 2),
        ("COLLECCIODELDOCTOR VIDAL", 2),
        ("El tiem po entre cos turas Dueñas", 0),
        ("ZADIE TIME S SWING", 3),
        ("5WING TlME Zadle Smith", 3),
    ],
)
def test_badly_read_spines_find_their_book(text: str, which: int) -> None:
    assert best(LIBRARY, "book", text, BOOKS)[1] == which


@pytest.mark.parametrize(
    "text",
    ["MARIA DUENAS El tiempo entre costuras", "PAUL THEROUX Las Columnas de Hércules un viaje"],
)
def test_what_is_clear_is_accepted(text: str) -> None:
    assert best(LIBRARY, "book", text, BOOKS)[0] == "accepted"


@pytest.mark.parametrize(
    "text", ["", "E", "٢", "Kochbuch Schokolade Zimtsterne", "|| - .. 12", "zzzz qqqq xxxx"]
)
def test_what_no_entry_explains_is_unknown(text: str) -> None:
    assert best(LIBRARY, "book", text, BOOKS)[0] == "unknown"


def test_two_books_of_one_title_wait_for_a_person() -> None:
    assert best(LIBRARY, "book", "POEMS", BOOKS)[0] != "accepted"
    assert best(LIBRARY, "book", "POEMS Philip Larkin", BOOKS)[1] == 6


def test_editions_of_one_work_do_not_compete() -> None:
    other = entry("El Tiempo entre costuras", ["Dueñas, María"])
    twice = build(document_of(each) for each in [BOOKS[0], other, *filler(2000)])
    assert best(twice, "book", "MARIA DUEÑAS El tiempo entre costuras", BOOKS)[0] == "accepted"


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("Charizard 120 HP Fire Spin 100 4/102 ©1995, 96, 98", 0),
        ("Glurak 120 KP Feuerwirbel 4/102", 0),
        ("リザードン 4/102", 0),
        ("Charizard\nFire Spin\n004/130", 1),
        ("Glvrak 4/13O", 1),
        ("Pikachu 40 HP Thunder Jolt l/l 58 / 102", 2),
        ("SWSH045 Snorlax", 6),
    ],
)
def test_the_number_decides_the_printing(text: str, which: int) -> None:
    assert best(DECK, "card", text, CARDS) == ("accepted", which)


@pytest.mark.parametrize(
    "text", ["Pikachu", "Pikachu Thunder Jolt 40 HP", "Charizard 120 HP", "Glurak"]
)
def test_a_name_of_several_printings_is_reviewed(text: str) -> None:
    outcome = identify(DECK, "card", query.read(text))
    assert outcome.decision == "review"
    assert len(outcome.candidates) > 1


def test_a_number_without_its_name_is_not_accepted() -> None:
    assert best(DECK, "card", "Flip a coin. If heads 4/102", CARDS)[0] != "accepted"


def test_a_contradicting_number_is_not_accepted() -> None:
    assert best(DECK, "card", "Blastoise 58/102", CARDS)[0] != "accepted"


def test_hidden_entries_are_passed_over() -> None:
    outcome = identify(LIBRARY, "book", query.read("Swing time Zadie Smith"), {BOOKS[3].id})
    assert outcome.decision != "accepted"


def test_probabilities_are_ordered_and_bounded() -> None:
    chances = [
        each.probability for each in identify(DECK, "card", query.read("Pikachu 58/102")).candidates
    ]
    assert chances == sorted(chances, reverse=True)
    assert 0 <= min(chances) <= max(chances) <= 1


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_decision(text: str) -> None:
    outcome = identify(LIBRARY, "book", query.read(text))
    assert outcome.decision in {"accepted", "review", "unknown"}


def test_an_empty_catalogue_knows_nothing() -> None:
    empty = build([])
    assert identify(empty, "book", query.read("Poems")).decision == "unknown"
    assert search(empty, "Poems", 5) == []


def test_an_index_survives_its_bytes() -> None:
    again = load(dump(LIBRARY))
    assert again is not None
    assert [again.id_of(at) for at in search(again, "swing tyme", 3)] == [
        LIBRARY.id_of(at) for at in search(LIBRARY, "swing tyme", 3)
    ]
    assert again.nbytes > 0
    assert load({**dump(LIBRARY), "format": b"0"}) is None


def test_search_takes_identifiers_first() -> None:
    assert LIBRARY.id_of(search(LIBRARY, "9788427132177", 1)[0]) == BOOKS[1].id
    assert LIBRARY.documents_by_key("isbn:none").tolist() == []


def test_misread_cut_and_glued_words_are_the_words() -> None:
    def words_of(word: str) -> list[str]:
        return [LIBRARY.vocabulary[each.term] for each in expand(LIBRARY, word)]

    assert words_of("columnas")[0] == "columnas"
    assert words_of("co1umnas")[0] == "columnas"
    assert words_of("lumnas")[0] == "columnas"
    assert "costuras" in words_of("entrecosturas")
    assert words_of("qq") == []


@pytest.mark.parametrize(
    ("title", "proper", "rest"),
    [
        ("A B : c d", ["a", "b"], ["c", "d"]),
        ("A / by B", ["a"], ["by", "b"]),
        ("A: c", ["a"], ["c"]),
        ("Self-Portrait", ["self", "portrait"], []),
        (": odd", ["odd"], []),
        ("Herm (2)", ["herm"], ["2"]),
    ],
)
def test_the_proper_title_ends_at_the_colon(title: str, proper: list, rest: list) -> None:
    assert split_title(title) == (proper, rest)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("4/102", "no:4/102"),
        ("004 / 102", "no:4/102"),
        ("4/1O2", "no:4/102"),
        ("TG12/TG30", "no:TG12/TG30"),
        ("SVI EN 045/198", "set:svi"),
        ("SWSH045", "code:swsh45"),
        ("N01234", "code:n1234"),
        ("c.1867", "year:1867"),
        ("0306406152", "isbn:9780306406157"),
    ],
)
def test_identifiers_are_read_from_text(text: str, key: str) -> None:
    assert key in query.read(text).keys


def test_broken_words_are_joined() -> None:
    tokens = [(each.text, each.at, each.span) for each in query.read("C L A R K cos turas").tokens]
    assert ("clark", 0, 5) in tokens
    assert ("costuras", 5, 2) in tokens


def test_the_shipped_coefficients_fit_the_signals() -> None:
    models = deciding.models()
    assert set(models) == {"book", "card", "art"}
    assert deciding.model_for("generic") is models["book"]
    for model in models.values():
        assert 0 < model.review_at < model.accept_at < 1
