"""The server that tests run on, and a migrated template database to copy from."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from psycopg import sql

import armarium
from armarium.entry.migrating import migrate_all
from armarium.platform.postgres.cluster import Cluster
from armarium.platform.postgres.names import MIGRATOR_ROLE
from armarium.platform.postgres.roles import derived_passwords, prepare_server
from armarium.platform.postgres.stamp import scripts_folder
from armarium.platform.postgres.urls import DatabaseUrls, libpq, role_urls, with_database

TEMPLATE_PREFIX = "armt_"
KEPT_TEMPLATES = 6
"""On a development server, templates of that many schema states are kept for the next run."""
LOCK_KEY = 0x41524D10
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a private folder is made in it
LEAST_MEMORY_BYTES = 3 * 1024**3
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class Server:
    """A PostgreSQL server whose administrator's URL we hold."""

    def __init__(self, admin_url: str, urls: DatabaseUrls | None = None) -> None:
        self.admin_url = admin_url
        self._urls = urls or role_urls(admin_url, derived_passwords(admin_url))
        self._template: str | None = None

    def template(self) -> str:
        """The migrated template of the present schema, made by whichever process comes first."""
        if self._template is None:
            self._template = self._ensure_template(TEMPLATE_PREFIX + schema_digest())
        return self._template

    def create(self, *, migrated: bool = True) -> DatabaseUrls:
        """A fresh database: a copy of the template, or empty but for the extension."""
        name = f"arm_{uuid4().hex[:16]}"
        source = self.template() if migrated else "template0"
        with self._admin() as connection:
            connection.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
            if migrated:
                # Rights on the database itself are not copied with it.
                connection.execute(
                    sql.SQL("grant create on database {} to {}").format(
                        sql.Identifier(name), sql.Identifier(MIGRATOR_ROLE)
                    )
                )
        if not migrated:
            self._prepare(name)
        return self._urls.of_database(name)

    def drop(self, urls: DatabaseUrls) -> None:
        name = urls.admin.split("?")[0].rsplit("/", 1)[1]
        with self._admin() as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )

    @contextmanager
    def database(self, *, migrated: bool = True) -> Iterator[DatabaseUrls]:
        urls = self.create(migrated=migrated)
        try:
            yield urls
        finally:
            self.drop(urls)

    def _prepare(self, name: str) -> None:
        prepare_server(with_database(self.admin_url, name), derived_passwords(self.admin_url))

    @contextmanager
    def _admin(self) -> Iterator[psycopg.Connection]:
        url = libpq(with_database(self.admin_url, "postgres"))
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection

    def _ensure_template(self, name: str) -> str:
        with self._admin() as connection:
            connection.execute("select pg_advisory_lock(%s)", (LOCK_KEY,))
            known = [
                row[0]
                for row in connection.execute(
                    "select datname from pg_database where datname like %s order by oid desc",
                    (TEMPLATE_PREFIX + "%",),
                )
            ]
            if name not in known:
                self._build_template(connection, name)
                for old in known[KEPT_TEMPLATES:]:
                    connection.execute(
                        sql.SQL("drop database if exists {}").format(sql.Identifier(old))
                    )
        return name

    def _build_template(self, connection: psycopg.Connection, name: str) -> None:
        # Built under another name, so that a failed migration leaves no half template.
        draft = f"arm_draft_{uuid4().hex[:12]}"
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(draft)))
        try:
            self._prepare(draft)
            migrate_all(self._urls.of_database(draft))
            connection.execute(
                sql.SQL("alter database {} rename to {}").format(
                    sql.Identifier(draft), sql.Identifier(name)
                )
            )
        finally:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(draft))
            )


def schema_digest() -> str:
    """A name for the schema's state: the history and the pipes that add to it."""
    package = Path(armarium.__file__).parent
    sources = [
        *scripts_folder().rglob("*.py"),
        *(package / "platform" / "database").glob("*.py"),
        *(package / "platform" / "workflows").glob("*.py"),
        *(package / "platform" / "postgres").glob("roles.py"),
        *(package / "entry").glob("migrating.py"),
    ]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def external_admin_url() -> str | None:
    """The server given by the developer or CI, or by the session's first process."""
    return os.environ.get("ARMARIUM_TEST_DATABASE_URL") or None


@contextmanager
def embedded_server() -> Iterator[Server]:
    """The product's own embedded PostgreSQL in a private folder, without durability.

    Role passwords become those derived from the administrator's, so that its URL alone tells
    another xdist worker all that it needs. A database is hundreds of files, copied and dropped once
    a test: in memory that takes a fraction of the processor time that it takes on a disk.
    """
    with (
        TemporaryDirectory(prefix="armarium-tests-", dir=memory_folder()) as data,
        Cluster.own(Path(data), overrides=CARELESS) as cluster,
    ):
        admin_url = cluster.urls.admin
        prepare_server(admin_url, derived_passwords(admin_url))
        yield Server(admin_url)
    shutil.rmtree(cluster.runtime, ignore_errors=True)


def memory_folder() -> Path | None:
    """A folder that lies in memory, where there is one with room; None for the usual disk."""
    if not (IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK)):
        return None
    return IN_MEMORY if shutil.disk_usage(IN_MEMORY).free >= LEAST_MEMORY_BYTES else None
