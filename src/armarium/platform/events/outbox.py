"""Saying that something happened, in the transaction in which it happened."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.events.event import BaseEvent


async def emit(session: AsyncSession, event: BaseEvent) -> UUID:
    """Write the outbox row; subscribers and browsers hear of it once the caller commits.

    Returns the event's id, the key by which a consumer recognizes a second delivery.
    """
    raise NotImplementedError
