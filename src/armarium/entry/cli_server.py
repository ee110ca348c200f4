"""Commands that run the product or look after it."""

import os
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer

from armarium.entry.settings import Settings
from armarium.entry.terminal import put_record, say

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def up(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of the web app and the API.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of everything that is kept.")] = None,
) -> None:
    """Start everything: database, API with the web app, workers."""
    from armarium.entry.settings_unknown import unknown_settings  # noqa: PLC0415  # only this one
    from armarium.entry.up import up as run  # noqa: PLC0415  # same

    # The children read the same settings again.
    for name, value in (("HOST", host), ("PORT", port), ("DATA", data)):
        if value is not None:
            os.environ[f"ARMARIUM_{name}"] = str(value)
    settings = Settings()
    for line in unknown_settings():
        say(line)
    run(settings)


def api() -> None:
    """Run the API and the web app alone."""
    from armarium.entry.api import main  # noqa: PLC0415  # only this command needs it

    main()


def doctor(*, as_json: Json = False) -> None:
    """Check this installation and say what to do about what is wrong."""
    from armarium.entry.doctor import doctor as run  # noqa: PLC0415  # only this command needs it

    raise typer.Exit(run(Settings(), as_json=as_json))


def migrate(*, as_json: Json = False) -> None:
    """Bring the database to this program's shape."""
    from armarium.entry.databases import migrate as run  # noqa: PLC0415  # only this command

    run(Settings())
    put_record({"migrated": True}, as_json=as_json)


def version(*, as_json: Json = False) -> None:
    """Print the version."""
    put_record({"armarium": version_of("armarium")}, as_json=as_json)
