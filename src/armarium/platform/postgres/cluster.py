"""The one way to a database, whichever of three it is: embedded, already running, external."""

import json
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from armarium.platform.postgres.errors import FolderInUse, StartFailed
from armarium.platform.postgres.folder import Folder
from armarium.platform.postgres.names import DATABASE, SUPERUSER
from armarium.platform.postgres.roles import derived_passwords, prepare_server
from armarium.platform.postgres.supervisor import EmbeddedPostgres
from armarium.platform.postgres.urls import DRIVER, DatabaseUrls, parse, role_urls, text_of

ATTACH_PATIENCE_S = 60.0
ATTACH_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database with its roles and extension, ready for the schema's history."""

    urls: DatabaseUrls
    runtime: Path | None = None
    """A short private folder for sockets on this machine; None where the server is elsewhere."""
    embedded: EmbeddedPostgres | None = None
    """Set when this process runs the server."""

    @classmethod
    @contextmanager
    def own(cls, data: Path, *, overrides: Mapping[str, str] | None = None) -> Generator["Cluster"]:
        """Run the embedded server for the while.

        Raises:
            FolderInUse: another Armarium runs on `data`.
        """
        with EmbeddedPostgres(data, overrides=overrides) as server:
            urls = prepare_embedded(server.folder, server.sockets)
            yield cls(urls, server.runtime, server)

    @classmethod
    @contextmanager
    def share(cls, data: Path) -> Generator["Cluster"]:
        """For commands: join a running `armarium up`, or run the server for the while."""
        server = EmbeddedPostgres(data)
        try:
            server.start()
        except FolderInUse:
            yield cls.attached(data)
            return
        try:
            yield cls(prepare_embedded(server.folder, server.sockets), server.runtime, server)
        finally:
            server.stop()

    @classmethod
    def external(cls, database_url: str) -> "Cluster":
        """A server of the user's own, by the URL of a role that may administer it."""
        url = text_of(parse(database_url))
        urls = prepare_server(url, derived_passwords(url))
        return cls(urls)

    @classmethod
    def attached(cls, data: Path, *, patience_s: float = ATTACH_PATIENCE_S) -> "Cluster":
        """The embedded server that another process runs on the same data folder.

        Raises:
            StartFailed: it did not announce itself in time.
        """
        folder = Folder(data.absolute())
        deadline = time.monotonic() + patience_s
        while (note := _announcement(folder)) is None:
            if time.monotonic() > deadline:
                raise StartFailed(
                    f"No Armarium has its database ready on {data}. Start one with `armarium up`."
                )
            time.sleep(ATTACH_POLL_S)
        passwords = folder.passwords()
        urls = role_urls(_admin_url(passwords, Path(note["sockets"])), dict(passwords))
        return cls(urls, Path(note["runtime"]))


def prepare_embedded(folder: Folder, sockets: Path) -> DatabaseUrls:
    """Database, roles and extension of a running embedded server."""
    passwords = folder.passwords()
    return prepare_server(
        _admin_url(passwords, sockets),
        {role: password for role, password in passwords.items() if role != SUPERUSER},
    )


def external_urls(database_url: str) -> DatabaseUrls:
    """The doors of a server that `armarium migrate` has prepared; nothing is asked of it."""
    url = text_of(parse(database_url))
    return role_urls(url, derived_passwords(url))


def _announcement(folder: Folder) -> dict[str, str] | None:
    try:
        return json.loads(folder.runtime_note.read_text())
    except FileNotFoundError:
        return None


def _admin_url(passwords: Mapping[str, str], sockets: Path) -> str:
    return f"{DRIVER}://{SUPERUSER}:{passwords[SUPERUSER]}@/{DATABASE}?host={sockets}"
