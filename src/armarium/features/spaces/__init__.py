"""Who owns and who may see. The public face of the room."""

from armarium.features.spaces.models import Membership, Space
from armarium.features.spaces.policy import demand_editor, demand_member, demand_money
from armarium.features.spaces.service import Spaces
from armarium.features.spaces.store import OWNED

__all__ = [
    "OWNED",
    "Membership",
    "Space",
    "Spaces",
    "demand_editor",
    "demand_member",
    "demand_money",
]
