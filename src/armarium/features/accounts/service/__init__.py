"""What can be done with accounts, one module a verb."""

from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.profiles import Profiles
from armarium.features.accounts.service.registration import OnRegistered, Registration
from armarium.features.accounts.service.sessions import Sessions
from armarium.features.accounts.service.throttle import Throttle

__all__ = [
    "OnRegistered",
    "Passwords",
    "Profiles",
    "Registration",
    "Sessions",
    "SigningKeys",
    "Throttle",
]
