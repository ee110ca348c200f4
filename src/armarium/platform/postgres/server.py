"""Making a cluster and starting its server, once each; supervisor.py keeps it running."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from armarium.platform.postgres.account import give, initdb_account, server_account
from armarium.platform.postgres.binaries import Binaries, copied_to, locate
from armarium.platform.postgres.errors import FolderUnusable, StartFailed
from armarium.platform.postgres.folder import (
    POLL_S,
    Folder,
    runtime_folder,
    wait_server_lock,
)
from armarium.platform.postgres.names import SUPERUSER
from armarium.platform.postgres.tuning import server_settings
from armarium.platform.processes import Account, spawn

START_PATIENCE_S = 300.0
"""Crash recovery after a power cut may replay up to max_wal_size."""
OLD_SERVER_PATIENCE_S = 60.0
LARGEST_LOG_BYTES = 10 * 1024 * 1024
HERE = "/proc/self/cwd" if Path("/proc/self/cwd").exists() else "."
"""The working directory; on Linux by its link, reachable even below a folder that only root may
enter."""
READY = "ready"
STATUS_LINE = 7


@dataclass(slots=True)
class Server:
    """One cluster: its folder, its user, its binaries and its sockets."""

    folder: Folder
    overrides: Mapping[str, str] = field(default_factory=dict[str, str])
    account: Account | None = None
    runtime: Path = Path()
    binaries: Binaries = field(default_factory=locate)

    def prepare(self) -> None:
        """Settle user, sockets and binaries, and make the cluster at the first start."""
        self.folder.require_version()
        self.folder.passwords()
        self.account = server_account(self.folder.cluster)
        self.runtime = runtime_folder(self.folder.data, self.account)
        self._make_sockets()
        if self.account is not None and not self._readable():
            self.binaries = copied_to(self.runtime, self.binaries)
        if not (self.folder.cluster / "PG_VERSION").exists():
            self._create()
        elif self.account is not None and self.folder.cluster.stat().st_uid == 0:
            # Restored or copied by root: the server refuses a folder that is not its user's.
            give(self.folder.cluster, self.account)

    @property
    def sockets(self) -> Path:
        """The folder with the server's socket."""
        return self.runtime / "pg"

    def launch(self, patience_s: float = OLD_SERVER_PATIENCE_S) -> subprocess.Popen[bytes]:
        """Start the server and return at once; the calling thread must outlive it.

        The lock's descriptor is closed on our side: from then on the server and its children
        are its only holders, so the lock is free exactly when the last of them has gone.
        """
        lock = wait_server_lock(self.folder, patience_s)
        try:
            with self._open_log() as log:
                return spawn(
                    [
                        self.binaries.program("postgres"),
                        *("-D", self._cluster_argument()),
                        *self._settings(),
                    ],
                    death_signal=signal.SIGINT,
                    account=self.account,
                    cwd=self.folder.cluster,
                    env=_environment(),
                    output=log,
                    pass_fds=(lock,),
                )
        finally:
            os.close(lock)

    def wait_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Return once the server takes connections.

        Raises:
            StartFailed: with the last words of the server's log.
        """
        deadline = time.monotonic() + START_PATIENCE_S
        note = self.folder.cluster / "postmaster.pid"
        while process.poll() is None:
            lines = note.read_text().splitlines() if note.exists() else []
            if (
                len(lines) > STATUS_LINE
                and lines[0] == str(process.pid)
                and lines[STATUS_LINE].strip() == READY
            ):
                return
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGQUIT)
                raise StartFailed(f"PostgreSQL was not ready after {START_PATIENCE_S:.0f} s.")
            time.sleep(POLL_S / 2)
        raise StartFailed(self._last_words())

    def _create(self) -> None:
        """Run initdb in a draft folder, then rename it once."""
        draft = self.folder.draft
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        maker = initdb_account(self.account)
        password = self.folder.passwords()[SUPERUSER]
        with tempfile.TemporaryDirectory(dir=self.runtime) as private:
            note = Path(private, "password")
            note.write_text(password)
            if maker is not None:
                give(Path(private), maker)
                give(draft, maker)
            self._run_initdb(draft, note, maker)
        if self.account is not None:
            give(draft, self.account)
        if self.folder.cluster.exists():
            self.folder.cluster.rmdir()
        draft.rename(self.folder.cluster)

    def _run_initdb(self, draft: Path, password_file: Path, maker: Account | None) -> None:
        with tempfile.TemporaryFile() as output:
            process = spawn(
                [
                    self.binaries.program("initdb"),
                    *("-D", self._cluster_argument(draft)),
                    f"--username={SUPERUSER}",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=PG_UNICODE_FAST",
                    "--no-instructions",
                    *self._sync_arguments(),
                ],
                death_signal=signal.SIGKILL,
                account=maker,
                cwd=draft,
                env=_environment(),
                output=output,
            )
            if process.wait() != 0:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()
                shutil.rmtree(draft, ignore_errors=True)
                raise FolderUnusable(_explain("The database could not be created", said))

    def _sync_arguments(self) -> list[str]:
        """Whoever gives durability up (tests do) does not wait for the disk here either."""
        return ["--no-sync"] if self.overrides.get("fsync") == "off" else []

    def _make_sockets(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        if self.account is not None:
            os.chown(self.sockets, self.account.uid, self.account.gid)

    def _readable(self) -> bool:
        """Asked by doing: file modes, mount options and access lists all have a say."""
        probe = spawn(
            [self.binaries.program("postgres"), "--version"],
            death_signal=signal.SIGKILL,
            account=self.account,
            env=_environment(),
            output=subprocess.DEVNULL,
        )
        return probe.wait() == 0

    def _cluster_argument(self, cluster: Path | None = None) -> str:
        return HERE if self.account is not None else str(cluster or self.folder.cluster)

    def _settings(self) -> list[str]:
        settings = {**server_settings(self.sockets), **self.overrides}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _open_log(self) -> IO[bytes]:
        log = self.folder.log
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log.open("ab")

    def _last_words(self) -> str:
        lines = self.folder.log.read_text(errors="replace").splitlines()[-8:]
        return _explain("PostgreSQL did not start", "\n".join(lines))


def _explain(what: str, said: str) -> str:
    if "No space left on device" in said:
        return f"{what}: the disk is full. Free some space, then start again."
    return f"{what}:\n{said}"


def _environment() -> dict[str, str]:
    """Nothing of ours: PG* variables would redirect the server, a locale would change its log."""
    return {"PATH": os.defpath, "LC_ALL": "C"}
