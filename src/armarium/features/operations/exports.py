"""The audit log as a file that leaves the server: CSV for a table, JSON lines for a program."""

import csv
import io
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Literal

from armarium.platform.audit import AuditRecord

Form = Literal["csv", "jsonl"]
COLUMNS = (
    "at",
    "position",
    "id",
    "action",
    "actor",
    "impersonator",
    "space_id",
    "target_type",
    "target_id",
    "ip",
    "agent",
    "request_id",
    "detail",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by a spreadsheet; the agent's name is a stranger's."""


async def lines(entries: AsyncGenerator[AuditRecord], form: Form) -> AsyncGenerator[str]:
    """The file, a row at a time."""
    if form == "csv":
        yield _row(COLUMNS)
    async for entry in entries:
        members = _members(entry)
        if form == "csv":
            cells = {**members, "detail": json.dumps(members["detail"], ensure_ascii=False)}
            yield _row([_cell(cells[name]) for name in COLUMNS])
        else:
            yield json.dumps(members, ensure_ascii=False) + "\n"


def _members(entry: AuditRecord) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
    values["at"] = entry.at.isoformat(timespec="microseconds")
    plain = (str, int, Mapping)
    return {
        name: value if value is None or isinstance(value, plain) else str(value)
        for name, value in values.items()
    }


def _row(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
