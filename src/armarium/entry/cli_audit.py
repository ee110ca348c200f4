"""Commands about the audit log; they read this machine's database directly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from armarium.entry.terminal import REFUSED, put_record, put_rows, say

audit = typer.Typer(
    help="Who did what on this server.", no_args_is_help=True, rich_markup_mode=None
)

T = TypeVar("T")
COLUMNS = ("at", "position", "action", "actor", "space_id", "target", "ip", "detail")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@audit.callback()
def about_audit() -> None:
    """Who did what on this server."""


@audit.command("list")
def list_entries(
    *,
    action: Annotated[
        str | None, typer.Option(help="An action (auth.login) or a group (auth).")
    ] = None,
    text: Annotated[str | None, typer.Option(help="Found in the entry.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    as_json: Json = False,
) -> None:
    """List entries, the newest first."""
    from armarium.platform.audit import AuditFilter, AuditLog  # noqa: PLC0415  # heavy
    from armarium.platform.paging import PageParams  # noqa: PLC0415  # same

    async def read(log: AuditLog) -> list[dict[str, Any]]:
        found = await log.page(AuditFilter(action=action, text=text), PageParams(limit))
        return [_shown(entry) for entry in found.rows]

    put_rows(_with_log(read), COLUMNS, as_json=as_json)


@audit.command("verify")
def verify(
    *,
    head: Annotated[
        str | None,
        typer.Option(help="POSITION:HASH that an earlier run printed; shows that no end was cut."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Walk the whole chain; exit code 1 and the first broken entry when something was changed."""
    from armarium.platform.audit import AuditLog, Verdict  # noqa: PLC0415  # heavy

    expected = None if head is None else _parsed(head)

    async def walk(log: AuditLog) -> Verdict:
        return await log.verify(expected=expected)

    verdict = _with_log(walk)
    record = {
        "whole": verdict.is_whole,
        "entries": verdict.entries,
        "head": f"{verdict.head_position}:{verdict.head}",
    }
    if verdict.broken is not None:
        record |= {
            "broken_position": verdict.broken.position,
            "broken_entry": verdict.broken.entry_id,
            "reason": verdict.broken.reason,
        }
    put_record(record, as_json=as_json)
    if not verdict.is_whole:
        say("armarium: the audit log is not what was written")
        raise typer.Exit(REFUSED)


def _parsed(head: str) -> tuple[int, bytes]:
    position, _, digest = head.partition(":")
    try:
        return int(position), bytes.fromhex(digest)
    except ValueError:
        raise typer.BadParameter("POSITION:HASH", param_hint="--head") from None


def _with_log(act: Callable[[Any], Awaitable[T]]) -> T:
    from armarium.entry.databases import database_for  # noqa: PLC0415  # heavy, only when run
    from armarium.entry.settings import Settings  # noqa: PLC0415  # same
    from armarium.platform.audit import AuditLog  # noqa: PLC0415  # same
    from armarium.platform.database import Database  # noqa: PLC0415  # same

    async def run(url: str) -> T:
        database = Database(url, pool_size=1)
        try:
            return await act(AuditLog(database=database))
        finally:
            await database.close()

    with database_for(Settings()) as cluster:
        return asyncio.run(run(cluster.urls.app))


def _shown(entry: Any) -> dict[str, Any]:
    target = f"{entry.target_type or ''} {entry.target_id or ''}".strip()
    return {
        "at": entry.at.isoformat(timespec="seconds"),
        "position": entry.position,
        "action": entry.action,
        "actor": entry.actor,
        "space_id": entry.space_id,
        "target": target or None,
        "ip": entry.ip,
        "detail": dict(entry.detail),
    }
