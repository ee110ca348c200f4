"""Saying that something happened, in the transaction in which it happened."""

from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.kit.ids import new_id
from armarium.platform.events.event import BaseEvent
from armarium.platform.events.tables import EventRow
from armarium.platform.observability import current_request_id


async def emit(session: AsyncSession, event: BaseEvent) -> UUID:
    """Write the outbox row; subscribers and browsers hear of it once the caller commits.

    Returns the event's id, the key by which a consumer recognizes a second delivery.
    """
    identifier = new_id()
    await session.execute(
        insert(EventRow).values(
            id=identifier,
            space_id=event.space,
            room_id=event.room,
            user_id=session.info["scope"].user_id,
            type=event.type,
            version=event.version,
            source=event.source,
            subject=event.subject,
            data=event.data(),
            request_id=current_request_id(),
        )
    )
    return identifier
