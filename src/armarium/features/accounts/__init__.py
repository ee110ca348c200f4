"""People, their sessions and tokens. The public face of the room."""

from armarium.features.accounts.models import Client, Identity, Tokens, User
from armarium.features.accounts.service import (
    OnRegistered,
    Passwords,
    Profiles,
    Registration,
    Sessions,
    SigningKeys,
    Throttle,
)
from armarium.features.accounts.service.sessions import Lifetimes

__all__ = [
    "Client",
    "Identity",
    "Lifetimes",
    "OnRegistered",
    "Passwords",
    "Profiles",
    "Registration",
    "Sessions",
    "SigningKeys",
    "Throttle",
    "Tokens",
    "User",
]
