"""Commands about accounts: making one on this machine, logging in to a server."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from armarium.entry import browser_login, credentials
from armarium.entry.remote import Remote
from armarium.entry.settings import Settings
from armarium.entry.terminal import NOT_LOGGED_IN, CommandError, put_record, put_rows, say

if TYPE_CHECKING:
    from armarium.entry.house import House

T = TypeVar("T")

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


@user.command("invite")
def invite(
    address: Annotated[
        str | None, typer.Argument(help="Whom to send it to; empty prints a link for anybody.")
    ] = None,
    *,
    role: Annotated[str, typer.Option(help="user, moderator or admin.")] = "user",
    uses: Annotated[int, typer.Option(help="How many accounts.", min=1, max=1000)] = 1,
    days: Annotated[int, typer.Option(help="How long it is good.", min=1, max=90)] = 7,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Invite somebody to a server that you administer."""
    body = {"email": address, "role": role, "uses": uses, "expires_in_days": days}
    made = Remote(url).json("POST", "/api/v1/admin/invitations", json=body)
    invitation = made["invitation"]
    shown = {"url": made["url"], "role": invitation["role"], "expires": invitation["expires_at"]}
    put_record(shown, as_json=as_json)


@user.command("list")
def list_people(
    text: Annotated[str | None, typer.Argument(help="In the address or the name.")] = None,
    *,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List people of a server that you administer, the newest first."""
    asked = {"limit": 200, **({"q": text} if text else {})}
    people = Remote(url).rows("/api/v1/admin/users", params=asked)
    put_rows(people, ("id", "email", "role", "created_at", "disabled_at"), as_json=as_json)


@user.command("role")
def change_role(
    email: Email,
    role: Annotated[str, typer.Argument(help="user, moderator or admin.")],
    *,
    as_json: Json = False,
) -> None:
    """Change what somebody may do on this machine's server."""
    from armarium.features.accounts import Administration  # noqa: PLC0415  # heavy, for these only

    if role not in {"user", "moderator", "admin"}:
        raise CommandError("The role is user, moderator or admin.", code=2)
    _account(email, lambda house, who: house.get(Administration).change_role(None, who, role))
    put_record({"email": email, "role": role}, as_json=as_json)


@user.command("disable")
def disable(email: Email, *, as_json: Json = False) -> None:
    """Lock an account of this machine's server; `user enable` opens it again."""
    from armarium.features.accounts import Administration  # noqa: PLC0415  # same

    _account(email, lambda house, who: house.get(Administration).disable(None, who))
    put_record({"email": email, "disabled": True}, as_json=as_json)


@user.command("enable")
def enable(email: Email, *, as_json: Json = False) -> None:
    """Open a locked account of this machine's server."""
    from armarium.features.accounts import Administration  # noqa: PLC0415  # same

    _account(email, lambda house, who: house.get(Administration).enable(None, who))
    put_record({"email": email, "disabled": False}, as_json=as_json)


def _account(email: str, act: Callable[["House", UUID], Awaitable[object]]) -> None:
    from armarium.features.accounts import Registration  # noqa: PLC0415  # same

    async def run(house: "House") -> None:
        person = await house.get(Registration).find(email)
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        await act(house, person.id)

    _here(run)


@user.command("reset-link")
def reset_link(email: Email, *, as_json: Json = False) -> None:
    """Print a link to choose a new password, for somebody who gets no letters."""
    from armarium.features.accounts import Recovery  # noqa: PLC0415  # heavy, for this one only

    link = _here(lambda house: house.get(Recovery).link_for(email))
    put_record({"email": email, "url": link}, as_json=as_json)


@user.command("reset-second-factor")
def reset_second_factor(email: Email, *, as_json: Json = False) -> None:
    """Take away the second factors of somebody who lost all of them; their sessions end."""
    from armarium.features.accounts import Factors  # noqa: PLC0415  # heavy, for this one only

    removed = _here(lambda house: house.get(Factors).remove_all(email))
    put_record({"email": email, "removed": removed}, as_json=as_json)


@user.command("create")
def create(
    email: Email,
    *,
    admin: Annotated[bool, typer.Option(help="May run the server.")] = False,
    password_stdin: PasswordStdin = False,
    as_json: Json = False,
) -> None:
    """Make an account, talking to this machine's database directly."""
    from armarium.features.accounts import Registration  # noqa: PLC0415  # heavy, for this one only

    password = ask_password(stdin=password_stdin, confirm=True)
    made = _here(lambda house: house.get(Registration).create(email, password, admin=admin))
    put_record({"id": made.id, "email": made.email, "role": made.role}, as_json=as_json)


def _here(act: Callable[["House"], Awaitable[T]]) -> T:
    """Run one act against this machine's database."""
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, for these only
    from armarium.entry.wiring import build  # noqa: PLC0415  # same

    settings = Settings()

    async def run() -> T:
        house = build(settings, cluster.urls)
        try:
            return await act(house)
        finally:
            await house.database.close()

    with database_for(settings) as cluster:
        return asyncio.run(run())


def login(
    email: Annotated[
        str | None, typer.Argument(help="E-mail address; without one the browser opens.")
    ] = None,
    *,
    url: Url = None,
    password_stdin: PasswordStdin = False,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Keep an API key from standard input instead.")
    ] = False,
    code: Annotated[
        str | None, typer.Option(help="Second factor: from the app, or a recovery code.")
    ] = None,
) -> None:
    """Log in to a server and keep the tokens in your private configuration folder.

    By the browser, where every way of logging in works; or with an e-mail address and a password,
    or with an API key, where there is no browser on this machine.
    """
    remote = Remote(url, at_login=True)
    if key_stdin:
        credentials.check_writable()
        me = remote.keep_key(sys.stdin.readline().strip())
        say(f"Kept a key for {remote.url} of {me}.")
        return
    if email is None:
        if password_stdin:
            raise CommandError("Name the e-mail address beside the password.", code=2)
        say(f"Logged in to {remote.url} as {browser_login.log_in(remote, show=show_page)}.")
        return
    password = ask_password(stdin=password_stdin, confirm=False)
    remote.log_in(email, password, second_factor=lambda methods: code or ask_code(methods))
    say(f"Logged in to {remote.url} as {email}.")


def show_page(address: str) -> None:
    """Open the browser; the address is printed, too, for where none opens."""
    import webbrowser  # noqa: PLC0415  # for this one only

    say(f"Log in in the browser of this machine:\n  {address}")
    webbrowser.open(address)


def logout(*, url: Url = None) -> None:
    """End the session and forget it."""
    remote = Remote(url)
    if remote.log_out():
        say("Logged out.")
    else:
        say(f"Logged out here; the session at {remote.url} could not be ended.")


def whoami(*, url: Url = None, as_json: Json = False) -> None:
    """Print who is logged in, and where."""
    remote = Remote(url)
    me = remote.json("GET", "/api/v1/me")
    shown = {"server": remote.url, "email": me["email"], "role": me["role"], "id": me["id"]}
    put_record(shown, as_json=as_json)


def ask_code(methods: Sequence[str]) -> str:
    """The second factor, typed; a passkey needs a browser."""
    if not {"totp", "recovery_code"} & set(methods):
        raise CommandError(
            "This account has a passkey only, which needs a browser. Make an API key there and "
            "use --key-stdin.",
            code=NOT_LOGGED_IN,
        )
    if not sys.stdin.isatty():
        raise CommandError("The account has a second factor; add --code.", code=NOT_LOGGED_IN)
    return typer.prompt("Code from your app, or a recovery code")


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
