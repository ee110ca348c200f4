"""The memory of the inbox: every act with what it changed, so that each can be undone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from armarium.features.recognition import store
from armarium.features.recognition.errors import (
    AlreadyDecided,
    DetectionNotFound,
    StillReading,
)
from armarium.features.recognition.events import ReviewChanged
from armarium.features.recognition.tables import DetectionRow
from armarium.features.spaces import demand_editor
from armarium.platform.database import Session
from armarium.platform.events import emit
from armarium.platform.http.principal import Principal

AGAIN = "again"
"""Reading and identifying a find anew; what the pipeline then accepts belongs to the act."""
KEPT = ("state", "kind", "decision", "candidates")
"""What an act may change of a detection, beside the item."""


class Acts:
    """Locks what an act is about and remembers what was there before."""

    async def lock_open(
        self, session: Session, principal: Principal, detection_ids: Sequence[UUID]
    ) -> list[DetectionRow]:
        """Detections that can still be decided, locked; refuses the rest by name."""
        rows = await self.lock(session, principal, detection_ids)
        for row in rows:
            if row.state == "pending":
                raise StillReading
            if row.state != "open":
                raise AlreadyDecided(state=row.state)
        return rows

    async def lock(
        self, session: Session, principal: Principal, detection_ids: Sequence[UUID]
    ) -> list[DetectionRow]:
        """Detections in whatever state, locked, for one who may decide."""
        demand_editor(principal)
        rows = await store.lock_detections(session, detection_ids)
        if len(rows) != len(set(detection_ids)):
            raise DetectionNotFound
        return rows

    def snapshot(self, rows: Sequence[DetectionRow]) -> list[dict[str, Any]]:
        """What undoing restores."""
        return [
            {
                "id": str(row.id),
                "item_id": None if row.item_id is None else str(row.item_id),
                **{name: getattr(row, name) for name in KEPT},
            }
            for row in rows
        ]

    async def remember(
        self,
        session: Session,
        principal: Principal,
        *,
        action: str,
        before: list[dict[str, Any]],
        made_items: Sequence[UUID] = (),
        made_detections: Sequence[UUID] = (),
    ) -> None:
        """Keep the act and tell open inboxes."""
        touched = [UUID(each["id"]) for each in before]
        store.add_act(
            session,
            space_id=principal.space_id,
            action=action,
            detection_ids=touched,
            before=before,
            made_items=list(made_items),
            made_detections=list(made_detections),
            created_by=principal.user_id,
        )
        await emit(
            session,
            ReviewChanged(space_id=principal.space_id, detection_ids=touched, action=action),
        )
