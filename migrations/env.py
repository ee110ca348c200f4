"""Alembic's entry: runs as the migrator, one runner at a time, with row-level security refused.

Tables with FORCE ROW LEVEL SECURITY hide their rows from their owner too; `row_security = off`
makes a data migration fail loudly instead of silently touching nothing.
"""

import os
import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from armarium.platform.database import Base
from armarium.platform.database.migrations import LOCK_KEY
from armarium.platform.postgres.locks import give_lock, take_lock

FOREIGN_SCHEMAS = {"dbos"}
"""Schemas that another program's own migrations own."""


def import_tables() -> None:
    """Every `tables.py` of a room or a pipe registers itself in `Base.metadata`.

    For comparing only: an upgrade runs the history alone, so it neither waits for the program's
    imports nor depends on them.
    """
    for floor in ("armarium.features", "armarium.platform"):
        package = import_module(floor)
        for room in pkgutil.iter_modules(package.__path__, f"{floor}."):
            if room.ispkg and find_spec(f"{room.name}.tables"):
                import_module(f"{room.name}.tables")
    for table in Base.metadata.tables.values():
        for index in [one for one in table.indexes if not is_comparable(one.name)]:
            table.indexes.discard(index)


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    return not (kind == "schema" and name in FOREIGN_SCHEMAS)


def is_comparable(index: str | None) -> bool:
    """Alembic cannot compare an expression with an operator class; EXPLAIN tests prove those."""
    return index is None or "_hnsw" not in index


def include_object(_item: Any, name: str | None, kind: str, *_: Any) -> bool:
    return kind != "index" or is_comparable(name)


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        include_object=include_object,
        compare_type=True,
        compare_server_default=False,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def compares() -> bool:
    """Whether Alembic was asked to compare: `alembic check`, `alembic revision`, or our check."""
    command = getattr(context.config.cmd_opts, "cmd", None)
    asked = command is not None and command[0].__name__ in {"check", "revision"}
    return asked or bool(context.config.attributes.get("compare"))


def main() -> None:
    if compares():
        import_tables()
    url = context.config.attributes.get("url") or os.environ["ARMARIUM_MIGRATOR_DATABASE_URL"]
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("set row_security = off"))
        connection.commit()
        session = connection.connection.driver_connection
        take_lock(session, LOCK_KEY)
        try:
            run(connection)
        finally:
            connection.rollback()
            give_lock(session, LOCK_KEY)


main()
