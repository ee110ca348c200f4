"""Everything that brings a database to this program's shape, in order."""

from armarium.platform.postgres.stamp import is_stamped, stamp
from armarium.platform.postgres.urls import DatabaseUrls


def migrate_all(urls: DatabaseUrls) -> None:
    """Run the schema's history, then the workflow engine's; quick when there is nothing to do.

    Safe to repeat, and to run from two processes at once.
    """
    if is_stamped(urls.migrator):
        return
    # A second of imports, spared at every start but the first.
    from armarium.platform.database.migrations import migrate  # noqa: PLC0415
    from armarium.platform.workflows.migrate import migrate_engine  # noqa: PLC0415

    migrate(urls.migrator)
    migrate_engine(urls.migrator)
    stamp(urls.migrator)
