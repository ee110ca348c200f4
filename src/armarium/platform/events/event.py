"""What an event is: a frozen dataclass of ids, versioned, and its CloudEvents 1.0 envelope."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

APART = frozenset({"space_id", "room_id"})
"""Fields that say who may hear of an event; no part of its data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseEvent:
    """Root of `Event` and `InstanceEvent`; a room never subclasses it directly."""

    type: ClassVar[str]
    """Past tense, upper camel case, unique: `ImageProcessed`."""
    version: ClassVar[int] = 1
    """Raised only for a change that is not additive; consumers ignore unknown fields."""
    source: ClassVar[str]
    """The part that says it: `collections.imageprocessor`."""

    @property
    def space(self) -> UUID | None:
        """Whose event it is; None when it is the instance's."""
        return None

    @property
    def room(self) -> UUID | None:
        """The private room that it happened in: nobody else of the space hears of it."""
        return None

    @property
    def subject(self) -> str | None:
        """The thing that it is about, for filters; a room may override it."""
        return None

    def data(self) -> dict[str, Any]:
        """The fields as JSON, without those that stand in the envelope or beside it."""
        whole = to_jsonable_python(self)
        return {name: value for name, value in whole.items() if name not in APART}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(BaseEvent):
    """Something that happened in one space. Fields are ids and small facts, never a secret."""

    space_id: UUID
    room_id: UUID | None = None

    @property
    def room(self) -> UUID | None:
        """As it was given."""
        return self.room_id

    @property
    def space(self) -> UUID | None:
        """The space that it happened in."""
        return self.space_id


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceEvent(BaseEvent):
    """Something that happened to the whole instance (a catalogue was imported); all may know."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A CloudEvents 1.0 event; `spaceid` and `requestid` are extension attributes."""

    id: UUID
    type: str
    version: int
    source: str
    time: datetime
    data: dict[str, Any]
    spaceid: UUID | None = None
    subject: str | None = None
    requestid: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The structured form, `application/cloudevents+json`; absent attributes are left out."""
        attributes = {
            "specversion": "1.0",
            "id": str(self.id),
            "type": self.type,
            "source": self.source,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "dataschema": schema_name(self.type, self.version),
            "subject": self.subject,
            "spaceid": None if self.spaceid is None else str(self.spaceid),
            "requestid": self.requestid,
            "data": self.data,
        }
        return {name: value for name, value in attributes.items() if value is not None}


def schema_name(event_type: str, version: int) -> str:
    """Where the schema of an event's data stands, below the instance's address."""
    return f"/api/v1/event-schemas/{event_type}.v{version}.json"


def rebuild(event: type[BaseEvent], data: dict[str, Any], space_id: UUID | None) -> BaseEvent:
    """The event from its stored data; fields that this version does not know are ignored."""
    known = {field.name for field in fields(event)}
    values = {name: value for name, value in data.items() if name in known}
    if issubclass(event, Event):
        values["space_id"] = space_id
    return TypeAdapter(event).validate_python(values)


def event_types() -> dict[tuple[str, int], type[BaseEvent]]:
    """Every event that an imported room defines, by type and version.

    Raises:
        ValueError: when two classes claim the same type and version.
    """
    found: dict[tuple[str, int], type[BaseEvent]] = {}
    for event in _leaves(BaseEvent):
        key = (event.type, event.version)
        if found.setdefault(key, event).__qualname__ != event.__qualname__:
            raise ValueError(f"two events are called {event.type}.v{event.version}")
        found[key] = event
    return found


def _leaves(parent: type[BaseEvent]) -> list[type[BaseEvent]]:
    leaves: list[type[BaseEvent]] = []
    for child in parent.__subclasses__():
        if "type" in vars(child):
            leaves.append(child)
        leaves.extend(_leaves(child))
    return leaves
