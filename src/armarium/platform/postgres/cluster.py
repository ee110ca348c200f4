"""The one way to a database, whichever of three it is: embedded, already running, external."""

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from armarium.platform.postgres.errors import FolderInUse, StartFailed
from armarium.platform.postgres.folder import SUPERUSER, Folder, runtime_folder
from armarium.platform.postgres.roles import derived_passwords, prepare_server
from armarium.platform.postgres.supervisor import DATABASE, EmbeddedPostgres
from armarium.platform.postgres.urls import DRIVER, DatabaseUrls, parse, role_urls

ATTACH_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A database that is ready for the schema's history."""

    urls: DatabaseUrls
    runtime: Path
    """A short private folder for sockets on this machine."""
    embedded: EmbeddedPostgres | None = None
    """Set when this process runs the server."""

    @classmethod
    @contextmanager
    def own(cls, data: Path, database_url: str | None = None) -> Generator["Cluster"]:
        """For `armarium up`: run the embedded server, or prepare the external one.

        Raises:
            FolderInUse: another Armarium runs on `data`.
        """
        if database_url:
            yield cls.external(data, database_url)
            return
        with EmbeddedPostgres(data) as server:
            yield cls(server.urls, server.runtime, server)

    @classmethod
    @contextmanager
    def share(cls, data: Path, database_url: str | None = None) -> Generator["Cluster"]:
        """For commands: join a running `armarium up`, or run the server for the while."""
        if database_url:
            yield cls.external(data, database_url)
            return
        try:
            server = EmbeddedPostgres(data)
            server.start()
        except FolderInUse:
            yield cls.attached(data)
            return
        with server:
            yield cls(server.urls, server.runtime, server)

    @classmethod
    def external(cls, data: Path, database_url: str) -> "Cluster":
        """A server of the user's own: `ARMARIUM_DATABASE_URL` of a role that may administer it."""
        url = str(parse(database_url).render_as_string(hide_password=False))
        urls = prepare_server(url, derived_passwords(url))
        return cls(urls, runtime_folder(data, None))

    @classmethod
    def attached(cls, data: Path) -> "Cluster":
        """The embedded server that another process runs on the same data folder."""
        folder = Folder(data.absolute())
        deadline = time.monotonic() + ATTACH_PATIENCE_S
        while not folder.runtime_note.exists():
            if time.monotonic() > deadline:
                raise StartFailed(f"The Armarium that runs on {data} has no database ready.")
            time.sleep(0.1)
        note = json.loads(folder.runtime_note.read_text())
        passwords = folder.passwords()
        admin = f"{DRIVER}://{SUPERUSER}:{passwords[SUPERUSER]}@/{DATABASE}?host={note['sockets']}"
        return cls(role_urls(admin, dict(passwords)), Path(note["runtime"]))
