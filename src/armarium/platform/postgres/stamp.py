"""Whether a database already has this program's shape, asked without the migration's libraries.

Importing those costs a second of every start. After a migration the tables carry a stamp made of
the scripts that ran; while scripts and revision are the same, there is nothing to do.
"""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import psycopg
from psycopg import sql

from armarium.platform.postgres.urls import libpq

READ = """
select v.version_num, obj_description('public.alembic_version'::regclass) from alembic_version v
"""


def scripts_folder() -> Path:
    """The folder with env.py: packed into the wheel, or beside `src` in a checkout."""
    packed = Path(str(files("armarium"))) / "_migrations"
    return packed if packed.is_dir() else Path(__file__).parents[4] / "migrations"


def is_stamped(migrator_url: str) -> bool:
    """Whether the database behind `migrator_url` was brought to exactly this shape."""
    try:
        with psycopg.connect(libpq(migrator_url), autocommit=True) as connection:
            row = connection.execute(READ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return False
    return row == (newest_revision(), shape())


def stamp(migrator_url: str) -> None:
    """Write down that every script of this program has run."""
    with psycopg.connect(libpq(migrator_url), autocommit=True) as connection:
        connection.execute(
            sql.SQL("comment on table alembic_version is {}").format(sql.Literal(shape()))
        )


def newest_revision() -> str:
    """By the files' names, which begin with the revision; a test compares with Alembic's head."""
    return max(path.name.partition("_")[0] for path in _scripts())


def shape() -> str:
    """A digest of the scripts, the workflow engine's version and what is added to its schema."""
    digest = hashlib.sha256(version("dbos").encode())
    engine = Path(__file__).parents[1] / "workflows" / "migrate.py"
    for path in (*sorted(_scripts()), engine):
        digest.update(path.read_bytes())
    return f"armarium {digest.hexdigest()[:32]}"


def _scripts() -> Iterable[Path]:
    return (scripts_folder() / "versions").glob("[0-9]*.py")
