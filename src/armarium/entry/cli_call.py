"""`armarium call` and `armarium export`: the API from a shell."""

import sys
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from armarium.entry.call import call as send
from armarium.entry.call import find, operations_of
from armarium.entry.remote import Remote, json_of, refuse, stranger
from armarium.entry.terminal import CommandError, json_text, put_json, put_rows, say

Url = Annotated[
    str | None, typer.Option(help="Server; else ARMARIUM_URL, the last login, or this machine.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write instead of printing.")
]

FORMS = ("csv", "json")


def call(
    operation_id: Annotated[
        str | None, typer.Argument(help="Operation, such as items_list; see --list.")
    ] = None,
    *,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", help="name=value, for path, query or header."),
    ] = None,
    body: Annotated[
        str | None, typer.Option("--body", "-b", help="JSON, @file, or - for standard input.")
    ] = None,
    file: Annotated[
        list[str] | None, typer.Option("--file", "-f", help="File to upload: path or field=path.")
    ] = None,
    output: Output = None,
    every_page: Annotated[bool, typer.Option("--all", help="Follow the list to its end.")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="List the operations.")] = False,
    describe: Annotated[bool, typer.Option("--describe", help="Show what it takes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON (the default).")] = False,
    url: Url = None,
) -> None:
    """Call any operation of the API; prints its JSON."""
    remote = Remote(url)
    if show_list or operation_id is None:
        _list(remote, as_json=as_json)
    elif describe:
        _describe(remote, operation_id)
    else:
        answers = send(remote, operation_id, params=param or [], body=body, files=file or [])
        first = next(answers)
        if every_page:
            rows = json_of(first)
            for answer in answers:
                rows += json_of(answer)
            if output is None:
                put_json(rows)
            else:
                _write(output, json_text(rows).encode(errors="backslashreplace"))
        else:
            _put(first, output)


def export(
    form: Annotated[str, typer.Argument(help="csv or json.")] = "csv",
    *,
    output: Output = None,
    url: Url = None,
) -> None:
    """Export your whole collection from a server."""
    if form not in FORMS:
        ending = Path(form).suffix.removeprefix(".").lower()
        example = f"{ending} --output {form}" if ending in FORMS else "csv --output collection.csv"
        raise CommandError(
            f"The format is csv or json; a file comes after it: armarium export {example}", code=2
        )
    answer = Remote(url).send("GET", f"/api/v1/export/{form}")
    refuse(answer)
    if form not in answer.headers.get("content-type", ""):
        raise stranger(answer)
    _put(answer, output)


def _list(remote: Remote, *, as_json: bool) -> None:
    rows = [
        {"operation": item.id, "request": f"{item.method} {item.path}", "summary": item.summary}
        for item in sorted(operations_of(remote.document()).values(), key=lambda item: item.id)
    ]
    put_rows(rows, ["operation", "request", "summary"], as_json=as_json)


def _describe(remote: Remote, operation_id: str) -> None:
    document = remote.document()
    operation = find(operations_of(document), operation_id)
    put_json(document["paths"][operation.path][operation.method.lower()])


def _json(answer: httpx2.Response) -> object:
    is_json = "json" in answer.headers.get("content-type", "")
    return json_of(answer) if is_json and answer.content else None


def _put(answer: httpx2.Response, output: Path | None) -> None:
    if output is not None:
        _write(output, answer.content)
    elif (data := _json(answer)) is not None:
        put_json(data)
    elif answer.content:
        sys.stdout.buffer.write(answer.content)
        sys.stdout.buffer.flush()


def _write(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    say(f"{len(content)} bytes in {file}")
