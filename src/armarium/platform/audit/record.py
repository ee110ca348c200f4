"""Writing an entry, in the transaction of what it tells: both happen, or neither."""

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.kit.ids import new_id
from armarium.kit.instants import now
from armarium.platform.audit.actions import Action
from armarium.platform.audit.entry import AuditEntry, AuditRecord, clean, digest, short
from armarium.platform.audit.origin import current_origin
from armarium.platform.audit.tables import AuditRow
from armarium.platform.observability import current_request_id


async def record(session: AsyncSession, entry: AuditEntry) -> None:
    """Append one entry; it takes its place in the chain when the caller commits.

    Raises:
        ValueError: the action is none of `Action`.
    """
    origin = current_origin()
    kept = AuditRecord(
        id=new_id(),
        at=now(),
        action=Action(entry.action).value,  # pyright: ignore[reportCallIssue]  # looked up by value
        actor=entry.actor,
        space_id=entry.space_id,
        target_type=entry.target_type,
        target_id=None if entry.target_id is None else short(str(entry.target_id)),
        detail=clean(entry.detail),
        impersonator=entry.impersonator or origin.impersonator,
        ip=short(entry.ip or origin.ip),
        agent=short(entry.agent or origin.agent, 300),
        request_id=short(current_request_id()),
    )
    await session.execute(
        insert(AuditRow).values(
            id=kept.id,
            at=kept.at,
            action=kept.action,
            actor=kept.actor,
            subject_space=kept.space_id,
            target_type=kept.target_type,
            target_id=kept.target_id,
            detail=kept.detail,
            impersonator=kept.impersonator,
            ip=kept.ip,
            agent=kept.agent,
            request_id=kept.request_id,
            digest=digest(kept),
        )
    )
