"""`armarium catalogue`: reference catalogues in, listed, and out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar, cast, get_args

import typer

from armarium.entry.terminal import CommandError, put_json, put_rows, say

app = typer.Typer(
    help="Reference catalogues that items are identified against.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
T = TypeVar("T")


def with_house(run: Callable[[Any], Awaitable[T]]) -> T:
    """Run in a wired house on this machine's database; a refusal becomes one clear line."""
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, for these only
    from armarium.entry.settings import Settings  # noqa: PLC0415  # same
    from armarium.entry.wiring import build  # noqa: PLC0415  # same
    from armarium.platform.errors import Problem  # noqa: PLC0415  # same

    settings = Settings()

    async def inside() -> T:
        house = build(settings, cluster.urls)
        try:
            return await run(house)
        finally:
            await house.database.close()

    with database_for(settings) as cluster:
        try:
            return asyncio.run(inside())
        except Problem as problem:
            raise CommandError(problem.detail) from problem


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The catalogue file, plain or gzip.")],
    *,
    file_format: Annotated[str, typer.Option("--format", help="tcgdex, tate, tarot, csv or marc.")],
    catalogue: Annotated[
        str | None, typer.Option(help="Its name; the short name is made from it. Else by format.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name to show.")] = None,
    kind: Annotated[
        str | None, typer.Option(help="card, book, art, generic; else guessed.")
    ] = None,
    licence: Annotated[str | None, typer.Option(help="Licence of the data.")] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="CSV: COLUMN=field, repeated; COLUMN=- leaves it out."),
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Of CSV or MARC, such as cp1251.")] = None,
    as_json: Json = False,
) -> None:
    """Import a catalogue file; after a kill it goes on where it was, and twice changes nothing."""
    from armarium.features.catalogue import CatalogueImporter, ImportOptions  # noqa: PLC0415  # heavy
    from armarium.features.catalogue.models import Format  # noqa: PLC0415  # same
    from armarium.features.catalogue.service.uploading import parse_mapping  # noqa: PLC0415  # same
    from armarium.platform.errors import Problem  # noqa: PLC0415  # same

    if file_format.lower() not in get_args(Format):
        raise CommandError(f"--format is one of: {', '.join(get_args(Format))}.", code=2)
    if not file.is_file():
        raise CommandError(f"There is no file {file}.", code=2)
    try:
        columns = parse_mapping(mapping or [])
    except Problem as problem:
        raise CommandError(f"--map: {problem.detail}", code=2) from problem

    async def run(house: Any) -> dict[str, Any]:
        options = ImportOptions(
            path=file.resolve(),
            format=cast("Format", file_format.lower()),
            slug=catalogue,
            name=name,
            kind=kind,
            licence=licence,
            mapping=columns,
            encoding=encoding,
        )
        with _Bar(file.name) as bar:
            return asdict(await house.get(CatalogueImporter).run(options, bar))

    report = with_house(run)
    if as_json:
        put_json(report)
    else:
        _tell(report)


class _Bar:
    """A progress bar on the terminal; plain lines when the output goes elsewhere."""

    def __init__(self, name: str) -> None:
        from rich.console import Console  # noqa: PLC0415  # 30 ms that other commands do not need
        from rich.progress import (  # noqa: PLC0415  # same
            BarColumn,
            Progress,
            SpinnerColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30, pulse_style="cyan"),
            TextColumn("{task.completed:,.0f} records"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task(name, total=None, note="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def __call__(self, done: int, note: str) -> None:
        total = done if note == "done" else None
        self._progress.update(self._task, completed=done, total=total, note=NOTES.get(note, note))


NOTES = {"records": "", "index": "building the index", "done": "done"}


def _tell(report: dict[str, Any]) -> None:
    """The report for a person."""
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("added", "changed", "unchanged"))
    say(f"{report['catalogue']}: {report['read']:,} records read; {counts}.")
    if report["resumed_at"]:
        say(f"Went on from record {report['resumed_at']:,}.")
    if report["images"]:
        say(f"{report['images']:,} pictures; they are described in the background.")
    for title, tallies in (("Skipped", report["skipped"]), ("Left out", report["notes"])):
        for reason, tally in tallies.items():
            say(f"{title}: {tally['count']:,} {reason.replace('_', ' ')}, such as:")
            for example in tally["examples"]:
                say(f"  {example}")
    say(f"{report['entry_count']:,} entries in {report['seconds']} s.")


@app.command("list")
def list_(*, as_json: Json = False) -> None:
    """List the catalogues."""
    from armarium.features.catalogue import CatalogueService  # noqa: PLC0415  # heavy
    from armarium.platform.database import Scope  # noqa: PLC0415  # same

    async def run(house: Any) -> list[dict[str, Any]]:
        found = await house.get(CatalogueService).catalogues(Scope())
        return [asdict(each) for each in found]

    rows = with_house(run)
    put_rows(rows, ("slug", "name", "kind", "entry_count", "state", "licence"), as_json=as_json)


@app.command("remove")
def remove(
    slug: Annotated[str, typer.Argument(help="Short name of the catalogue.")],
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Really; without it nothing is deleted.")
    ] = False,
) -> None:
    """Delete a catalogue with its entries. Items keep what they took from it."""
    from armarium.features.catalogue import CatalogueService  # noqa: PLC0415  # heavy
    from armarium.platform.database import Scope  # noqa: PLC0415  # same

    async def run(house: Any) -> int:
        service = house.get(CatalogueService)
        found = [each for each in await service.catalogues(Scope()) if each.slug == slug]
        if not found:
            raise CommandError(f"There is no catalogue {slug}.")
        if yes:
            await service.remove_as_operator(slug)
        return int(found[0].entry_count)

    count = with_house(run)
    say(f"{slug}: {count:,} entries {'deleted' if yes else 'would be deleted; add --yes'}.")
