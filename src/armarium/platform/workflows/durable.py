"""`Flow` on the engine: steps checkpointed by DBOS, transactions made exactly once by our own row.

The engine's own transactional datasource was weighed and left: it records a failed attempt for
good, and cannot carry a scope into row-level security (docs/decisions).
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from dbos import DBOS
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from armarium.platform.database import Database, Scope
from armarium.platform.workflows import faults
from armarium.platform.workflows.commands import answer_of
from armarium.platform.workflows.engine import PortableWorkflowError
from armarium.platform.workflows.errors import StepFailed
from armarium.platform.workflows.flow import Step
from armarium.platform.workflows.retries import Retries

log = structlog.get_logger("armarium.workflows")

OUTCOME = text("select engine.outcome(:job, :step)")
KEEP_OUTCOME = text("select engine.keep_outcome(:job, :step, cast(:answer as jsonb))")
PROGRESS = text("select engine.progress(:job, :done, :total, :note)")


class Superseded(Exception):
    """Another worker committed this very step first; ours is rolled back for its answer."""


class DurableFlow:
    """The `Flow` of one running job; see the protocol for what callers may rely on."""

    def __init__(self, workflow_id: str, *, database: Database, retries: Retries) -> None:
        self._workflow_id = workflow_id
        self._database = database
        self._retries = retries

    @property
    def workflow_id(self) -> str:
        """The job's id."""
        return self._workflow_id

    async def step(self, name: str, run: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Run `run(*args)` once and checkpoint its answer."""

        async def attempt() -> Any:
            return await run(*args)

        return await self._checkpointed(name, attempt)

    async def transaction(
        self, name: str, scope: Scope, run: Callable[..., Awaitable[Any]], *args: Any
    ) -> Any:
        """Run `run(session, *args)` and commit its writes with its outcome."""

        async def attempt() -> Any:
            number = DBOS.step_id
            while True:
                try:
                    async with self._database.transaction(scope) as session:
                        return await self._once(session, number, run, args)
                except Superseded:
                    continue

        return await self._checkpointed(name, attempt)

    async def gather(self, *steps: Step) -> list[Any]:
        """One wave: tasks start in order, so the engine numbers them alike on every replay."""
        answers = await asyncio.gather(
            *(self.step(step.name, step.run, *step.args) for step in steps),
            return_exceptions=True,
        )
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return list(answers)

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Write it on the job and tell who follows."""
        async with self._database.transaction(Scope()) as session:
            await session.execute(
                PROGRESS, {"job": self._workflow_id, "done": done, "total": total, "note": note}
            )

    async def _once(
        self,
        session: AsyncSession,
        number: int | None,
        run: Callable[..., Awaitable[Any]],
        args: tuple[Any, ...],
    ) -> Any:
        key = {"job": self._workflow_id, "step": number}
        kept = await session.scalar(OUTCOME, key)
        if kept is not None:
            return kept["answer"]
        answer = answer_of(await run(session, *args))
        await session.flush()
        outcome = {**key, "answer": json.dumps({"answer": answer})}
        if not await session.scalar(KEEP_OUTCOME, outcome):
            raise Superseded
        return answer

    async def _checkpointed(self, name: str, attempt: Callable[[], Awaitable[Any]]) -> Any:
        failures: list[Exception] = []
        ran = False

        async def body() -> Any:
            nonlocal ran
            ran = True
            faults.strike(name, "before")
            started = time.perf_counter()
            try:
                answer = answer_of(await self._retries.run(name, attempt))
            except Exception as error:
                failures.append(error)
                _log_step(name, started, error)
                raise
            _log_step(name, started)
            faults.strike(name, "inside")
            return answer

        try:
            answer = await DBOS.run_step_async({"name": name}, body)
        except Exception as error:
            # What the engine raises of its own (cancelled, taken over) must reach the engine.
            if error in failures:
                code = getattr(error, "code", None) or type(error).__name__
                raise StepFailed(name, str(code), str(error)) from error
            if isinstance(error, PortableWorkflowError):
                raise StepFailed(name, str(error.code or error.name), error.message) from error
            raise
        if ran:
            faults.strike(name, "after")
        return answer


def _log_step(name: str, started: float, error: Exception | None = None) -> None:
    spent = round((time.perf_counter() - started) * 1000, 1)
    if error is None:
        log.info("step", operation=name, duration_ms=spent, status="done")
    else:
        log.warning(
            "step",
            operation=name,
            duration_ms=spent,
            status="failed",
            error=type(error).__name__,
            message=str(error),
        )
