"""Who hears of which event, and how it reaches them: one workflow an event and subscriber."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text

from armarium.platform.database import Database, Scope, rescope
from armarium.platform.events.event import BaseEvent, rebuild
from armarium.platform.workflows import Flow, Flows, Permanent, Queue

E = TypeVar("E", bound=BaseEvent)
Handler = Callable[[Flow, Any], Awaitable[None]]

OUTBOX_CHANNEL = "arm_outbox"
SWEEP = 30.0
"""Seconds; the fallback for a notification that got lost."""
BATCH = 100
TAKE = text(
    "select id, space_id, type, version, data, request_id from engine.take_events(:limit)"
    " order by id"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler of one event type."""

    name: str
    event: type[BaseEvent]
    handler: Handler


@dataclass(frozen=True, slots=True)
class DeliverEvent:
    """Hand one event to one subscriber."""

    event_id: UUID
    subscriber: str
    type: str
    data: dict[str, Any]
    space_id: UUID | None = None


class Events:
    """Built once a process by wiring; a room subscribes to events of rooms below it."""

    def __init__(self, flows: Flows) -> None:
        """Deliveries are workflows of `flows`: retried, checkpointed, dead letters at the end."""
        self._flows = flows
        self._by_name: dict[str, Subscription] = {}
        self._by_type: dict[str, list[Subscription]] = defaultdict(list)
        flows.queue(Queue("events", worker_concurrency=4))
        flows.handle(DeliverEvent, queue="events", run=self._deliver)

    def subscribe(
        self,
        event: type[E],
        handler: Callable[[Flow, E], Awaitable[None]],
        *,
        name: str,
    ) -> None:
        """Deliver each `event` to `handler` in a workflow of its own.

        `name` (`recognition.start`) is stable: it is part of the delivery's workflow id
        (`event:<event id>:<name>`), by which an event is delivered once though sent twice.
        """
        if name in self._by_name:
            raise ValueError(f"{name} is subscribed already; subscribers' names are unique")
        subscription = Subscription(name, event, handler)
        self._by_name[name] = subscription
        self._by_type[event.type].append(subscription)

    def subscribers(self, event_type: str) -> Sequence[Subscription]:
        """Those of one type, in the order in which they subscribed."""
        return self._by_type.get(event_type, ())

    async def _deliver(self, flow: Flow, command: DeliverEvent) -> None:
        subscription = self._by_name.get(command.subscriber)
        if subscription is None:
            raise Permanent(f"nobody subscribes as {command.subscriber} any more")
        event = rebuild(subscription.event, command.data, command.space_id)
        await subscription.handler(flow, event)


class Dispatcher:
    """Runs in the worker: turns fresh outbox rows into deliveries, each row once."""

    channel = OUTBOX_CHANNEL
    every = SWEEP

    def __init__(self, events: Events, flows: Flows, database: Database) -> None:
        self._events = events
        self._flows = flows
        self._database = database

    async def sweep(self) -> None:
        """Dispatch until the outbox is empty; safe from several workers at once."""
        while await self._dispatch_batch() == BATCH:
            pass

    async def _dispatch_batch(self) -> int:
        async with self._database.transaction(Scope()) as session:
            rows = (await session.execute(TAKE, {"limit": BATCH})).all()
            spaces = tuple({row.space_id for row in rows if row.space_id})
            await rescope(session, Scope(spaces=spaces, whole=True))
            for row in rows:
                for subscription in self._events.subscribers(row.type):
                    await self._flows.enqueue(
                        session,
                        DeliverEvent(
                            event_id=row.id,
                            subscriber=subscription.name,
                            type=row.type,
                            data=row.data,
                            space_id=row.space_id,
                        ),
                        workflow_id=f"event:{row.id}:{subscription.name}",
                    )
        return len(rows)
