"""Seeing what the product does: JSON log lines, and the request that each belongs to."""

from armarium.platform.observability.logs import configure_logging, current_request_id

__all__ = ["configure_logging", "current_request_id"]
