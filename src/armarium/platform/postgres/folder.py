"""The data folder: what lies where, who holds it, and the secrets in it."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from armarium.platform.postgres.binaries import MAJOR
from armarium.platform.postgres.errors import FolderInUse, FolderUnusable, WrongVersion
from armarium.platform.postgres.names import ROLES, SUPERUSER
from armarium.platform.processes import Account

LEAST_FREE_BYTES = 200 * 1024 * 1024
LONGEST_SOCKET_FOLDER = 80
"""Bytes; the kernel takes about 105 for the whole path, and `/.s.PGSQL.5432` is to fit."""
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Folder:
    """Paths below the data folder (`ARMARIUM_DATA`)."""

    data: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.data / "postgres"

    @property
    def draft(self) -> Path:
        """Where initdb works, so that a half-made cluster is never taken for a whole one."""
        return self.data / "postgres.new"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.data / "logs" / "postgres.log"

    @property
    def program_lock(self) -> Path:
        """Held by the one Armarium that owns the folder; names its process."""
        return self.data / "armarium.lock"

    @property
    def server_lock(self) -> Path:
        """Held by the server and its children alone: free means that all of them are gone."""
        return self.data / "postgres.lock"

    @property
    def secrets(self) -> Path:
        """Role passwords, readable by us alone."""
        return self.data / "secrets" / "postgres.json"

    @property
    def runtime_note(self) -> Path:
        """Where the running server listens, for `armarium` commands beside `armarium up`."""
        return self.data / "runtime.json"

    def prepare(self) -> None:
        """Create what is missing.

        Raises:
            FolderUnusable: read-only, full, or not a folder.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.log.parent.mkdir(exist_ok=True)
            self.secrets.parent.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.data) as probe:
                probe.write(b"x")
        except OSError as error:
            raise FolderUnusable(
                f"The data folder {self.data} cannot be written: {error.strerror}. Choose "
                "another with ARMARIUM_DATA, or correct its permissions."
            ) from error
        free = shutil.disk_usage(self.data).free
        if free < LEAST_FREE_BYTES:
            raise FolderUnusable(
                f"The disk of the data folder {self.data} is full ({free // 2**20} MiB free, "
                f"{LEAST_FREE_BYTES // 2**20} needed). Free some space, or choose another "
                "folder with ARMARIUM_DATA."
            )

    def require_version(self) -> None:
        """Refuse a cluster that another major version made; it would not start anyway."""
        note = self.cluster / "PG_VERSION"
        if not note.exists():
            if self.cluster.exists() and any(self.cluster.iterdir()):
                raise FolderUnusable(
                    f"{self.cluster} is not a PostgreSQL data folder and not empty. Move it away."
                )
            return
        found = note.read_text().strip()
        if found != str(MAJOR):
            raise WrongVersion(
                f"The database in {self.cluster} was made by PostgreSQL {found}; this Armarium "
                f"brings PostgreSQL {MAJOR}. Nothing was changed. Start the Armarium that made "
                "it, take each person's data out (`armarium archive`), and bring it into an "
                "empty folder with this one (`armarium import`)."
            )

    def passwords(self) -> dict[str, str]:
        """The roles' passwords, made before the cluster itself.

        Raises:
            FolderUnusable: a cluster is there but its passwords are gone.
        """
        if self.secrets.exists():
            return dict(json.loads(self.secrets.read_text()))
        if self.cluster.exists():
            raise FolderUnusable(
                f"The database in {self.cluster} has lost its passwords: {self.secrets} is "
                "missing. Put it back from a backup of the data folder."
            )
        made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)}
        write_private(self.secrets, json.dumps(made))
        return made


def write_private(path: Path, text: str) -> None:
    """Replace `path` in one step, readable by us alone from its first moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def try_lock(path: Path) -> int | None:
    """An open descriptor that holds `path`'s lock, or None when another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    except OSError:
        os.close(handle)
        raise
    return handle


def hold_program_lock(folder: Folder) -> int:
    """Take the folder for this process.

    Raises:
        FolderInUse: another Armarium has it; the message names its process.
    """
    handle = try_lock(folder.program_lock)
    if handle is None:
        holder = folder.program_lock.read_text().strip() or "unknown"
        raise FolderInUse(
            f"Armarium already runs on {folder.data} (process {holder}). Stop it first, or "
            "choose another folder with ARMARIUM_DATA."
        )
    os.truncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


def wait_server_lock(folder: Folder, patience_s: float) -> int:
    """Wait until the last process of an older server is gone, then hold its lock.

    Only then may a `postmaster.pid` be called stale, whatever process its number names today.
    """
    deadline = time.monotonic() + patience_s
    while (handle := try_lock(folder.server_lock)) is None:
        if time.monotonic() > deadline:
            raise FolderInUse(
                f"A PostgreSQL server still runs on {folder.cluster} and did not end within "
                f"{patience_s:.0f} s. End it, then start again."
            )
        time.sleep(POLL_S)
    with suppress(FileNotFoundError):
        (folder.cluster / "postmaster.pid").unlink()
    return handle


def runtime_folder(data: Path, account: Account | None) -> Path:
    """A short private folder for sockets; the same one at every start of the same data folder.

    Not in the data folder, whose path may be too long for a socket; and in /tmp rather than in
    `XDG_RUNTIME_DIR`, which is emptied when its user logs out. Where a folder of that name is
    not ours alone it is left as it is, and a random one made.
    """
    name = f"armarium-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:10]}"
    mode = 0o700 if account is None else 0o711
    for base in _runtime_bases(account):
        place = base / name
        with suppress(FileExistsError):
            place.mkdir(mode=0o700)
        seen = place.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid():
            place = Path(tempfile.mkdtemp(prefix="armarium-", dir=base))
        place.chmod(mode)
        return place
    raise FolderUnusable("Neither XDG_RUNTIME_DIR nor /tmp can hold the database's socket.")


def leave_runtime_folder(place: Path) -> None:
    """Take the folder away again, its socket folder with it, unless something else lies in it.

    For who holds the program lock: nobody else makes or uses it meanwhile. Copied binaries stay,
    so that the next start need not copy them again.
    """
    for empty in (place / "pg", place):
        with suppress(OSError):
            empty.rmdir()


def _runtime_bases(account: Account | None) -> list[Path]:
    bases = [Path("/tmp")]  # noqa: S108 # a private folder is made in it, its owner checked
    own = os.environ.get("XDG_RUNTIME_DIR")
    if own and account is None:
        bases.append(Path(own))
    return [
        base
        for base in bases
        if base.is_dir()
        and os.access(base, os.W_OK | os.X_OK)
        and len(os.fsencode(base)) <= LONGEST_SOCKET_FOLDER
    ]
