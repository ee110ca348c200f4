"""PostgreSQL everywhere: an embedded server below the data folder, or one given by its URL.

This face is the standard library alone, so that the process that keeps the server running stays
small; `cluster`, `roles` and `urls` beside it connect, and are imported by their own names.
"""

from armarium.platform.postgres.errors import (
    BinariesMissing,
    FolderInUse,
    FolderUnusable,
    PostgresError,
    ServerUnusable,
    StartFailed,
    WrongVersion,
)
from armarium.platform.postgres.supervisor import EmbeddedPostgres

__all__ = [
    "BinariesMissing",
    "EmbeddedPostgres",
    "FolderInUse",
    "FolderUnusable",
    "PostgresError",
    "ServerUnusable",
    "StartFailed",
    "WrongVersion",
]
