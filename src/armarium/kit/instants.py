"""Instants: always aware and in UTC; days in the person's zone are made at the edge."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
