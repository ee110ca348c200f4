"""`armarium mail`: read the letters of a machine that has no mail server."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from armarium.entry.settings import Settings
from armarium.entry.terminal import CommandError, plain, put_record, put_rows, say

COLUMNS = ("letter", "to", "subject", "date")

app = typer.Typer(
    help="Letters that were written into the folder, where no mail server is set.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def mail() -> None:
    """Letters that were written into the folder, where no mail server is set."""


@app.command("list")
def list_letters(
    *,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 20,
    as_json: Json = False,
) -> None:
    """The newest letters, newest first."""
    folder = _folder()
    rows = [
        {"letter": file.stem, "to": found["To"], "subject": found["Subject"], "date": found["Date"]}
        for file, found in ((file, _read(file)) for file in _files(folder)[:limit])
    ]
    if not rows:
        say(f"No letters in {folder}.")
    put_rows(rows, COLUMNS, as_json=as_json)


@app.command("show")
def show(
    letter: Annotated[
        str | None,
        typer.Argument(help="As the list names it, or its beginning; else the newest."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """One letter with its text; without a name the newest."""
    files = _files(_folder())
    chosen = next((file for file in files if file.stem.startswith(letter or "")), None)
    if chosen is None:
        raise CommandError("There is no such letter; see `armarium mail list`.")
    found = _read(chosen)
    body = found.get_body(("plain",))
    text = "" if body is None else str(body.get_content()).replace("\r\n", "\n").strip()
    about = {"to": found["To"], "subject": found["Subject"], "date": found["Date"]}
    if as_json:
        put_record({"letter": chosen.stem, **about, "text": text}, as_json=True)
        return
    put_record(about)
    typer.echo(f"\n{plain(text)}")


def _folder() -> Path:
    settings = Settings()
    if settings.mail.host is not None:
        raise CommandError(f"Letters go to the mail server {settings.mail.host}, not to a folder.")
    return settings.mail_folder


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)


def _read(file: Path) -> EmailMessage:
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
