"""Which database a process talks to, from the settings alone."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from armarium.entry.migrating import migrate_all
from armarium.entry.settings import Settings
from armarium.platform.postgres.cluster import Cluster, external_urls, prepare_embedded
from armarium.platform.postgres.errors import PostgresError
from armarium.platform.postgres.folder import Folder
from armarium.platform.postgres.roles import check_roles
from armarium.platform.postgres.urls import DatabaseUrls, parse, text_of

MIGRATION_PATIENCE_S = 3600.0
"""A process of `armarium up` waits for its parent's migrations, and dies with its parent."""


def urls_of(settings: Settings, *, patience_s: float = MIGRATION_PATIENCE_S) -> DatabaseUrls:
    """For the API, the worker and other long-running processes; waits for `armarium up`."""
    if (given := _given_urls(settings)) is not None:
        return given
    if settings.database_url is not None:
        return external_urls(settings.database_url.get_secret_value())
    return Cluster.attached(settings.data, patience_s=patience_s).urls


@contextmanager
def database_for(settings: Settings) -> Generator[Cluster]:
    """For commands: a migrated database, run for the while when no `armarium up` runs it."""
    if (given := _given_urls(settings)) is not None:
        yield Cluster(given)
    elif settings.database_url is not None:
        cluster = Cluster.external(settings.database_url.get_secret_value())
        migrate_all(cluster.urls)
        yield cluster
    else:
        with Cluster.share(settings.data) as cluster:
            if cluster.embedded is not None:
                migrate_all(cluster.urls)
            yield cluster


def migrate(settings: Settings) -> DatabaseUrls:
    """What `armarium migrate` does: roles, extension, schema, engine."""
    if (given := _given_urls(settings)) is not None:
        check_roles(given.migrator)
        migrate_all(given)
        return given
    with database_for(settings) as cluster:
        if cluster.embedded is None and settings.database_url is None:
            migrate_all(cluster.urls)
        return cluster.urls


def main() -> None:
    """`python -m armarium.entry.databases [SOCKETS]`: the first child of `armarium up`.

    A process of its own, because the libraries of a migration would stay in the parent's memory
    for as long as it runs. With SOCKETS, the embedded server listens there.
    """
    settings = Settings()
    try:
        if sys.argv[1:]:
            migrate_all(prepare_embedded(Folder(settings.data.absolute()), Path(sys.argv[1])))
        else:
            migrate(settings)
    except PostgresError as error:
        sys.exit(str(error))


def _given_urls(settings: Settings) -> DatabaseUrls | None:
    """Three URLs made by an administrator, where this process may not know their password."""
    app, migrator, worker = (
        None if url is None else text_of(parse(url.get_secret_value()))
        for url in (
            settings.app_database_url,
            settings.migrator_database_url,
            settings.worker_database_url,
        )
    )
    if app is None:
        return None
    owner = migrator or app
    return DatabaseUrls(admin=owner, migrator=owner, app=app, worker=worker or app)


if __name__ == "__main__":
    main()
