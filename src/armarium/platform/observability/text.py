"""Log lines for a person at a terminal: the time, what happened, and little else.

Who needs ids, users and whole tracebacks reads the JSON form (`ARMARIUM_LOG_FORMAT=json`).
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from structlog.types import EventDict, Processor

UNSAID = frozenset(
    {
        "event", "level", "timestamp", "exception", "stack", "request_id", "user_id", "executor",
        "workflow_id", "address", "operation", "duration_ms", "status", "method", "path",
    }
)  # fmt: skip
"""Said by the line itself, or for programs."""
COLORS: Mapping[str, str] = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}
PLAIN = "\x1b[0m"
FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
MAX_VALUE = 200
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def text_renderer(stream: TextIO, *, whole_tracebacks: bool) -> Processor:
    """Renders an event as one line; colored where `stream` is a terminal that may be."""
    colored = stream.isatty() and not os.environ.get("NO_COLOR")

    def render(_logger: Any, _method: str, event: EventDict) -> str:
        level = str(event.get("level", "info"))
        line = f"{datetime.now(UTC).astimezone():%H:%M:%S}  {CONTROLS.sub(' ', _said(event))}"
        if level != "info":
            name = level.upper()
            line = (
                f"{line[:10]}{COLORS.get(level, '')}{name}{PLAIN} {line[10:]}"
                if colored
                else (f"{line[:10]}{name} {line[10:]}")
            )
        failure = str(event.get("exception") or "")
        if not failure:
            return line
        return f"{line}\n{failure}" if whole_tracebacks else f"{line}: {_cause(failure)}"

    return render


def _said(event: EventDict) -> str:
    what = str(event.get("event", "")).replace("_", " ")
    if "method" in event and "path" in event:
        what = f"{event['method']} {event['path']}" + ("" if what == "request" else f" {what}")
    elif operation := event.get("operation"):
        what = f"{operation}: {what}"
    parts = [what, *(str(event[name]) for name in ("status",) if event.get(name) is not None)]
    if (spent := event.get("duration_ms")) is not None:
        parts.append(f"{spent:.0f} ms" if isinstance(spent, int | float) else str(spent))
    parts += [
        f"{name}={str(value)[:MAX_VALUE]}"
        for name, value in event.items()
        if name not in UNSAID and not name.startswith("_") and value not in (None, [], ())
    ]
    return "  ".join(parts)


def _cause(failure: str) -> str:
    """The last line of a traceback and where it happened."""
    last = next((line for line in reversed(failure.splitlines()) if line.strip()), "")
    places = FRAME.findall(failure)
    where = f" ({places[-1][0]}:{places[-1][1]})" if places else ""
    return f"{CONTROLS.sub(' ', last.strip())[:MAX_VALUE]}{where}"
