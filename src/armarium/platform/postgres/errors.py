"""What can go wrong before the database answers; every message says what to do."""


class PostgresError(Exception):
    """The database could not be made ready."""


class FolderInUse(PostgresError):
    """Another Armarium already runs on this data folder."""


class FolderUnusable(PostgresError):
    """The data folder cannot hold a database."""


class WrongVersion(PostgresError):
    """The data folder belongs to another major version of PostgreSQL."""


class BinariesMissing(PostgresError):
    """The server's binaries are not installed."""


class StartFailed(PostgresError):
    """PostgreSQL did not start."""


class ServerUnusable(PostgresError):
    """The external server lacks something that its administrator must add."""
