"""One reading of the routes for all the applications that a test process builds.

FastAPI reads every signature again in each application that includes a router: 0.2 s, a good part
of what a short test costs. The product builds one application a process; tests build hundreds, of
the same routers under the same prefixes. The method's name is FastAPI's own and may change with it:
then this fails at once, and may be thrown away.
"""

from typing import Any

from fastapi.routing import _IncludedRouter
from starlette.routing import BaseRoute

_build = _IncludedRouter._build_effective_context
_read: dict[tuple[int, str], tuple[BaseRoute, Any]] = {}
"""By identity and prefix; the route is kept, so that no other takes its identity."""


def share_routes() -> None:
    """From now on, in this process."""
    _IncludedRouter._build_effective_context = _once


def _once(included: _IncludedRouter, route: BaseRoute) -> Any:
    context = included.include_context
    if context.dependencies or context.tags or context.responses or context.callbacks:
        return _build(included, route)
    key = (id(route), context.prefix)
    if key not in _read:
        _read[key] = (route, _build(included, route))
    return _read[key][1]
