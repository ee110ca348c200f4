"""Where the act that is being recorded came from, so that no service has to carry it along."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Origin:
    """Address and program of the caller of the current request."""

    ip: str | None = None
    agent: str | None = None
    impersonator: UUID | None = None
    """The administrator who acts as the caller."""


_origin: ContextVar[Origin | None] = ContextVar("audit_origin", default=None)


def current_origin() -> Origin:
    """Of the request that is being answered; empty in a worker or at the command line."""
    return _origin.get() or Origin()


@contextmanager
def acting_from(origin: Origin) -> Generator[None]:
    """What is recorded inside says that it came from there."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
