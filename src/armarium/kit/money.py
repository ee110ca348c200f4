"""Money as integer minor units with an ISO 4217 currency."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, pence, whole yen) of `currency` (ISO 4217, upper case)."""

    amount_minor: int
    currency: str
