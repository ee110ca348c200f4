"""What a database is like: for `armarium doctor` and for the tests of the schema."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

import psycopg

from armarium.platform.postgres.names import APP_ROLE, ROLES, WORKER_ROLE
from armarium.platform.postgres.urls import libpq

TENANT_TABLES = """
select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attname = 'space_id' and not a.attisdropped
where c.relkind in ('r', 'p') and n.nspname = 'public' and not c.relispartition
order by c.relname
"""
POLICIES = """
select cmd from pg_policies
where schemaname = 'public' and tablename = %s and roles && array['public', 'arm_app']::name[]
"""
VERBS = {"SELECT", "INSERT", "UPDATE", "DELETE"}


class Wire(StrEnum):
    """Who could read or answer what goes to the server and back."""

    LOCAL = "local"
    """It never leaves the machine."""
    VERIFIED = "verified"
    """TLS, and the server has shown that it is the one."""
    UNVERIFIED = "unverified"
    """TLS with whoever answered: no protection from somebody in between."""
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Facts, not judgments."""

    server: str
    wire: Wire
    vector: str | None
    missing_roles: tuple[str, ...]
    loose_roles: tuple[str, ...]
    """Roles that bypass row-level security though it is to bind them."""
    revision: str | None
    unpoliced: tuple[str, ...]
    size_bytes: int
    connections: int


def inspect(url: str) -> Inspection:
    """Look at the database behind `url`; any role may."""
    with psycopg.connect(libpq(url), autocommit=True, connect_timeout=10) as connection:
        roles = {
            row[0]: bool(row[1])
            for row in connection.execute(
                "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = any (%s)",
                (list(ROLES),),
            )
        }
        return Inspection(
            server=connection.info.parameter_status("server_version") or "unknown",
            wire=wire_of(connection),
            vector=_one(connection, "select extversion from pg_extension where extname = 'vector'"),
            missing_roles=tuple(role for role in ROLES if role not in roles),
            loose_roles=tuple(role for role in (APP_ROLE, WORKER_ROLE) if roles.get(role)),
            revision=_revision(connection),
            unpoliced=unpoliced_tables(connection),
            size_bytes=int(_one(connection, "select pg_database_size(current_database())") or 0),
            connections=int(_one(connection, "select count(*) from pg_stat_activity") or 0),
        )


def wire_of(connection: psycopg.Connection) -> Wire:
    """How this connection reaches its server."""
    if connection.pgconn.ssl_in_use:
        mode = connection.info.get_parameters().get("sslmode", "")
        return Wire.VERIFIED if mode.startswith("verify-") else Wire.UNVERIFIED
    address = connection.info.hostaddr
    return Wire.LOCAL if not address or ip_address(address).is_loopback else Wire.PLAIN


def unpoliced_tables(connection: psycopg.Connection) -> tuple[str, ...]:
    """Tables with `space_id` whose rows are not held by forced row-level security.

    One policy for all verbs is none here: it lets whoever reads a row write it, too.
    """
    loose: list[str] = []
    for _oid, table, enabled, forced in connection.execute(TENANT_TABLES).fetchall():
        verbs = {row[0] for row in connection.execute(POLICIES, (table,))}
        if not (enabled and forced and verbs == VERBS):
            loose.append(table)
    return tuple(loose)


def _revision(connection: psycopg.Connection) -> str | None:
    if _one(connection, "select to_regclass('public.alembic_version')::text") is None:
        return None
    try:
        return _one(connection, "select version_num from alembic_version")
    except psycopg.errors.InsufficientPrivilege:
        return None


def _one(connection: psycopg.Connection, query: str) -> str | None:
    row = connection.execute(query.encode()).fetchone()
    return None if row is None or row[0] is None else str(row[0])
