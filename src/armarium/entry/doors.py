"""A room's routes, named when the house is wired and loaded when the HTTP door opens.

The worker wires the same house and has no such door: without the routes and their schemas it starts
a sixth sooner and holds 10 MB less.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


@dataclass(frozen=True, slots=True)
class Door:
    """A router, or a list of them, by its name in a module."""

    module: str
    name: str

    def open(self) -> "list[APIRouter]":
        """Load it."""
        found = getattr(import_module(self.module), self.name)
        return list(found) if isinstance(found, (list, tuple)) else [found]


class Routes:
    """The routers of a module: `Routes("armarium.features.search").router`."""

    def __init__(self, room: str, module: str = "routes") -> None:
        """`room` is a package; its routes are in `module` below it."""
        self._module = f"{room}.{module}"

    def __getattr__(self, name: str) -> Door:
        """The router of that name, closed."""
        return Door(self._module, name)
