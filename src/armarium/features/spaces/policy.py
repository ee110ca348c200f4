"""What a member's role allows."""

from armarium.features.spaces.errors import NotAnEditor
from armarium.platform.http import Principal


def demand_editor(caller: Principal) -> None:
    """Refuse those who may only look; every room asks before it writes for a person."""
    if caller.space_role == "viewer":
        raise NotAnEditor
