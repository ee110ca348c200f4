"""Query plans as the app role gets them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import TextClause, text

from armarium.platform.database import Session

Plan = dict[str, Any]


async def explain(session: Session, statement: TextClause, parameters: Mapping[str, Any]) -> Plan:
    """The plan of a statement that was really run, with its buffers."""
    wrapped = text(f"explain (analyze, buffers, format json) {statement.text}")
    answer = await session.scalar(wrapped, dict(parameters))
    read = json.loads(answer) if isinstance(answer, str) else answer
    return read[0]["Plan"]


def nodes(plan: Plan) -> Iterator[Plan]:
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def buffers(plan: Plan) -> int:
    """Pages read, from memory or disk."""
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
