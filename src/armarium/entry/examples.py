"""Examples of bodies, composed from the examples of their fields.

A field says its own with `Field(examples=[…])`; what says nothing gets a value of its type, so
that every operation shows what to send and what comes back.
"""

from collections.abc import Mapping
from typing import Any

BY_FORMAT = {
    "uuid": "01a1f7ab-2452-733e-9a1a-b73a0fe78949",
    "date-time": "2026-11-20T09:30:00Z",
    "date": "2026-11-20",
    "uri": "https://example.org/",
    "binary": "…",
    "password": "Armarium-1867",
}
BY_TYPE = {"integer": 1, "number": 0.5, "boolean": True, "string": "text", "null": None}
MAX_DEPTH = 6

Schema = Mapping[str, Any]


def example_of(schema: Schema, schemas: Mapping[str, Schema], depth: int = 0) -> Any:
    """One value that the schema describes."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    if schema.get("examples"):
        return schema["examples"][0]
    for known in ("example", "const", "default"):
        if schema.get(known) is not None:
            return schema[known]
    if schema.get("enum"):
        return schema["enum"][0]
    if depth > MAX_DEPTH:
        return None
    for union in ("anyOf", "oneOf", "allOf"):
        if schema.get(union):
            return example_of(_fullest(schema[union]), schemas, depth + 1)
    return _by_type(schema, schemas, depth)


def _fullest(choices: list[Schema]) -> Schema:
    """Of a value and null, the value."""
    return next((choice for choice in choices if choice.get("type") != "null"), choices[0])


def _by_type(schema: Schema, schemas: Mapping[str, Schema], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        return {
            name: example_of(item, schemas, depth + 1)
            for name, item in schema.get("properties", {}).items()
        }
    if kind == "array":
        prefix = schema.get("prefixItems")
        if prefix:
            return [example_of(item, schemas, depth + 1) for item in prefix]
        one = example_of(schema.get("items", {}), schemas, depth + 1)
        return [one] * max(1, min(schema.get("minItems", 1), 4))
    if kind in {"integer", "number"}:
        return schema.get("minimum", BY_TYPE[kind])
    return BY_FORMAT.get(schema.get("format", ""), BY_TYPE.get(kind or "", "…"))


def add_examples(made: dict[str, Any]) -> None:
    """Give each JSON and form body of the document an example, where it has none."""
    schemas = made["components"]["schemas"]
    for item in made["paths"].values():
        for operation in item.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (body.get("content", {}) for body in bodies):
                for media_type, media in content.items():
                    if "example" in media or "examples" in media or "schema" not in media:
                        continue
                    if "json" in media_type and "problem" not in media_type:
                        media["example"] = example_of(media["schema"], schemas)
