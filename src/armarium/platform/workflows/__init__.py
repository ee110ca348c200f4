"""Durable background work. Rooms hand commands to `Flows`; handlers get a `Flow`.

Only this package knows the engine behind it (docs/decisions has why), and only `worker` imports
it: a process that merely enqueues stays small.
"""

from armarium.platform.workflows.errors import Permanent, StepFailed, Temporary
from armarium.platform.workflows.flow import Flow, Step
from armarium.platform.workflows.flows import Flows, Queue

__all__ = ["Flow", "Flows", "Permanent", "Queue", "Step", "StepFailed", "Temporary"]
