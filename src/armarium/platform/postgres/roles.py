"""Roles, database and extension: what must exist before the first migration.

The migrator cannot create `vector` (it is not a trusted extension), and the app role must not
own anything that row-level security is to bind; so the administrator makes both once.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping

import psycopg
from psycopg import sql

from armarium.platform.postgres.errors import ServerUnusable
from armarium.platform.postgres.locks import take_lock
from armarium.platform.postgres.names import APP_ROLE, MIGRATOR_ROLE, ROLES, WORKER_ROLE
from armarium.platform.postgres.urls import (
    DatabaseUrls,
    libpq,
    parse,
    role_urls,
    with_database,
)

MIN_SERVER = 180000
MIN_VECTOR = (0, 8)
LOCK_KEY = 0x41524D01
"""Advisory lock of role and extension creation: two processes of a fleet may start at once."""
CONCURRENT = (
    psycopg.errors.InternalError_,  # "tuple concurrently updated"
    psycopg.errors.UniqueViolation,
    psycopg.errors.DuplicateObject,
)
"""Roles belong to the whole server, advisory locks to one database: another may be as busy."""
CONCURRENT_ATTEMPTS = 20
CONCURRENT_PAUSE_S = 0.1


def derived_passwords(admin_url: str) -> dict[str, str | None]:
    """Role passwords computed from the administrator's, so that a fleet agrees without a file.

    HMAC-SHA256 keyed by the password in the URL. A server that needs no password from the
    administrator (peer, trust, certificate) needs none from the roles either.
    """
    secret = parse(admin_url).password
    if not secret:
        return dict.fromkeys(ROLES)
    return {
        role: hmac.new(
            str(secret).encode(), f"armarium {role}".encode(), hashlib.sha256
        ).hexdigest()
        for role in ROLES
    }


def prepare_server(admin_url: str, passwords: Mapping[str, str | None]) -> DatabaseUrls:
    """Create what is missing of roles, database and extension; return the four doors.

    Args:
        admin_url: URL of the application's database, as a role that may create roles. The
            database itself may be missing yet.
        passwords: one a role; None leaves the role's password alone.

    Raises:
        ServerUnusable: naming the first thing that is missing and may not be created.
    """
    create_database(admin_url)
    with _connect(admin_url) as connection:
        _require_version(connection)
        take_lock(connection, LOCK_KEY)
        for attempt in range(CONCURRENT_ATTEMPTS):
            try:
                _ensure_roles(connection, passwords)
                _ensure_extension(connection)
                _ensure_ownership(connection)
                break
            except CONCURRENT:
                if attempt + 1 == CONCURRENT_ATTEMPTS:
                    raise
                time.sleep(CONCURRENT_PAUSE_S)
    return role_urls(admin_url, dict(passwords))


def create_database(admin_url: str) -> None:
    """Create the URL's database when the server does not have it yet."""
    name = parse(admin_url).database
    if not name:
        raise ServerUnusable("The database URL names no database: end it with /armarium.")
    try:
        psycopg.connect(libpq(admin_url), connect_timeout=10).close()
    except psycopg.OperationalError as error:
        if not _is_missing_database(error, name):
            raise ServerUnusable(f"The database server refused the connection: {error}") from error
    else:
        return
    with _connect(with_database(admin_url, "postgres")) as connection:
        try:
            connection.execute(
                sql.SQL("create database {} template template0 encoding 'UTF8'").format(
                    sql.Identifier(name)
                )
            )
        except psycopg.errors.DuplicateDatabase:
            return
        except psycopg.errors.InsufficientPrivilege as error:
            raise ServerUnusable(
                f"The database {name} does not exist and this role may not create it. "
                f'Run as administrator: create database "{name}"'
            ) from error


def _is_missing_database(error: psycopg.OperationalError, name: str) -> bool:
    # psycopg gives no sqlstate for errors at connection time.
    return f'database "{name}" does not exist' in str(error)


def _connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(libpq(url), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise ServerUnusable(f"The database server refused the connection: {error}") from error


def _require_version(connection: psycopg.Connection) -> None:
    if connection.info.server_version < MIN_SERVER:
        found = connection.info.parameter_status("server_version")
        raise ServerUnusable(f"Armarium needs PostgreSQL 18 or later; this server is {found}.")


def _ensure_roles(connection: psycopg.Connection, passwords: Mapping[str, str | None]) -> None:
    present = {
        row[0]
        for row in connection.execute(
            "select rolname from pg_roles where rolname = any (%s)", (list(ROLES),)
        )
    }
    try:
        for role in ROLES:
            name = sql.Identifier(role)
            if role not in present:
                connection.execute(sql.SQL("create role {} login").format(name))
            if (password := passwords.get(role)) is not None:
                connection.execute(
                    sql.SQL("alter role {} login password {}").format(name, sql.Literal(password))
                )
    except psycopg.errors.InsufficientPrivilege as error:
        missing = ", ".join(role for role in ROLES if role not in present) or "their passwords"
        raise ServerUnusable(
            f"This role may not create the roles that Armarium needs ({missing}). Run as "
            "administrator: create role arm_migrator login; create role arm_app login; "
            "create role arm_wf login; and give their URLs as ARMARIUM_MIGRATOR_DATABASE_URL, "
            "ARMARIUM_APP_DATABASE_URL and ARMARIUM_WORKER_DATABASE_URL."
        ) from error
    _require_bound(connection)


def check_roles(migrator_url: str) -> None:
    """For roles that an administrator made by hand.

    Raises:
        ServerUnusable: the server is too old, or a role bypasses row-level security.
    """
    with _connect(migrator_url) as connection:
        _require_version(connection)
        _require_bound(connection)


def _require_bound(connection: psycopg.Connection) -> None:
    """A role above row-level security would see every space; refuse to run with one."""
    loose = [
        row[0]
        for row in connection.execute(
            "select rolname from pg_roles where rolname = any (%s) and (rolsuper or rolbypassrls)",
            ([APP_ROLE, WORKER_ROLE],),
        )
    ]
    if loose:
        raise ServerUnusable(
            f"The role {loose[0]} bypasses row-level security. Run as administrator: "
            f"alter role {loose[0]} nosuperuser nobypassrls"
        )


def _ensure_extension(connection: psycopg.Connection) -> None:
    try:
        connection.execute("create extension if not exists vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServerUnusable(
            "The extension vector is missing and this role may not create it. Run as "
            "administrator, in this database: create extension vector"
        ) from error
    except (psycopg.errors.UndefinedFile, psycopg.errors.FeatureNotSupported) as error:
        raise ServerUnusable(
            "This server does not have the extension vector. Install pgvector 0.8 or later "
            "(package postgresql-18-pgvector), then start again."
        ) from error
    row = connection.execute(
        "select extversion from pg_extension where extname = 'vector'"
    ).fetchone()
    version = "0" if row is None else str(row[0])
    if tuple(int(part) for part in version.split(".")[:2]) < MIN_VECTOR:
        raise ServerUnusable(
            f"Armarium needs pgvector 0.8 or later; this database has {version}. Run as "
            "administrator: alter extension vector update"
        )


def _ensure_ownership(connection: psycopg.Connection) -> None:
    """The migrator may create schemas and tables; the others may only look in."""
    database = sql.Identifier(connection.info.dbname)
    migrator, app, worker = (sql.Identifier(r) for r in (MIGRATOR_ROLE, APP_ROLE, WORKER_ROLE))
    try:
        connection.execute(
            sql.SQL("grant connect, create, temporary on database {} to {}").format(
                database, migrator
            )
        )
        connection.execute(
            sql.SQL("grant connect on database {} to {}, {}").format(database, app, worker)
        )
        connection.execute(sql.SQL("grant create, usage on schema public to {}").format(migrator))
        connection.execute(sql.SQL("grant usage on schema public to {}, {}").format(app, worker))
        # So that a migration can hand a function over to the worker's role.
        connection.execute(
            sql.SQL("grant {} to {} with inherit true, set true").format(worker, migrator)
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServerUnusable(
            "This role may not grant the migrator its rights. Run as administrator, in this "
            "database: grant create on database current to arm_migrator; "
            "grant create, usage on schema public to arm_migrator"
        ) from error
