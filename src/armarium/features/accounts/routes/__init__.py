"""The room's routes, by what a person does with them."""

from armarium.features.accounts.routes import (
    auth,
    devices,
    factors,
    invitations,
    issuing,
    keys,
    letters,
    me,
    outside,
    passkeys,
    programs,
    well_known,
)

ROUTERS = (
    auth.router,
    letters.router,
    letters.addresses,
    me.router,
    devices.router,
    factors.router,
    passkeys.router,
    keys.router,
    invitations.router,
    issuing.router,
    issuing.questions,
    issuing.documents,
    programs.router,
    programs.clients,
    programs.admin,
    outside.router,
    outside.mine,
    outside.callback,
    well_known.router,
)

__all__ = ["ROUTERS"]
