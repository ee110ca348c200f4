"""What an event is: a frozen dataclass of ids, versioned, and its CloudEvents 1.0 envelope."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class BaseEvent:
    """Root of `Event` and `InstanceEvent`; a room never subclasses it directly."""

    type: ClassVar[str]
    """Past tense, upper camel case, unique: `ImageProcessed`."""
    version: ClassVar[int] = 1
    """Raised only for a change that is not additive; consumers ignore unknown fields."""
    source: ClassVar[str]
    """The part that says it: `collections.imageprocessor`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event(BaseEvent):
    """Something that happened in one space. Fields are ids and small facts, never a secret."""

    space_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class InstanceEvent(BaseEvent):
    """Something that happened to the whole instance (a catalogue was imported); all may know."""
