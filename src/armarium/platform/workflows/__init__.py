"""Durable background work. Rooms hand commands to `Flows`; handlers get a `Flow`.

Only this package knows the engine behind it (docs/decisions has why).
"""

from armarium.platform.workflows.errors import Permanent, Temporary
from armarium.platform.workflows.flow import Flow, Step
from armarium.platform.workflows.flows import Flows, Queue

__all__ = ["Flow", "Flows", "Permanent", "Queue", "Step", "Temporary"]
