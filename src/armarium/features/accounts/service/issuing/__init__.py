"""Being an issuer: other programs log people in here."""

from armarium.features.accounts.service.issuing.authorization import Authorizations
from armarium.features.accounts.service.issuing.clients import Clients
from armarium.features.accounts.service.issuing.grants import Grants

__all__ = ["Authorizations", "Clients", "Grants"]
