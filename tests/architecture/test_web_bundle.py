"""What a browser loads before the first page can be used."""

import gzip
import re
from pathlib import Path

import pytest

DIST = Path(__file__).resolve().parents[2] / "web" / "dist"
FIRST = re.compile(r'(?:src|href)="/(assets/[^"]+\.js)"')
MOST_FIRST_BYTES = 260_000
LEAST_LATER_FILES = 40


def test_the_first_page_loads_little_and_the_rest_when_asked_for() -> None:
    """A page that is imported by the entry would be paid for by everyone, on every phone."""
    if not (DIST / "index.html").exists():
        pytest.skip("the web app is not built: make web")
    first = set(FIRST.findall((DIST / "index.html").read_text()))
    assert first
    size = sum(len(gzip.compress((DIST / name).read_bytes())) for name in first)
    assert size < MOST_FIRST_BYTES
    assert len(list((DIST / "assets").glob("*.js"))) - len(first) > LEAST_LATER_FILES
