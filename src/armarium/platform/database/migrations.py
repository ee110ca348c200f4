"""Running the schema's history, from a checkout or from an installed wheel."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

LOCK_KEY = 0x41524D02
"""Advisory lock held while migrating: two starts at once run the history one after the other."""


def scripts_folder() -> Path:
    """The folder with env.py: packed into the wheel, or beside `src` in a checkout."""
    packed = Path(str(files("armarium"))) / "_migrations"
    if packed.is_dir():
        return packed
    return Path(__file__).parents[4] / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for `url` (the migrator's), without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(scripts_folder()).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema up to `revision`, as the migrator. Nothing happens when it is there."""
    command.upgrade(alembic_config(url), revision)


def current(url: str) -> str | None:
    """The revision that the database is at; None before the first migration."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision that this program knows."""
    found = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    return found or ""


def history() -> Iterable[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(alembic_config(""))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]
