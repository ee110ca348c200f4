"""Seeing what the product does: JSON log lines, the request of each, and which build speaks."""

from armarium.platform.observability.build import Build, this_build
from armarium.platform.observability.logs import configure_logging, current_request_id

__all__ = ["Build", "configure_logging", "current_request_id", "this_build"]
