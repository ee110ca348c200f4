"""`armarium demo`: a living collection to look at, and its removal."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer

from armarium.entry.settings import Settings
from armarium.entry.terminal import CommandError, put_record, say


def demo(
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Erase it with all it holds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a demonstration account with a small collection, drawn by the program itself."""
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, for this one only
    from armarium.entry.demo import DemoExists, Demonstration  # noqa: PLC0415  # same
    from armarium.entry.wiring import build  # noqa: PLC0415  # same

    settings = Settings()

    async def act() -> dict[str, object]:
        house = build(settings, cluster.urls)
        demonstration = Demonstration(house)
        try:
            if remove:
                return {"removed": await demonstration.remove()}
            return asdict(await demonstration.add(watch))
        except DemoExists:
            raise CommandError(
                "The demonstration is here already. `armarium demo --remove` erases it."
            ) from None
        finally:
            await house.database.close()

    def watch(done: int, total: int) -> None:
        if done in {0, total} or done % 7 == 0:
            say(f"Drawing {done} of {total} ...")

    with database_for(settings) as cluster:
        done = asyncio.run(act())
    if remove and not done["removed"]:
        raise CommandError("There is no demonstration here.")
    put_record(done, as_json=as_json)
    if not remove:
        say(f"Log in at {settings.base_url} with this address and password.")
        say("What is in its photo waits in the review, some seconds after the server runs.")
