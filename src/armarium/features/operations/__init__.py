"""The operations room: is it well, what is it doing, what went wrong, and doing it again.

Being the highest, it also walks what every room owns: archives, imports, the end of accounts.
"""

from armarium.features.operations.models import (
    Archive,
    Brought,
    Check,
    HealthReport,
    Outcome,
    Probe,
)
from armarium.features.operations.service import HealthService, JobService, operator
from armarium.features.operations.service.archives import Archives
from armarium.features.operations.service.closing import AccountErasure
from armarium.features.operations.service.importing import ArchiveImport
from armarium.features.operations.service.overview import Overview
from armarium.features.operations.service.uploading import ArchiveUploads
from armarium.features.operations.store import OWNED

__all__ = [
    "OWNED",
    "AccountErasure",
    "Archive",
    "ArchiveImport",
    "ArchiveUploads",
    "Archives",
    "Brought",
    "Check",
    "HealthReport",
    "HealthService",
    "JobService",
    "Outcome",
    "Overview",
    "Probe",
    "operator",
]
