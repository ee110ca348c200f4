"""Everything that brings a database to this program's shape, in order."""

from armarium.platform.database.migrations import migrate
from armarium.platform.postgres.urls import DatabaseUrls
from armarium.platform.workflows.migrate import migrate_engine


def migrate_all(urls: DatabaseUrls) -> None:
    """Run the schema's history, then the workflow engine's.

    Safe to repeat, and to run from two processes at once.
    """
    migrate(urls.migrator)
    migrate_engine(urls.migrator)
