"""One line of JSON a fact, with the same names everywhere; short text at a terminal.

`timestamp` (UTC, milliseconds, Z), `level`, `message`, and where they apply `request_id`,
`user_id`, `operation`, `duration_ms`, `status`. Values under names that mean a secret are struck
out, wherever they stand.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Literal, TextIO, cast

import structlog
from asgi_correlation_id import correlation_id
from structlog.types import EventDict, Processor

from armarium.platform.observability.text import text_renderer

SECRET_NAMES = re.compile(
    r"pass(word|wd|phrase)|secret|token|authorization|cookie|api_?key|credential|private_?key"
    r"|database_url|dsn",
    re.IGNORECASE,
)
URL_PASSWORD = re.compile(r"(?P<start>[a-z][a-z0-9+.-]*://[^\s:/@]+:)[^\s@/]+(?=@)", re.IGNORECASE)
BEARER = re.compile(r"\bBearer\s+[\w.~+/=-]+", re.IGNORECASE)
STRUCK = "[redacted]"


def current_request_id() -> str | None:
    """The id of the request, or of the request that enqueued this job; None outside both."""
    bound = structlog.contextvars.get_contextvars().get("request_id")
    return correlation_id.get() or bound


def configure_logging(
    level: str = "auto",
    form: Literal["auto", "json", "text"] = "json",
    stream: TextIO | None = None,
) -> None:
    """Send every logger of the process, ours and libraries', through one pipe to `stream`.

    The form `auto` is text where a person looks on (a terminal), and JSON everywhere else. The
    level `auto` leaves that person to what needs them: warnings.
    """
    out = stream or sys.stderr
    if form == "auto":
        form = "text" if out.isatty() else "json"
    if level == "auto":
        level = "warning" if form == "text" and out.isatty() else "info"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _identify,
        structlog.stdlib.add_log_level,
        _stamp,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message") if form == "json" else _as_is,
        _strike_out,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
        if form == "json"
        else text_renderer(out, whole_tracebacks=level == "debug")
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(_number(level))
    for noisy in ("uvicorn", "uvicorn.error", "uvicorn.access", "dbos", "alembic", "pyvips"):
        logger = logging.getLogger(noisy)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(_number(level), logging.WARNING))
    if form == "json":
        logging.getLogger("uvicorn.error").setLevel(_number(level))


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


def _stamp(_logger: Any, _method: str, event: EventDict) -> EventDict:
    instant = datetime.now(UTC).isoformat(timespec="milliseconds")
    event["timestamp"] = instant.replace("+00:00", "Z")
    return event


def _identify(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if event.get("request_id") is None and (request := correlation_id.get()):
        event["request_id"] = request
    return event


def _as_is(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return event


def _strike_out(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return cast("MutableMapping[str, Any]", redact(event))


def redact(value: Any, name: str = "") -> Any:
    """The value without secrets: by the name it stands under, and by how URLs and headers look."""
    if isinstance(value, Mapping):
        return {key: redact(item, str(key)) for key, item in value.items()}
    if name and SECRET_NAMES.search(name) and value is not None:
        return STRUCK
    if isinstance(value, (list, tuple)):
        return [redact(item) for item in value]
    if isinstance(value, str):
        return BEARER.sub(f"Bearer {STRUCK}", URL_PASSWORD.sub(rf"\g<start>{STRUCK}", value))
    return value
