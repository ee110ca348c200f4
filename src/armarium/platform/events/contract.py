"""The published shape of every event: JSON Schema, generated from the classes and committed.

`scripts/event_schemas.py` writes contract/events; a test fails when a class and its file differ,
so that a change of an event is seen in review.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from armarium.platform.events.event import APART, BaseEvent, event_types, schema_name


def schema_of(event: type[BaseEvent]) -> dict[str, Any]:
    """JSON Schema of the `data` of one event; the space stands in the envelope."""
    schema = TypeAdapter(event).json_schema()
    for name in APART:
        schema.get("properties", {}).pop(name, None)
    required = [name for name in schema.pop("required", []) if name not in APART]
    description = " ".join((event.__doc__ or "").split())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_name(event.type, event.version),
        **schema,
        "title": event.type,
        "description": description,
        "required": required,
        "additionalProperties": True,
        "x-cloudevents": {"type": event.type, "source": event.source},
    }


def contract(package: str = "armarium") -> Mapping[str, dict[str, Any]]:
    """File name and schema of every event that the package's imported modules define."""
    return {
        f"{kind}.v{version}.json": schema_of(event)
        for (kind, version), event in sorted(event_types().items())
        if event.__module__.split(".")[0] == package
    }


def rendered(schema: Mapping[str, Any]) -> str:
    """The file's text."""
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
