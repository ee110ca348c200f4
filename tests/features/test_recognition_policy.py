"""The cascade of text and picture: what is accepted, what a person must see, what is not known."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from armarium.features.recognition.policy import Signal, weigh

A, B, C = (UUID(int=n) for n in (1, 2, 3))


def verdict(text=(), read="unknown", visual=(), seen="unknown", *, pictured=True):
    return weigh(
        text=[Signal(entry, score, {"name": score}) for entry, score in text],
        text_decision=read,
        visual=[Signal(entry, score, {"picture": score}) for entry, score in visual],
        visual_decision=seen,
        pictured_matters=pictured,
    )


def leader(found):
    return found.ranked[0].entry_id


def test_a_clear_picture_is_enough():
    found = verdict(visual=[(A, 0.99), (B, 0.1)], seen="accepted")
    assert (found.decision, leader(found)) == ("accepted", A)


def test_clear_words_are_enough_where_no_picture_is_known():
    found = verdict(text=[(B, 0.97)], read="accepted")
    assert (found.decision, leader(found)) == ("accepted", B)


def test_words_and_picture_that_disagree_go_to_a_person():
    found = verdict(
        text=[(B, 0.97)], read="accepted", visual=[(A, 0.99), (B, 0.01)], seen="accepted"
    )
    assert found.decision == "review"
    assert {signal.entry_id for signal in found.ranked} == {A, B}


def test_the_number_decides_among_printings_that_share_a_picture():
    found = verdict(
        text=[(B, 0.97)], read="accepted", visual=[(A, 0.99), (B, 0.98)], seen="accepted"
    )
    assert (found.decision, leader(found)) == ("accepted", B)


def test_a_picture_that_does_not_match_refutes_the_words_of_a_card():
    found = verdict(text=[(A, 0.97)], read="accepted", visual=[(A, 0.01)])
    assert found.decision == "review"


def test_a_book_may_wear_another_cover():
    found = verdict(text=[(A, 0.97)], read="accepted", visual=[(A, 0.01)], pictured=False)
    assert found.decision == "accepted"


def test_nothing_worth_a_look_is_unknown():
    assert verdict(text=[(A, 0.05)], visual=[(B, 0.1)]).decision == "unknown"
    assert verdict().decision == "unknown"


def test_the_evidence_of_both_is_kept():
    found = verdict(text=[(A, 0.5)], read="review", visual=[(A, 0.6)], seen="review")
    assert found.ranked[0].evidence == {"name": 0.5, "picture": 0.6}


signals = st.lists(st.tuples(st.sampled_from([A, B, C]), st.floats(0, 1)), max_size=6)
decisions = st.sampled_from(["accepted", "review", "unknown"])


@given(signals, decisions, signals, decisions, st.booleans())
def test_an_acceptance_always_names_an_entry_that_one_side_accepted(
    text, read, visual, seen, pictured
):
    found = verdict(text, read, visual, seen, pictured=pictured)
    ids = [signal.entry_id for signal in found.ranked]
    assert len(ids) == len(set(ids))
    assert set(ids) == {entry for entry, _score in [*text, *visual]}
    if found.decision == "accepted":
        assert "accepted" in {read, seen}
        assert ids
