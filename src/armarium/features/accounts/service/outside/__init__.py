"""Logging in through other issuers, and accepting their tokens."""

from armarium.features.accounts.service.outside.bearer import OutsideBearer
from armarium.features.accounts.service.outside.flow import OutsideLogins
from armarium.features.accounts.service.outside.issuers import Provider, TrustedIssuer
from armarium.features.accounts.service.outside.links import OutsideLinks
from armarium.features.accounts.service.outside.people import OutsidePeople
from armarium.features.accounts.service.outside.remote import Issuers

__all__ = [
    "Issuers",
    "OutsideBearer",
    "OutsideLinks",
    "OutsideLogins",
    "OutsidePeople",
    "Provider",
    "TrustedIssuer",
]
