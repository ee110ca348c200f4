"""How a route gets its service: by type, from the bag that wiring filled."""

from typing import Any

from fastapi import Depends, Request


def provide(service: type) -> Any:
    """A dependency on the one instance of `service` in this process.

    `Annotated[CollectionService, provide(CollectionService)]`. Like every dependency it is `async`:
    the framework sends a plain function to a thread, which costs more than most of them do.
    """

    async def find(request: Request) -> Any:
        return request.app.state.services[service]

    return Depends(find)
