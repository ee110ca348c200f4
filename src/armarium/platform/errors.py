"""Every refusal the product makes is a `Problem`; platform/http renders it once as RFC 9457.

Rooms subclass it in their `errors.py`, one class a reason. The class docstring's first line is
the message a person reads, so it says what happened and what to do.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class Problem(Exception):
    """The request could not be completed."""

    code: ClassVar[str] = "problem"
    """Stable, snake case, documented in docs/reference/errors.md; never reused."""
    status: ClassVar[int] = 400
    title: ClassVar[str] = "Request refused"

    def __init__(
        self, detail: str | None = None, *, pointer: str | None = None, **extra: Any
    ) -> None:
        """`pointer` is a JSON pointer to the offending field (`/fields/year`); `extra` is shown."""
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.pointer = pointer
        self.extra: Mapping[str, Any] = extra
        super().__init__(self.detail)


class NotFound(Problem):
    """There is nothing here by that id, or it is not yours to see."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(Problem):
    """The record changed since you read it. Load it again and repeat the change."""

    code = "conflict"
    status = 409
    title = "Conflict"


class PreconditionFailed(Problem):
    """The record changed since you read it (If-Match differs). Load it again, then repeat."""

    code = "precondition_failed"
    status = 412
    title = "Precondition failed"


class Invalid(Problem):
    """A value is not acceptable. The pointer names the field."""

    code = "invalid"
    status = 422
    title = "Invalid value"


class Unauthenticated(Problem):
    """Log in first, or send a valid access token."""

    code = "unauthenticated"
    status = 401
    title = "Not logged in"


class Forbidden(Problem):
    """Your role does not allow this."""

    code = "forbidden"
    status = 403
    title = "Not allowed"
