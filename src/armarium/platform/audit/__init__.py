"""The audit log: who did what that matters, written once and never changed.

Rooms call `record` inside the transaction of the act itself; `AuditLog` reads, checks and prunes.
"""

from armarium.platform.audit.actions import Action
from armarium.platform.audit.entry import AuditEntry, AuditRecord
from armarium.platform.audit.log import AuditFilter, AuditLog
from armarium.platform.audit.origin import Origin, acting_from, current_origin
from armarium.platform.audit.record import record
from armarium.platform.audit.verify import Break, Verdict, verify

__all__ = [
    "Action",
    "AuditEntry",
    "AuditFilter",
    "AuditLog",
    "AuditRecord",
    "Break",
    "Origin",
    "Verdict",
    "acting_from",
    "current_origin",
    "record",
    "verify",
]
