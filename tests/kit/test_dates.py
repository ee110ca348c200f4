"""Years in the forms that title pages, dealers and museums write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armarium.kit.dates import MAX_YEAR, MIN_YEAR, Years, parse_roman, parse_years


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1867", Years(1867, 1867)),
        (" 1867. ", Years(1867, 1867)),
        ("c. 1867", Years(1867, 1867, circa=True)),
        ("ca 1867", Years(1867, 1867, circa=True)),
        ("circa 1867", Years(1867, 1867, circa=True)),
        ("?c.1785", Years(1785, 1785, circa=True)),
        ("1867?", Years(1867, 1867, circa=True)),
        ("[1867]", Years(1867, 1867, inferred=True)),
        ("[c1867]", Years(1867, 1867, circa=True, inferred=True)),
        ("1867-80", Years(1867, 1880)),
        ("1867\N{EN DASH}1880", Years(1867, 1880)),
        ("c.1830\N{EN DASH}5", Years(1830, 1835, circa=True)),
        ("1850/51", Years(1850, 1851)),
        ("MDCCCLI", Years(1851, 1851)),
        ("M.DCCC.LI.", Years(1851, 1851)),
        ("MDCCCCX", Years(1910, 1910)),
        ("MDCCCLI [1851]", Years(1851, 1851, inferred=True)),
        ("1867 [i.e. 1868]", Years(1868, 1868, inferred=True)),
        ("between 1860 and 1865", Years(1860, 1865)),
        ("between 1860 and 1865?", Years(1860, 1865, circa=True)),
        ("1860s", Years(1860, 1869, circa=True)),
        ("early 1860s", Years(1860, 1863, circa=True)),
        ("mid-1860s", Years(1863, 1866, circa=True)),
        ("186-?", Years(1860, 1869, circa=True)),
        ("[18--?]", Years(1800, 1899, circa=True, inferred=True)),
        ("19th century", Years(1801, 1900, circa=True)),
        ("late 19th century", Years(1867, 1900, circa=True)),
        ("12 May 1867", Years(1867, 1867)),
        ("May 12th, 1867", Years(1867, 1867)),
        ("1867-05-12", Years(1867, 1867)),
        ("1867-05", Years(1867, 1867)),
        ("\N{COPYRIGHT SIGN}1998", Years(1998, 1998)),
        ("cop. 1998", Years(1998, 1998)),
        ("published 1833", Years(1833, 1833)),
        ("1825, reprinted 1874", Years(1825, 1825)),
        ("1867 or 1868", Years(1867, 1868)),
        ("before 1860", Years(1860, 1860, circa=True)),
        ("500 BC", Years(-499, -499)),
        ("300-250 B.C.E.", Years(-299, -249)),
        ("79 AD", Years(79, 79)),
        ("n.d.", Years(None, None)),
        ("s.d.", Years(None, None)),
        ("[n.d.]", Years(None, None, inferred=True)),
        ("date not known", Years(None, None)),
    ],
)
def test_reads_every_written_form(text: str, expected: Years) -> None:
    assert parse_years(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "MIX", "CIVIC", "31", "99999", "1867-1860", "9999", "between x and y", "[]"],
)
def test_refuses_what_is_no_date(text: str) -> None:
    assert parse_years(text) is None


years = st.integers(MIN_YEAR, MAX_YEAR)


@given(years, years, st.booleans(), st.booleans())
def test_what_is_written_is_read_back(first, last, circa, inferred) -> None:
    written = Years(min(first, last), max(first, last), circa=circa, inferred=inferred)
    assert parse_years(str(written)) == written


@given(st.text(max_size=40))
def test_never_breaks_and_never_runs_backwards(text: str) -> None:
    found = parse_years(text)
    if found is not None and found.first is not None and found.last is not None:
        assert MIN_YEAR <= found.first <= found.last <= MAX_YEAR


NUMERALS = [
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
]  # fmt: skip


@given(st.integers(1, 3999))
def test_roman_numerals_are_read(number: int) -> None:
    text, rest = "", number
    for value, letters in NUMERALS:
        text += letters * (rest // value)
        rest %= value
    assert parse_roman(text) == number
    assert parse_roman(text.lower()) == number
