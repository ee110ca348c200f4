"""The nightly care of the log: walk the chain, and cut off what is older than it is kept."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import structlog

from armarium.kit.instants import now
from armarium.platform.audit.log import AuditLog
from armarium.platform.workflows.errors import Permanent
from armarium.platform.workflows.flow import Flow
from armarium.platform.workflows.flows import Flows
from armarium.platform.workflows.maintenance import QUEUE

LEAST_DAYS = 7

log = structlog.get_logger("armarium.audit")


@dataclass(frozen=True, slots=True)
class KeepAudit:
    """Verify and purge; a broken chain ends as a dead letter, where an administrator sees it."""


def declare(flows: Flows, audit: AuditLog, *, days: int) -> None:
    """Every night; `days` 0 keeps entries for ever."""

    async def purge() -> int:
        if not days:
            return 0
        return await audit.purge(now() - timedelta(days=max(days, LEAST_DAYS)))

    async def walk() -> dict[str, Any]:
        verdict = await audit.verify()
        return {**asdict(verdict), "broken": verdict.broken and verdict.broken.reason}

    async def keep(flow: Flow, _command: KeepAudit) -> None:
        found = await flow.step("verify", walk)
        # The head, kept in the logs apart from the database, proves later that no end was cut.
        log.info("audit_head", position=found["head_position"], head=found["head"])
        if found["broken"]:
            log.error("audit_broken", after=found["head_position"], reason=found["broken"])
            raise Permanent(f"the audit log is broken after entry {found['head_position']}")
        # What is broken is evidence: it is not cut off.
        await flow.step("purge", purge)

    flows.handle(KeepAudit, queue=QUEUE, run=keep)
    flows.cron("audit.keep", "0 15 4 * * *", KeepAudit())
