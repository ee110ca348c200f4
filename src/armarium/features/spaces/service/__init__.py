"""What can be done with spaces, one module a verb."""

from armarium.features.spaces.service.access import Spaces

__all__ = ["Spaces"]
