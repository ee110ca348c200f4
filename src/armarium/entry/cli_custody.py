"""Commands about people's own data: archives in and out, and the keys that seal it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from urllib.parse import urljoin
from uuid import UUID

import typer

from armarium.entry.remote import Remote
from armarium.entry.settings import Settings
from armarium.entry.terminal import CommandError, put_record, put_rows, say

if TYPE_CHECKING:
    from armarium.entry.house import House

T = TypeVar("T")
POLL_SECONDS = 1.0
PATIENCE_SECONDS = 3600

keys = typer.Typer(
    help="Keys that encrypt and sign, on this machine.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Url = Annotated[
    str | None, typer.Option(help="Server; else ARMARIUM_URL, the last login, or this machine.")
]


def archive(
    file: Annotated[Path, typer.Argument(help="Where to write the ZIP.", dir_okay=False)],
    *,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Download everything that is yours: every row and all original pictures."""
    remote = Remote(url)
    made = remote.json("POST", "/api/v1/me/archives")
    until = time.monotonic() + PATIENCE_SECONDS
    while made["status"] == "queued":
        if time.monotonic() > until:
            raise CommandError("The archive takes too long; is a worker running?")
        time.sleep(POLL_SECONDS)
        made = remote.json("GET", f"/api/v1/me/archives/{made['id']}")
    if made["status"] != "ready":
        raise CommandError("The archive could not be made; see `armarium dead-letters list`.")
    link = remote.json("POST", f"/api/v1/me/archives/{made['id']}/link")
    size = remote.download(urljoin(f"{remote.url}/", link["url"]), file)
    shown = {"file": str(file), "bytes": size, "sha256": made["sha256"], **made["counts"]}
    put_record(shown, as_json=as_json)


def bring(
    file: Annotated[
        Path, typer.Argument(help="An archive of Armarium.", exists=True, dir_okay=False)
    ],
    *,
    email: Annotated[str, typer.Option("--for", help="Into whose own space, by e-mail address.")],
    as_json: Json = False,
) -> None:
    """Bring an archive into somebody's space on this machine; all of it, or nothing."""
    from armarium.features.accounts import Registration  # noqa: PLC0415  # heavy, for this only
    from armarium.features.operations import ArchiveImport  # noqa: PLC0415  # same

    async def act(house: "House") -> dict[str, object]:
        person = await house.get(Registration).find(email)
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        brought = await house.get(ArchiveImport).bring(file, person.id)
        return {
            "pictures": brought.pictures,
            "added": sum(brought.added.values()),
            "there_already": sum(brought.present.values()),
            **{name: count for name, count in brought.added.items() if count},
        }

    put_record(_here(act), as_json=as_json)


@keys.command("list")
def list_keys(*, as_json: Json = False) -> None:
    """List the data keys of all spaces; never the keys themselves."""
    from armarium.platform.vault import Rotation  # noqa: PLC0415  # heavy, for these only

    rows = [asdict(each) for each in _here(lambda house: house.get(Rotation).states())]
    columns = ("space_id", "generation", "server_key", "is_current", "created_at")
    put_rows(rows, columns, as_json=as_json)


@keys.command("rotate")
def rotate(
    *,
    server: Annotated[
        bool, typer.Option("--server", help="A new server secret; all data keys wrapped again.")
    ] = False,
    forget_older: Annotated[
        bool,
        typer.Option("--forget-older", help="With --server: delete older secrets, a day later."),
    ] = False,
    space: Annotated[
        UUID | None, typer.Option(help="A new data key for this space; its rows sealed again.")
    ] = None,
    signing: Annotated[
        bool, typer.Option("--signing", help="Sign tokens with a new key from now on.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Renew keys. Stopped half-way, the next call goes on."""
    if [server, space is not None, signing].count(True) != 1:
        raise CommandError("Name one of --server, --space ID and --signing.", code=2)
    if signing:
        from armarium.features.accounts import SigningKeys  # noqa: PLC0415  # heavy, for this only

        kid = _here(lambda house: house.get(SigningKeys).rotate())
        put_record({"signing_key": kid}, as_json=as_json)
        return
    from armarium.platform.vault import Rotation  # noqa: PLC0415  # same

    if space is not None:
        count = _here(lambda house: house.get(Rotation).renew(space, _progress))
        put_record({"space": str(space), "sealed_again": count}, as_json=as_json)
        return
    count = _here(lambda house: _rotate_server(house, forget_older=forget_older))
    put_record({"wrapped_again": count}, as_json=as_json)


async def _rotate_server(house: "House", *, forget_older: bool) -> int:
    from armarium.platform.secret import ServerSecret  # noqa: PLC0415  # heavy, for this only
    from armarium.platform.vault import Rotation  # noqa: PLC0415  # same

    secret, rotation = house.get(ServerSecret), house.get(Rotation)
    if not secret.is_given and not secret.has_older and not forget_older:
        secret.renew()
    count = await rotation.rewrap(_progress)
    if forget_older and not secret.is_given:
        secret.forget_older()
    return count


def _progress(done: int, total: int) -> None:
    say(f"{done} of {total}")


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
