"""The wire to outside issuers: discovery documents, key sets, token and user endpoints.

Every address comes from the operator's settings or from the document of an issuer named there,
never from a person or a token.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


class IssuerUnavailable(Exception):
    """The issuer did not answer, or not in time, or with too much."""


@dataclass(frozen=True, slots=True)
class IssuerAnswer:
    """One bounded answer."""

    status: int
    body: bytes

    @property
    def members(self) -> dict[str, Any]:
        """The JSON object of the body; empty where it is anything else."""
        made = self.json()
        return made if isinstance(made, dict) else {}

    def json(self) -> Any:
        """The JSON of the body; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class IssuerWire(Protocol):
    """Asks an issuer; never follows a redirect, so that no secret goes elsewhere."""

    async def get(self, url: str, *, bearer: str | None = None) -> IssuerAnswer:
        """Read `url`; raise `IssuerUnavailable` when nothing comes back."""
        ...

    async def post(
        self,
        url: str,
        fields: Mapping[str, str],
        *,
        basic: tuple[str, str] | None = None,
    ) -> IssuerAnswer:
        """Send a form, with HTTP Basic credentials where `basic` gives them."""
        ...
