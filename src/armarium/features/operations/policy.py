"""Who may look behind the scenes of a space."""

from armarium.features.spaces import NotAnOwner
from armarium.platform.http.principal import Principal


def demand_owner(caller: Principal) -> None:
    """Refuse all but the owner of the space that the caller acts in."""
    if caller.space_role != "owner":
        raise NotAnOwner
