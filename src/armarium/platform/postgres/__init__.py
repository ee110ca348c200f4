"""PostgreSQL everywhere: an embedded server below the data folder, or one given by its URL."""

from armarium.platform.postgres.cluster import Cluster
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
from armarium.platform.postgres.urls import DatabaseUrls, libpq

__all__ = [
    "BinariesMissing",
    "Cluster",
    "DatabaseUrls",
    "EmbeddedPostgres",
    "FolderInUse",
    "FolderUnusable",
    "PostgresError",
    "ServerUnusable",
    "StartFailed",
    "WrongVersion",
    "libpq",
]
