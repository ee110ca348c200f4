"""What a running workflow holds: its checkpointed steps, transactions, waves and progress."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from armarium.platform.database import Scope


@dataclass(frozen=True, slots=True)
class Step:
    """One branch of a wave for `Flow.gather`."""

    name: str
    run: Callable[..., Awaitable[Any]]
    args: tuple[Any, ...] = ()


class Flow(Protocol):
    """Handed to a command's handler.

    The handler's body must be deterministic between calls of these methods: after a crash it runs
    again from the top, and finished steps answer from their checkpoint. So I/O, clocks, random
    numbers and new ids belong inside steps, and steps run in the same order every time.
    """

    @property
    def workflow_id(self) -> str:
        """Stable over restarts and redrives: the key for deduplication and intent rows."""
        ...

    async def step(self, name: str, run: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Run once and checkpoint the answer; at least once if the process dies inside.

        The answer comes back as plain JSON (dataclasses as dicts, UUIDs and instants as text), the
        same on the first run and on a replay: return ids and small facts, never bytes. Retried 2 s
        and 4 s apart, three attempts; `Permanent` and any `Problem` below 500 are not retried.
        """
        ...

    async def transaction(
        self,
        name: str,
        scope: Scope,
        run: Callable[..., Awaitable[Any]],
        *args: Any,
    ) -> Any:
        """Call `run(session, *args)`; its writes and its checkpoint commit together: exactly once.

        `Scope.of_space(command.space_id)` is what a worker acts as. Retried as a step is.
        """
        ...

    async def gather(self, *steps: Step) -> list[Any]:
        """Run one wave of single steps in parallel and answer in their order.

        All branches end before the first failure is raised. A branch of several steps is several
        waves: nested branches would not replay in the same order.
        """
        ...

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell the page that follows this job; not checkpointed, free to call inside steps."""
        ...
