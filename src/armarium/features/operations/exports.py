"""The audit log as a file that leaves the server: CSV for a table, JSON lines for a program."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, Literal

from armarium.kit.cells import csv_line, safe_cell
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


async def lines(entries: AsyncIterator[AuditRecord], form: Form) -> AsyncGenerator[str]:
    """The file, a row at a time."""
    if form == "csv":
        yield csv_line(COLUMNS)
    async for entry in entries:
        members = _members(entry)
        if form == "csv":
            cells = {**members, "detail": json.dumps(members["detail"], ensure_ascii=False)}
            yield csv_line(safe_cell(cells[name]) for name in COLUMNS)
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
