"""Events: emitted in a transaction, delivered by workflow, streamed to browsers.

A room defines its events in `events.py` and calls `emit`; higher rooms subscribe through `Events`.
"""

from armarium.platform.events.event import BaseEvent, Envelope, Event, InstanceEvent
from armarium.platform.events.lifecycle import JobFailed, JobRedriven
from armarium.platform.events.outbox import emit
from armarium.platform.events.subscriptions import Dispatcher, Events
from armarium.platform.events.tables import OWNED

__all__ = [
    "OWNED",
    "BaseEvent",
    "Dispatcher",
    "Envelope",
    "Event",
    "Events",
    "InstanceEvent",
    "JobFailed",
    "JobRedriven",
    "emit",
]
