"""How commands speak: data on stdout, one clear line on stderr when something is wrong."""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

REFUSED = 1
UNREACHABLE = 3
NOT_LOGGED_IN = 4
WIDE = 10_000
"""Columns where nobody's terminal bounds them: a line a row for `grep`."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor, renames its window or turns its text round."""


class CommandError(Exception):
    """A command cannot go on. The message says what happened and what to do."""

    def __init__(self, message: str, *, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code


def plain(text: str) -> str:
    """Text of others for a person's terminal: nothing in it acts."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def say(text: str) -> None:
    """A line for a person, beside the data."""
    sys.stderr.write(f"{plain(text)}\n")


def fail(error: CommandError) -> NoReturn:
    """End the process with the error's line and code."""
    say(f"armarium: {error}")
    sys.exit(error.code)


def put_json(data: Any) -> None:
    """Data for a program; in ASCII where the output's encoding does not take all of it."""
    encoding = (sys.stdout.encoding or "utf-8").lower()
    sys.stdout.write(json_text(data, ascii_only=not encoding.startswith("utf")))


def json_text(data: Any, *, ascii_only: bool = False) -> str:
    """Data as a program reads it, with a person's line breaks."""
    return json.dumps(data, ensure_ascii=ascii_only, indent=2, default=str) + "\n"


def put_rows(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool = False
) -> None:
    """Rows as a table, or as a JSON array of the same. No cell is ever cut: ids are for copying."""
    if as_json:
        put_json(list(rows))
        return
    from rich.console import Console  # noqa: PLC0415  # 30 ms that most commands do not need
    from rich.table import Table  # noqa: PLC0415  # same

    table = Table(box=None, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if row.get(name) is None else plain(str(row[name])) for name in columns))
    width = None if sys.stdout.isatty() else WIDE
    Console(file=sys.stdout, width=width, markup=False, emoji=False).print(table)


def put_record(record: Mapping[str, Any], *, as_json: bool = False) -> None:
    """One record, a line a member."""
    if as_json:
        put_json(dict(record))
        return
    width = max((len(name) for name in record), default=0)
    for name, value in record.items():
        sys.stdout.write(f"{name:<{width}}  {plain(str(value))}\n")
