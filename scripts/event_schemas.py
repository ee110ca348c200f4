"""Write contract/events: the JSON Schema of every event that a room or a pipe defines."""

import pkgutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from armarium.platform.events.contract import contract, rendered

FOLDER = Path(__file__).resolve().parent.parent / "contract" / "events"


def import_events() -> None:
    """Every room's `events.py` registers its classes by being imported."""
    rooms = import_module("armarium.features")
    for room in pkgutil.iter_modules(rooms.__path__, "armarium.features."):
        if room.ispkg and find_spec(f"{room.name}.events"):
            import_module(f"{room.name}.events")


def expected() -> dict[str, str]:
    """File name and text of each schema."""
    import_events()
    return {name: rendered(schema) for name, schema in contract().items()}


def stale(folder: Path = FOLDER) -> list[str]:
    """Names of files that are missing, differ, or describe an event that is gone."""
    wanted = expected()
    found = {path.name: path.read_text() for path in folder.glob("*.json")}
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )


def main() -> None:
    """Write what differs; `--check` only says so."""
    names = stale()
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(names)}" if names else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = expected()
    for name in names:
        path = FOLDER / name
        if name in wanted:
            path.write_text(wanted[name])
        else:
            path.unlink()
        print(path)


if __name__ == "__main__":
    main()
