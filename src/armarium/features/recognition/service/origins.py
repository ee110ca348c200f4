"""How an item was identified, for the item's page: the detection that it was made from."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from armarium.features.recognition import store
from armarium.platform.database import Session


class ItemOrigins:
    """Shows the collection what recognition knows of its items (an `ItemExtension`)."""

    name = "recognition"

    async def extend(
        self, session: Session, space_id: UUID, item_ids: Sequence[UUID]
    ) -> Mapping[UUID, Any]:
        """The detection, scan and decision behind each item that a scan made."""
        return {
            row.item_id: {
                "detection_id": str(row.id),
                "scan_id": str(row.scan_id),
                "decision": row.decision,
            }
            for row in await store.detections_of_items(session, space_id, item_ids)
            if row.item_id is not None
        }
