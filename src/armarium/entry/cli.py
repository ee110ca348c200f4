"""The command `armarium`: a table of commands, each imported only when it is asked for."""

import sys
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Any, NamedTuple

PACKAGE = "armarium.entry"
PROCESSES = {"api": "api", "worker": "worker"}
"""Long-running children of `armarium up`: they start without the command line's libraries."""
UNWANTED = ("rich",)
"""What libraries import only because it is there: 7 MB for colors that JSON lines never have."""


class Entry(NamedTuple):
    """Where a command lives: a function, or a `Typer` of sub-commands."""

    module: str
    name: str


COMMANDS = {
    "up": Entry("cli_server", "up"),
    "api": Entry("cli_server", "api"),
    "worker": Entry("cli_worker", "worker"),
    "inference": Entry("cli_inference", "inference"),
    "demo": Entry("cli_demo", "demo"),
    "user": Entry("cli_people", "user"),
    "mail": Entry("cli_mail", "app"),
    "login": Entry("cli_people", "login"),
    "logout": Entry("cli_people", "logout"),
    "whoami": Entry("cli_people", "whoami"),
    "catalogue": Entry("cli_catalogue", "app"),
    "scan": Entry("cli_scan", "scan"),
    "search": Entry("cli_search", "search"),
    "export": Entry("cli_call", "export"),
    "archive": Entry("cli_custody", "archive"),
    "import": Entry("cli_custody", "bring"),
    "keys": Entry("cli_custody", "keys"),
    "spaces": Entry("cli_spaces", "spaces"),
    "share": Entry("cli_spaces", "share"),
    "call": Entry("cli_call", "call"),
    "jobs": Entry("cli_jobs", "jobs"),
    "dead-letters": Entry("cli_jobs", "dead_letters"),
    "audit": Entry("cli_audit", "audit"),
    "doctor": Entry("cli_server", "doctor"),
    "migrate": Entry("cli_server", "migrate"),
    "version": Entry("cli_server", "version"),
}


def command_line() -> Any:
    """The whole command line, as the documentation and `--help` need it."""
    import typer  # noqa: PLC0415  # not for the processes
    from typer.core import TyperGroup  # noqa: PLC0415  # same
    from typer.main import get_command  # noqa: PLC0415  # same

    class Commands(TyperGroup):
        """Imports a command's module when it is used or listed."""

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            known = self.list_commands(ctx)
            if args and args[0] not in known and (near := get_close_matches(args[0], known)):
                ctx.fail(f"No such command '{args[0]}'. Did you mean '{near[0]}'?")
            return super().resolve_command(ctx, args)

        def list_commands(self, ctx: Any) -> list[str]:
            del ctx
            return [name for name, entry in COMMANDS.items() if find_spec(_module(entry))]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            if cmd_name not in self.list_commands(ctx):
                return None
            found = getattr(import_module(_module(COMMANDS[cmd_name])), COMMANDS[cmd_name].name)
            if not isinstance(found, typer.Typer):
                single = typer.Typer(add_completion=False, rich_markup_mode=None)
                single.command(cmd_name)(found)
                found = single
            command = get_command(found)
            command.name = cmd_name
            return command

    app = typer.Typer(
        cls=Commands,
        help="Armarium: the self-hosted cabinet for people who collect.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def root() -> None:
        """Armarium: the self-hosted cabinet for people who collect."""

    return get_command(app)


def main() -> None:
    """Run one command; every foreseen error is one line on stderr and a code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A locale of few letters: what it has not is told, in place of a traceback.
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0] in PROCESSES:
        for name in UNWANTED:
            sys.modules[name] = None  # pyright: ignore[reportArgumentType]  # an import of it fails
        import_module(f"{PACKAGE}.{PROCESSES[arguments[0]]}").main()
        return
    from armarium.entry.terminal import CommandError, fail  # noqa: PLC0415  # not for processes

    try:
        command_line()(prog_name="armarium")
    except CommandError as error:
        fail(error)
    except Exception as error:
        if (line := _foreseen(error)) is None:
            raise
        fail(CommandError(line))


def _foreseen(error: Exception) -> str | None:
    """The line of an error that says by itself what to do."""
    from tomllib import TOMLDecodeError  # noqa: PLC0415  # only when something went wrong

    from httpx2 import InvalidURL, TransportError  # noqa: PLC0415  # same
    from pydantic import ValidationError  # noqa: PLC0415  # same
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415  # same

    from armarium.entry.settings import config_file  # noqa: PLC0415  # same
    from armarium.platform.errors import Problem  # noqa: PLC0415  # same
    from armarium.platform.postgres import PostgresError  # noqa: PLC0415  # same

    line: str | None = None
    match error:
        case Problem():
            line = f"{error.detail} [{error.code}]"
        case PostgresError():
            line = str(error)
        case ValidationError():
            line = "; ".join(
                f"ARMARIUM_{'__'.join(map(str, item['loc'])).upper()}: {item['msg']}"
                for item in error.errors(include_input=False)
            )
        case TOMLDecodeError():
            line = f"{config_file()} is no TOML: {error}"
        case InvalidURL() | TransportError():
            line = f"No server answers there: {error}"
        case OSError() if error.strerror:
            place = "" if error.filename is None else f"{error.filename}: "
            line = f"{place}{error.strerror}"
        case OperationalError():
            line = f"The database does not answer: {str(error.orig).strip()}"
        case _:
            pass
    return line


def _module(entry: Entry) -> str:
    return f"{PACKAGE}.{entry.module}"


if __name__ == "__main__":
    main()
