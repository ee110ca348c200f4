"""What the audit log is told of accounts."""

from typing import Any
from uuid import UUID

from armarium.features.accounts.models import Client
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Session


async def note(
    session: Session,
    action: Action,
    person: UUID | None,
    *,
    actor: UUID | None = None,
    client: Client | None = None,
    target: tuple[str, UUID | None] | None = None,
    **detail: Any,
) -> None:
    """Record an act that concerns `person`, by themselves unless `actor` says otherwise.

    Their own space owns the entry, so that they may read it.
    """
    kind, identifier = target or ("account", person)
    await record(
        session,
        AuditEntry(
            action=action,
            actor=actor or person,
            space_id=person,
            target_type=kind,
            target_id=identifier,
            detail=detail,
            ip=client and client.ip,
            agent=client and client.agent,
        ),
    )
