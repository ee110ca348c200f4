"""What can be done with spaces, one module a verb."""

from armarium.features.spaces.service.access import Spaces
from armarium.features.spaces.service.collections import NamedCollections
from armarium.features.spaces.service.invitations import SpaceInvitations
from armarium.features.spaces.service.keeping import EraseSpace, SpaceKeeper
from armarium.features.spaces.service.letters import InvitationLetters
from armarium.features.spaces.service.links import Opened, ShareLinks
from armarium.features.spaces.service.lookup import InvitationLookup
from armarium.features.spaces.service.members import Members
from armarium.features.spaces.service.profiles import ProfileDraft, PublicProfiles
from armarium.features.spaces.service.quotas import ModelCall, Quotas, Resource, Usage

__all__ = [
    "EraseSpace",
    "InvitationLetters",
    "InvitationLookup",
    "Members",
    "ModelCall",
    "NamedCollections",
    "Opened",
    "ProfileDraft",
    "PublicProfiles",
    "Quotas",
    "Resource",
    "ShareLinks",
    "SpaceInvitations",
    "SpaceKeeper",
    "Spaces",
    "Usage",
]
