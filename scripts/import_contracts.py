"""Write .importlinter: the plan of the house as contracts that run with the tests.

Run `python scripts/import_contracts.py` after adding a room; a test fails when the file is stale.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ROOMS = (  # from the ground up
    "accounts",
    "spaces",
    "media",
    "search",
    "templates",
    "catalogue",
    "collection",
    "imports",
    "recognition",
    "assessment",
    "valuation",
    "scoring",
    "acquisitions",
    "market",
    "trades",
    "portfolio",
    "alerts",
    "assistant",
    "editorial",
    "federation",
    "notifications",
    "operations",
)
INSIDE = (
    "routes | workflows",
    "service",
    "store",
    "tables",
    "models : events : errors : policy : schemas",  # may know each other
)
WEB_LIBRARIES = ("fastapi", "starlette")
VENDORS = (
    "obstore",
    "cv2",
    "rapidocr",
    "onnxruntime",
    "tokenizers",
    "pyvips",
    "boto3",
    "botocore",
    "redis",
    "httpcore2",
)


def section(name: str, kind: str, title: str, **fields: object) -> str:
    """One contract; lists become indented lines."""
    lines = [f"[importlinter:contract:{name}]", f"name = {title}", f"type = {kind}"]
    for key, value in fields.items():
        if isinstance(value, (list, tuple)):
            lines += [f"{key} =", *(f"    {item}" for item in value)]
        else:
            lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def built() -> list[str]:
    """The rooms that exist."""
    return [r for r in ROOMS if (ROOT / "src/armarium/features" / r / "__init__.py").exists()]


def contracts() -> str:
    """The whole file."""
    rooms = built()
    parts = [
        "# Made by scripts/import_contracts.py; change that, not this.\n",
        "[importlinter]\nroot_package = armarium\ninclude_external_packages = True\n",
        section(
            "floors",
            "layers",
            "Floors: nothing points up",
            layers=["entry", "(adapters) | (features)", "platform", "ports", "kinds", "kit"],
            containers="armarium",
        ),
        section(
            "rooms",
            "layers",
            "Rooms: call downward, emit upward",
            layers=[room if room in rooms else f"({room})" for room in reversed(ROOMS)],
            containers="armarium.features",
        ),
        section(
            "inside",
            "layers",
            "Inside a room: routes and workflows over service over store over tables",
            layers=[re.sub(r"\w+", r"(\g<0>)", line) for line in INSIDE],
            containers=[f"armarium.features.{room}" for room in rooms],
        ),
        section(
            "web",
            "forbidden",
            "FastAPI only in routes, platform/http and entry",
            source_modules=[
                "armarium.features.*.service",
                "armarium.features.*.store",
                "armarium.features.*.tables",
                "armarium.features.*.models",
                "armarium.features.*.workflows",
                "armarium.features.*.events",
                "armarium.features.*.policy",
                "armarium.adapters",
                "armarium.ports",
                "armarium.kinds",
                "armarium.kit",
                "armarium.platform.database",
                "armarium.platform.workflows",
            ],
            forbidden_modules=WEB_LIBRARIES,
            allow_indirect_imports="True",
        ),
        section(
            "sql",
            "forbidden",
            "SQL only in stores, tables and platform",
            source_modules=[
                "armarium.features.*.routes",
                "armarium.features.*.workflows",
                "armarium.features.*.service",
                "armarium.features.*.schemas",
                "armarium.features.*.models",
                "armarium.features.*.events",
                "armarium.features.*.policy",
                "armarium.adapters",
                "armarium.ports",
                "armarium.kinds",
                "armarium.kit",
            ],
            forbidden_modules=["sqlalchemy", "psycopg"],
            allow_indirect_imports="True",
        ),
        section(
            "vendors",
            "forbidden",
            "A vendor's library only in its adapter",
            source_modules=[
                "armarium.entry",
                "armarium.features",
                "armarium.platform",
                "armarium.ports",
                "armarium.kinds",
                "armarium.kit",
            ],
            forbidden_modules=VENDORS,
            allow_indirect_imports="True",
        ),
        section(
            "wiring",
            "protected",
            "Adapters are imported by entry alone",
            protected_modules=["armarium.adapters"],
            allowed_importers=["armarium.entry"],
        ),
    ]
    parts += [private_store(room) for room in rooms]
    return "\n".join(parts)


def private_store(room: str) -> str:
    """A room's store and tables are its own: others use its public face and hold ids."""
    package = ROOT / "src/armarium/features" / room
    names = [
        name
        for name in ("store", "tables")
        if (package / f"{name}.py").exists() or (package / name).is_dir()
    ]
    if not names:
        return ""
    return section(
        f"private-{room}",
        "protected",
        f"The store and tables of {room} are private",
        protected_modules=[f"armarium.features.{room}.{name}" for name in names],
        allowed_importers=[f"armarium.features.{room}"],
    )


if __name__ == "__main__":
    (ROOT / ".importlinter").write_text(contracts())
