"""The operations room: is it well, what is it doing, what went wrong, and doing it again."""

from armarium.features.operations.models import Check, HealthReport, Outcome, Probe
from armarium.features.operations.service import HealthService, JobService, operator

__all__ = ["Check", "HealthReport", "HealthService", "JobService", "Outcome", "Probe", "operator"]
