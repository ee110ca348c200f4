"""Folding and cutting, on which search and identification agree."""

from hypothesis import given
from hypothesis import strategies as st

from armarium.kit.text import clean_line, fold, ngrams, squeeze, words


def test_accents_case_and_special_letters_fold() -> None:
    assert fold("Ela geminada: COL·LECCIÓ, Łódź, Ærø, Straße") == (
        "ela geminada: colleccio, lodz, aero, strasse"
    )
    assert words("Nidoran♀ Pokémon-EX") == ["nidoran", "female", "pokemon", "ex"]


def test_scripts_without_spaces_become_pairs() -> None:
    assert words("リザードン ex") == ["リザ", "ザー", "ード", "ドン", "ex"]
    assert words("猫") == ["猫"]
    assert len(words("喷火龙")) == 2


def test_squeeze_survives_glue_and_breaks() -> None:
    assert squeeze("EL DESA JUSTE del mundo") == squeeze("eldesajuste DELMUNDO")


def test_pieces_carry_their_ends() -> None:
    assert ngrams("cat", 3) == ["^ca", "cat", "at$"]
    assert ngrams("a", 3) == ["^a$"]


def test_a_line_has_no_control_characters() -> None:
    assert clean_line(" a\x00b\n\tc\u2028d ") == "a b c d"


@given(st.text(max_size=60))
def test_folding_is_stable(text: str) -> None:
    assert words(fold(text)) == words(text)
