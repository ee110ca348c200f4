"""Who hears of which event."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from armarium.platform.events.event import BaseEvent
from armarium.platform.workflows import Flow, Flows

E = TypeVar("E", bound=BaseEvent)


class Events:
    """Built once a process by wiring; a room subscribes to events of rooms below it."""

    def __init__(self, flows: Flows) -> None:
        """Deliveries are workflows of `flows`: retried, checkpointed, dead letters at the end."""
        self.flows = flows

    def subscribe(
        self,
        event: type[E],
        handler: Callable[[Flow, E], Awaitable[None]],
        *,
        name: str,
        queue: str = "events",
    ) -> None:
        """Deliver each `event` to `handler` in a workflow of its own.

        `name` (`recognition.start`) is stable: it is part of the delivery's workflow id
        (`event:<event id>:<name>`), by which an event is delivered once though sent twice.
        """
        raise NotImplementedError
