"""What can be done with accounts, one module a verb."""

from armarium.features.accounts.service.api_keys import ApiKeys
from armarium.features.accounts.service.care import AccountCare
from armarium.features.accounts.service.closing import Closings
from armarium.features.accounts.service.devices import Devices
from armarium.features.accounts.service.factors import Factors
from armarium.features.accounts.service.invitations import Invitations
from armarium.features.accounts.service.keys import SigningKeys
from armarium.features.accounts.service.letters import Letters
from armarium.features.accounts.service.logins import Logins
from armarium.features.accounts.service.passkeys import Passkeys
from armarium.features.accounts.service.passwords import Passwords
from armarium.features.accounts.service.profiles import Profiles
from armarium.features.accounts.service.proofs import Proofs
from armarium.features.accounts.service.recovery import Recovery
from armarium.features.accounts.service.registration import OnRegistered, Registration
from armarium.features.accounts.service.sessions import Bearer, Sessions
from armarium.features.accounts.service.throttle import Throttle

__all__ = [
    "AccountCare",
    "ApiKeys",
    "Bearer",
    "Closings",
    "Devices",
    "Factors",
    "Invitations",
    "Letters",
    "Logins",
    "OnRegistered",
    "Passkeys",
    "Passwords",
    "Profiles",
    "Proofs",
    "Recovery",
    "Registration",
    "Sessions",
    "SigningKeys",
    "Throttle",
]
