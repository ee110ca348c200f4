"""Who owns and who may see: spaces, members, named collections, grants, links, profiles.

The public face of the room.
"""

from armarium.features.spaces.errors import (
    CollectionNotEmpty,
    NoSuchCollection,
    NotAnOwner,
    NotTheirOwn,
    QuotaExceeded,
    TwoRooms,
)
from armarium.features.spaces.models import (
    MAX_COLLECTIONS,
    Collection,
    CollectionChange,
    CollectionDraft,
    Link,
    Membership,
    NewLink,
    Profile,
    Space,
)
from armarium.features.spaces.policy import demand_editor, demand_member, demand_money
from armarium.features.spaces.service import (
    EraseSpace,
    InvitationLetters,
    InvitationLookup,
    Members,
    ModelCall,
    NamedCollections,
    Opened,
    ProfileDraft,
    PublicProfiles,
    Quotas,
    Resource,
    ShareLinks,
    SpaceInvitations,
    SpaceKeeper,
    Spaces,
    Usage,
)
from armarium.features.spaces.store import OWNED

__all__ = [
    "MAX_COLLECTIONS",
    "OWNED",
    "Collection",
    "CollectionChange",
    "CollectionDraft",
    "CollectionNotEmpty",
    "EraseSpace",
    "InvitationLetters",
    "InvitationLookup",
    "Link",
    "Members",
    "Membership",
    "ModelCall",
    "NamedCollections",
    "NewLink",
    "NoSuchCollection",
    "NotAnOwner",
    "NotTheirOwn",
    "Opened",
    "Profile",
    "ProfileDraft",
    "PublicProfiles",
    "QuotaExceeded",
    "Quotas",
    "Resource",
    "ShareLinks",
    "Space",
    "SpaceInvitations",
    "SpaceKeeper",
    "Spaces",
    "TwoRooms",
    "Usage",
    "demand_editor",
    "demand_member",
    "demand_money",
]
