"""What a process has: made by wiring, passed to the doors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from armarium.entry.doors import Door
from armarium.entry.settings import Settings
from armarium.platform.database import Database
from armarium.platform.postgres.urls import DatabaseUrls

if TYPE_CHECKING:
    from fastapi import APIRouter

Service = TypeVar("Service")


@dataclass(slots=True)
class House:
    """What a process has: settings, pipes, and one instance of each service by its type."""

    settings: Settings
    urls: DatabaseUrls
    database: Database
    services: dict[type, Any] = field(default_factory=dict[type, Any])
    routers: "list[APIRouter | Door]" = field(default_factory=list)
    starts: list[Callable[[], Awaitable[None]]] = field(
        default_factory=list[Callable[[], Awaitable[None]]]
    )
    stops: list[Callable[[], Awaitable[None]]] = field(
        default_factory=list[Callable[[], Awaitable[None]]]
    )

    exits: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """Run in the signal handler: open streams must end before the rest can stop."""

    def add(self, service: Service, *also: type) -> Service:
        """Offer a service to routes and other rooms under its own type (and `also`)."""
        for kind in (type(service), *also):
            self.services[kind] = service
        return service

    def get(self, kind: type[Service]) -> Service:
        """A service that an earlier room added."""
        return self.services[kind]

    def let_go(self) -> None:
        """The process was told to end."""
        for leave in self.exits:
            leave()

    def open_doors(self) -> "list[APIRouter]":
        """The routers of all rooms, in their order; loads their modules."""
        opened: list[APIRouter] = []
        for router in self.routers:
            opened += router.open() if isinstance(router, Door) else [router]
        return opened

    async def start(self) -> None:
        """Run what the rooms asked to run when the process begins, in their order."""
        for start in self.starts:
            await start()

    async def stop(self) -> None:
        """The reverse of `start`; then every connection goes back."""
        for stop in reversed(self.stops):
            await stop()
        await self.database.close()
