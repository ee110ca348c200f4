"""Identifiers: time-ordered UUIDv7, so that primary keys insert at the end of their index."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562) as a standard library `UUID`."""
    return uuid7()
