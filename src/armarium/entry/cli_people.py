"""Commands about accounts: making one on this machine, logging in to a server."""

import asyncio
import os
import sys
from typing import Annotated

import typer

from armarium.entry.remote import Remote
from armarium.entry.settings import Settings
from armarium.entry.terminal import NOT_LOGGED_IN, CommandError, put_record, say

user = typer.Typer(
    help="People with an account on this machine.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

Url = Annotated[
    str | None, typer.Option(help="Server; else ARMARIUM_URL, the last login, or this machine.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Email = Annotated[str, typer.Argument(help="E-mail address.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@user.callback()
def users() -> None:
    """People with an account on this machine."""


@user.command("create")
def create(
    email: Email,
    *,
    admin: Annotated[bool, typer.Option(help="May run the server.")] = False,
    password_stdin: PasswordStdin = False,
    as_json: Json = False,
) -> None:
    """Make an account, talking to this machine's database directly."""
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, for this one only
    from armarium.entry.wiring import build  # noqa: PLC0415  # same
    from armarium.features.accounts import Registration, User  # noqa: PLC0415  # same

    settings = Settings()
    password = ask_password(stdin=password_stdin, confirm=True)

    async def make() -> User:
        house = build(settings, cluster.urls)
        try:
            return await house.get(Registration).create(email, password, admin=admin)
        finally:
            await house.database.close()

    with database_for(settings) as cluster:
        made = asyncio.run(make())
    put_record({"id": made.id, "email": made.email, "role": made.role}, as_json=as_json)


def login(email: Email, *, url: Url = None, password_stdin: PasswordStdin = False) -> None:
    """Log in to a server and keep the tokens in your private configuration folder."""
    remote = Remote(url)
    remote.log_in(email, ask_password(stdin=password_stdin, confirm=False))
    say(f"Logged in to {remote.url} as {email}.")


def logout(*, url: Url = None) -> None:
    """End the session and forget it."""
    Remote(url).log_out()
    say("Logged out.")


def whoami(*, url: Url = None, as_json: Json = False) -> None:
    """Print who is logged in, and where."""
    remote = Remote(url)
    me = remote.json("GET", "/api/v1/me")
    shown = {"server": remote.url, "email": me["email"], "role": me["role"], "id": me["id"]}
    put_record(shown, as_json=as_json)


def ask_password(*, stdin: bool, confirm: bool) -> str:
    """From standard input, from `ARMARIUM_PASSWORD`, or typed unseen."""
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    if given := os.environ.get("ARMARIUM_PASSWORD"):
        return given
    if not sys.stdin.isatty():
        raise CommandError(
            "No terminal to ask for the password; use --password-stdin.", code=NOT_LOGGED_IN
        )
    return typer.prompt("Password", hide_input=True, confirmation_prompt=confirm)
