"""How a route gets its service: by type, from the bag that wiring filled."""

from typing import Any

from fastapi import Depends, Request


def provide(service: type) -> Any:
    """A dependency on the one instance of `service` in this process.

    `Annotated[CollectionService, provide(CollectionService)]`
    """

    def find(request: Request) -> Any:
        return request.app.state.services[service]

    return Depends(find)
