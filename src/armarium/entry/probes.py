"""What the deep health check asks of each part; called by wiring."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import text

from armarium.features.operations import Probe
from armarium.kit.instants import now
from armarium.platform.database import Database, Scope
from armarium.platform.workflows.jobs import Jobs
from armarium.ports.blobs import BlobStore

Facts = Mapping[str, Any]

COUNT_ITEMS = text("select count(*) from items where deleted_at is null")
LONG_WAIT_S = 300.0
"""How long the oldest waiting job may wait before the workflows count as degraded."""


def database_probe(database: Database) -> Probe:
    """A round trip through the asker's row-level security: how many items they have."""

    async def look(scope: Scope) -> Facts:
        async with database.transaction(scope) as session:
            return {"item_count": await session.scalar(COUNT_ITEMS)}

    return look


def blobs_probe(blobs: BlobStore, bucket: str) -> Probe:
    """Whether the store answers, and holds anything."""

    async def look(_scope: Scope) -> Facts:
        async for _ in blobs.list(""):
            return {"bucket": bucket, "has_objects": True}
        return {"bucket": bucket, "has_objects": False}

    return look


def auth_probe(public_keys: Callable[[], Awaitable[Any]]) -> Probe:
    """Whether tokens could be signed and checked now."""

    async def look(_scope: Scope) -> Facts:
        keys = await public_keys()
        return {"keys": len(keys.get("keys", ()))}

    return look


def workflows_probe(jobs: Jobs) -> Probe:
    """Whether somebody works, and keeps up."""

    async def look(_scope: Scope) -> Facts:
        load = await jobs.load()
        waited = 0.0
        if load.oldest_queued_at is not None:
            waited = max(0.0, (now() - load.oldest_queued_at).total_seconds())
        return {
            "status": "healthy" if load.workers and waited < LONG_WAIT_S else "degraded",
            "workers": load.workers,
            "queued": load.queued,
            "running": load.running,
            "oldest_queued_s": round(waited, 1),
        }

    return look


def inference_probe(socket: Path | None) -> Probe:
    """Whether the models could be asked; asking would start their process, so it does not."""

    async def look(_scope: Scope) -> Facts:
        if socket is None:
            return {"mode": "own process on demand"}
        listening = await asyncio.to_thread(socket.is_socket)
        return {
            "status": "healthy" if listening else "degraded",
            "mode": "shared process on demand",
        }

    return look
