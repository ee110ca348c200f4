"""Ends what somebody gave once they might not give it any more."""

from typing import Any
from uuid import UUID

from armarium.features.spaces.store import invitations as invitation_store
from armarium.features.spaces.store import links as link_store
from armarium.kit.instants import now
from armarium.platform.audit import Action, AuditEntry, record
from armarium.platform.database import Scope, Session, rescope
from armarium.platform.http import Principal


async def end_unbacked(
    session: Session, caller: Principal, space_id: UUID, maker: UUID | None = None
) -> None:
    """Revoke a space's links that nobody might make any more, and the offers of `maker`.

    Both are refused from the moment that the leave is lost, by the database; this is so that the
    lists tell it, and that they stay ended when the leave comes back. Joins the caller's
    transaction.
    """
    before: Scope = session.info["scope"]
    await rescope(session, Scope.of_space(space_id))
    at = now()
    if maker is not None:
        await invitation_store.end_unbacked(session, space_id, maker, by=caller.user_id, at=at)
    for link_id in await link_store.end_unbacked(session, space_id, at):
        who: dict[str, Any] = {"actor": caller.user_id, "impersonator": caller.impersonator}
        entry = AuditEntry(
            action=Action.SHARE_REVOKED,
            **who,
            space_id=space_id,
            target_type="share",
            target_id=link_id,
            detail={"because": "its maker might not make it any more"},
        )
        await record(session, entry)
    await rescope(session, before)
