"""What is published about events is what the code emits."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
from scripts import event_schemas

from armarium.platform.events import BaseEvent, Event
from armarium.platform.events.contract import contract, schema_of
from armarium.platform.events.event import event_types

SECRETS = ("password", "token", "secret", "cookie", "api_key")


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    event_schemas.import_events()
    return dict(contract())


def test_the_committed_schemas_are_those_of_the_code() -> None:
    """Run `python scripts/event_schemas.py` and commit, when the change is meant."""
    assert event_schemas.stale() == []


def test_image_processed_has_the_fields_that_consumers_know(published: dict[str, Any]) -> None:
    schema = published["ImageProcessed.v1.json"]
    assert schema["x-cloudevents"] == {
        "type": "ImageProcessed",
        "source": "collections.imageprocessor",
    }
    assert set(schema["properties"]) == {
        "media_id", "item_id", "user_id", "bucket", "original_key", "thumbnail_key"
    }  # fmt: skip
    assert "media_id" in schema["required"]


def test_analysis_complete_has_the_fields_that_consumers_know(published: dict[str, Any]) -> None:
    schema = published["AnalysisComplete.v1.json"]
    assert schema["x-cloudevents"]["source"] == "collections.analyzer"
    assert set(schema["properties"]) == {"item_id", "analysis_id", "user_id"}


def test_no_event_carries_a_secret(published: dict[str, Any]) -> None:
    for name, schema in published.items():
        fields = schema.get("properties", {})
        assert not [f for f in fields if any(s in f.lower() for s in SECRETS)], name
        assert schema["description"], name


def test_a_schema_describes_the_data_and_admits_more() -> None:
    @dataclass(frozen=True, kw_only=True, slots=True)
    class Shelved(Event):
        """A book found its place."""

        type: ClassVar[str] = "TestShelved"
        source: ClassVar[str] = "tests"
        book_id: UUID
        shelf: int = 1

    schema = schema_of(Shelved)
    assert schema["description"] == "A book found its place."
    assert schema["required"] == ["book_id"]
    assert schema["additionalProperties"] is True
    assert ("TestShelved", 1) in event_types()


def test_two_events_cannot_share_a_name() -> None:
    def claim(name: str) -> type[BaseEvent]:
        return type(name, (Event,), {"type": "TestTwice", "source": "tests", "__slots__": ()})

    first, second = claim("First"), claim("Second")
    with pytest.raises(ValueError, match=r"TestTwice\.v1"):
        event_types()
    first.type, second.type = "TestOnce", "TestOther"
    assert ("TestOnce", 1) in event_types()
