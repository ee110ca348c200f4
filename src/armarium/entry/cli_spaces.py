"""Commands about sharing: spaces and who is in them, and links for people without an account."""

from typing import Annotated, Any

import typer

from armarium.entry.remote import API, Remote
from armarium.entry.terminal import put_record, put_rows, say

spaces = typer.Typer(
    help="Households, shops and galleries, and who is in them.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
share = typer.Typer(
    help="Links that show an item, a collection or a space to people without an account.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)

Url = Annotated[
    str | None, typer.Option(help="Server; else ARMARIUM_URL, the last login, or this machine.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SpaceId = Annotated[str, typer.Argument(help="The space's id, from `armarium spaces list`.")]
InSpace = Annotated[str | None, typer.Option("--space", help="Space to act in; else your own.")]
SPACE_COLUMNS = ("id", "kind", "name", "role", "sees_money")
MEMBER_COLUMNS = ("user_id", "email", "display_name", "role", "sees_money")
LINK_COLUMNS = ("id", "target", "target_id", "label", "views", "expires_at", "revoked_at")


@spaces.command("list")
def list_spaces(*, url: Url = None, as_json: Json = False) -> None:
    """Spaces that you may act in; send one's id as X-Space, or use --space."""
    put_rows(Remote(url).json("GET", f"{API}/spaces"), SPACE_COLUMNS, as_json=as_json)


@spaces.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    *,
    kind: Annotated[str, typer.Option(help="household, shop or gallery.")] = "household",
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Make a space, with you as its owner."""
    made = Remote(url).json("POST", f"{API}/spaces", json={"name": name, "kind": kind})
    put_record(_of(made, SPACE_COLUMNS), as_json=as_json)


@spaces.command("members")
def members(space: SpaceId, *, url: Url = None, as_json: Json = False) -> None:
    """Who belongs to a space."""
    found = Remote(url).json("GET", f"{API}/spaces/{space}/members")
    put_rows(found, MEMBER_COLUMNS, as_json=as_json)


@spaces.command("invite")
def invite(
    space: SpaceId,
    *,
    role: Annotated[str, typer.Option(help="owner, editor or viewer.")] = "viewer",
    email: Annotated[
        str | None, typer.Option(help="Whom; without it, whoever uses the token first.")
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Offer somebody a place in a space; prints the token to pass on, once."""
    body = {"role": role, "email": email}
    made = Remote(url).json("POST", f"{API}/spaces/{space}/invitations", json=body)
    put_record(_of(made, ("id", "role", "email", "expires_at", "token")), as_json=as_json)


@spaces.command("join")
def join(
    token: Annotated[str, typer.Argument(help="From the invitation.")], *, url: Url = None
) -> None:
    """Take the place that an invitation offers."""
    taken = Remote(url).json("POST", f"{API}/invitations/accept", json={"token": token})
    say(f"You may act in {taken['space_id']} now.")


@spaces.command("leave")
def leave(space: SpaceId, *, url: Url = None) -> None:
    """End your own membership."""
    remote = Remote(url)
    me = remote.json("GET", f"{API}/me")
    remote.json("DELETE", f"{API}/spaces/{space}/members/{me['id']}")
    say("You left the space.")


@share.command("create")
def create_link(
    target: Annotated[str, typer.Argument(help="item, collection or space.")],
    target_id: Annotated[str | None, typer.Argument(help="The item's or collection's id.")] = None,
    *,
    days: Annotated[int, typer.Option(help="How long it works.")] = 30,
    label: Annotated[str, typer.Option(help="What it is called on its page.")] = "",
    with_prices: Annotated[bool, typer.Option(help="Show what things cost.")] = False,
    space: InSpace = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Make a link; it is printed once and kept as a hash only."""
    body = {
        "target": target,
        "target_id": target_id,
        "days": days,
        "label": label,
        "with_prices": with_prices,
    }
    remote = Remote(url)
    made = remote.json("POST", f"{API}/shares", json=body, headers=_in(space))
    shown = {"id": made["id"], "link": remote.url + made["path"], "expires_at": made["expires_at"]}
    put_record(shown, as_json=as_json)


@share.command("list")
def list_links(*, space: InSpace = None, url: Url = None, as_json: Json = False) -> None:
    """Links of a space, with how often they were looked at."""
    found = Remote(url).json("GET", f"{API}/shares", headers=_in(space))
    put_rows(found, LINK_COLUMNS, as_json=as_json)


@share.command("revoke")
def revoke(
    link: Annotated[str, typer.Argument(help="The link's id, from `armarium share list`.")],
    *,
    space: InSpace = None,
    url: Url = None,
) -> None:
    """Make a link stop working at once."""
    Remote(url).json("DELETE", f"{API}/shares/{link}", headers=_in(space))
    say("The link was revoked.")


def _in(space: str | None) -> dict[str, str]:
    return {} if space is None else {"X-Space": space}


def _of(record: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: record[name] for name in names}
