"""One entry: what a room says, what is kept, and the text that its hash is made of."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from armarium.platform.audit.actions import Action
from armarium.platform.observability.logs import redact

GENESIS = bytes(32)
"""What the first entry of all follows."""
MAX_TEXT = 500
MAX_DEPTH = 4
MAX_MEMBERS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """What happened, in the words of the room in which it happened.

    `detail` is small and says what changed (`{"role": ["viewer", "editor"]}`), never a secret and
    never the content of a collection. Two values in a list are what it was and what it is; several
    that belong together come as a set. Address and program come from the request by themselves.
    """

    action: Action | str
    actor: UUID | None
    """Who did it; None for nobody known (a failed login) and for the machine itself."""
    space_id: UUID | None = None
    """Whose space it concerns: its owner may read the entry."""
    target_type: str | None = None
    target_id: UUID | str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    impersonator: UUID | None = None
    """The administrator who acted in the actor's name."""
    ip: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRecord:
    """An entry as it is kept."""

    id: UUID
    at: datetime
    action: str
    actor: UUID | None
    space_id: UUID | None
    target_type: str | None
    target_id: str | None
    detail: Mapping[str, Any]
    impersonator: UUID | None
    ip: str | None
    agent: str | None
    request_id: str | None
    position: int | None = None
    """Its place in the chain, given at commit."""


def canonical(record: AuditRecord) -> bytes:
    """The text that is hashed: JSON, keys sorted, no spaces, instants in UTC with microseconds."""
    members: dict[str, Any] = {
        "id": str(record.id),
        "at": record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": record.action,
        "actor": _text(record.actor),
        "space_id": _text(record.space_id),
        "target_type": record.target_type,
        "target_id": record.target_id,
        "detail": record.detail,
        "impersonator": _text(record.impersonator),
        "ip": record.ip,
        "agent": record.agent,
        "request_id": record.request_id,
    }
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(record: AuditRecord) -> bytes:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(record)).digest()


def link(previous: bytes, entry_digest: bytes) -> bytes:
    """The hash of an entry in the chain: SHA-256 over the previous one and the entry's own."""
    return hashlib.sha256(previous + entry_digest).digest()


def clean(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Small, without secrets, and of values that come back from the database as they went in."""
    cleaned = _clean(redact(dict(detail)), MAX_DEPTH)
    return cleaned if isinstance(cleaned, dict) else {}


def short(text: str | None, limit: int = MAX_TEXT) -> str | None:
    """Bounded and storable: PostgreSQL takes no NUL and no lone surrogate."""
    if text is None:
        return None
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:limit]


def _clean(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping) and depth:
        pairs = list(value.items())[:MAX_MEMBERS]
        return {short(str(key)): _clean(item, depth - 1) for key, item in pairs}
    if isinstance(value, set | frozenset):
        return short(", ".join(sorted(map(str, value))))
    if isinstance(value, list | tuple) and depth:
        return [_clean(item, depth - 1) for item in list(value)[:MAX_MEMBERS]]
    # A float has no one decimal form; as text it has.
    return short(str(value))


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
