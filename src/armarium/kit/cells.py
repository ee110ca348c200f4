"""Rows of CSV that a spreadsheet shows and does not run."""

import csv
import io
from collections.abc import Iterable

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for a formula, full-width forms too."""


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    parts = value if isinstance(value, list | tuple) else [value]
    text = "; ".join(str(part) for part in parts)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_line(cells: Iterable[str]) -> str:
    """One line of RFC 4180."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
