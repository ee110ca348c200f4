"""As whom the server runs: PostgreSQL refuses to be root."""

import os
import pwd
from pathlib import Path

from armarium.platform.postgres.errors import FolderUnusable
from armarium.platform.processes import Account

PRIVATE_IDS = range(60818, 61184)
"""Numeric ids that neither people, packages nor systemd's dynamic users are given (uids.conf)."""


def server_account(cluster: Path) -> Account | None:
    """None when we are an ordinary user; as root, the folder's owner or a private id."""
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    return Account(*(2 * (_unused_id(),)))


def initdb_account(account: Account | None) -> Account | None:
    """Whom initdb runs as: unlike the server, it looks itself up in the password database.

    Raises:
        FolderUnusable: a container runs us as a number that has no name.
    """
    if account is None:
        try:
            pwd.getpwuid(os.geteuid())
        except KeyError:
            raise FolderUnusable(
                f"The user id {os.geteuid()} has no entry in /etc/passwd, which creating the "
                "database needs. Add one (echo "
                f"'armarium:x:{os.geteuid()}:{os.getegid()}::/tmp:/bin/sh' >> /etc/passwd in the "
                "image), run as root, or set ARMARIUM_DATABASE_URL."
            ) from None
        return None
    for name in ("nobody", "daemon"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise FolderUnusable("As root, creating the database needs the user nobody in /etc/passwd.")


def give(path: Path, account: Account) -> None:
    """Hand a folder and all in it to `account`."""
    try:
        os.chown(path, account.uid, account.gid)
        for place, folders, files in os.walk(path):
            for name in (*folders, *files):
                os.chown(Path(place, name), account.uid, account.gid, follow_symlinks=False)
    except OSError as error:
        raise FolderUnusable(
            f"Root may not hand {path} to the database's own user ({error.strerror}); a network "
            "share or a container without CAP_CHOWN refuses it. Run as an ordinary user, or set "
            "ARMARIUM_DATABASE_URL."
        ) from error


def _unused_id() -> int:
    for number in PRIVATE_IDS:
        try:
            pwd.getpwuid(number)
        except KeyError:
            return number
    raise FolderUnusable("No free user id for the database; run Armarium as an ordinary user.")
