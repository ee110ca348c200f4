"""Identifiers printed on things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armarium.kit import codes
from armarium.kit.codes import CollectorNumber


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("978-84-376-1434-1", None),
        ("9788427132177", "9788427132177"),
        ("978-84-271-3217-7", "9788427132177"),
        ("ISBN 0-306-40615-2", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("0804429570", None),
        ("12345", None),
    ],
)
def test_isbn_by_check_digit(text: str, expected: str | None) -> None:
    assert codes.isbn13(text) == expected


def test_isbns_are_found_in_running_text() -> None:
    text = "Penguin ISBN 0-306-40615-2 (pbk) 978 84 271 3217 7 and 0306406152 again, 1234567890"
    assert codes.find_isbns(text) == ["9780306406157", "9788427132177"]


@given(st.integers(0, 10**9 - 1))
def test_one_wrong_digit_is_always_caught(body: int) -> None:
    digits = f"978{body:09d}"
    whole = next(f"{digits}{last}" for last in range(10) if codes.isbn13(f"{digits}{last}"))
    for at in range(3, 13):
        broken = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        assert codes.isbn13(broken) is None


def test_issn() -> None:
    assert codes.issn("0378-5955") == "0378-5955"
    assert codes.issn("0378-5954") is None
    assert codes.issn("x") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4/102", CollectorNumber("4", "102")),
        ("004/102", CollectorNumber("4", "102")),
        (" SWSH045 ", CollectorNumber("SWSH45")),
        ("TG12/TG30", CollectorNumber("TG12", "TG30")),
        ("#136a", CollectorNumber("136A")),
        ("not a number", None),
    ],
)
def test_collector_number(text: str, expected: CollectorNumber | None) -> None:
    assert codes.collector_number(text) == expected


def test_collector_numbers_are_found_between_attack_words() -> None:
    found = codes.find_collector_numbers(
        "Charizard 120 HP Fire Spin 100 4/102 ©1995, 98, 99 4 / 102"
    )
    assert found == [CollectorNumber("4", "102")]
    assert str(found[0]) == "4/102"
