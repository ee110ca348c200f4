"""`armarium search WORDS…`: find things of the collection, from the command line."""

from typing import Annotated

import typer

from armarium.entry.remote import Remote
from armarium.entry.terminal import put_rows, say

COLUMNS = ("title", "subtitle", "kind", "status", "item_id")


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            help='What to find. In quotation marks, as the web takes it: `"a phrase" -without`.'
        ),
    ],
    *,
    mode: Annotated[
        str, typer.Option(help="bm25 (words), vector (meaning) or hybrid (both).")
    ] = "hybrid",
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    url: Annotated[str | None, typer.Option(help="Server, when not the one logged in to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search your things, the best first."""
    asked = {"q": " ".join(words), "mode": mode, "limit": limit, "kind": kind or []}
    found = Remote(url).json("GET", "/api/v1/search", params=asked)
    if not found and not as_json:
        say("Nothing fits.")
        return
    put_rows(found, COLUMNS, as_json=as_json)
