"""Everything that brings a database to this program's shape, in order."""

from armarium.platform.database.migrations import migrate
from armarium.platform.postgres.urls import DatabaseUrls


def migrate_all(urls: DatabaseUrls) -> None:
    """Run the schema's history. Safe to repeat, and to run from two processes at once."""
    migrate(urls.migrator)
