"""When the trash of a space is looked at: the night after its oldest item's time is up."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from armarium.features.collection.models import PurgeTrash
from armarium.kit.instants import now
from armarium.platform.database import Session
from armarium.platform.workflows import Flows

HOUR = time(hour=2, minute=15)
"""UTC."""


class TrashPlan:
    """One job a space and night, however much goes into the trash."""

    def __init__(self, *, flows: Flows, days: int) -> None:
        """`days` that the trash keeps; 0 keeps for ever."""
        self._flows = flows
        self._days = days

    @property
    def days(self) -> int | None:
        """How long the trash keeps; None for ever."""
        return self._days or None

    def due_before(self) -> datetime | None:
        """What went into the trash before that instant is to go; None for nothing."""
        return now() - timedelta(days=self._days) if self._days else None

    async def after(self, session: Session, space_id: UUID, trashed_at: datetime) -> None:
        """Look again once what went in at `trashed_at` is due."""
        if not self._days:
            return
        night = max((trashed_at + timedelta(days=self._days)).date(), now().date())
        start = datetime.combine(night + timedelta(days=1), HOUR, UTC)
        await self._flows.enqueue(
            session,
            PurgeTrash(space_id=space_id),
            workflow_id=f"collection.trash:{space_id}:{start.date()}",
            delay=(start - now()).total_seconds(),
        )
