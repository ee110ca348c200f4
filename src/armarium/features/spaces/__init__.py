"""Who owns and who may see. The public face of the room."""

from armarium.features.spaces.models import Membership, Space
from armarium.features.spaces.policy import demand_editor
from armarium.features.spaces.service import Spaces

__all__ = ["Membership", "Space", "Spaces", "demand_editor"]
