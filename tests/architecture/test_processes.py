"""What a process may not carry; each docstring names the accident that it prevents."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import grimp
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from armarium.entry.api import create_app
from armarium.entry.settings import Settings
from armarium.entry.wiring import build
from armarium.platform.postgres.urls import DatabaseUrls

NOWHERE = "postgresql+psycopg://nobody@/nowhere"


def test_the_worker_loads_no_routes() -> None:
    """A room's routes imported while wiring cost the worker 10 MB and a sixth of its start."""
    graph = grimp.build_graph("armarium", include_external_packages=False)
    loaded = graph.find_upstream_modules("armarium.entry.worker")
    assert [name for name in sorted(loaded) if name.split(".")[3:4] == ["routes"]] == []


def test_no_dependency_is_sent_to_a_thread(tmp_path: Path) -> None:
    """A plain function as a dependency costs a hop to a thread and back, more than it does."""
    house = build(Settings(data=tmp_path), DatabaseUrls(NOWHERE, NOWHERE, NOWHERE, NOWHERE))
    plain = {
        f"{each.call.__module__}.{each.call.__qualname__}"
        for route in iter_route_contexts(create_app(house).routes)
        if (top := getattr(route, "dependant", None)) is not None
        for each in below(top)
        if each.call and not inspect.iscoroutinefunction(each.call)
        if not inspect.isasyncgenfunction(each.call)
    }
    assert plain == set()


def below(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from below(each)
