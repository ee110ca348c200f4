"""Who owns and who may see: spaces, members, named collections, grants, links, profiles.

The public face of the room.
"""

from armarium.features.spaces.errors import CollectionNotEmpty, NoSuchCollection, TwoRooms
from armarium.features.spaces.models import (
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
    Members,
    NamedCollections,
    Opened,
    ProfileDraft,
    PublicProfiles,
    ShareLinks,
    SpaceInvitations,
    SpaceKeeper,
    Spaces,
)
from armarium.features.spaces.store import OWNED

__all__ = [
    "OWNED",
    "Collection",
    "CollectionChange",
    "CollectionDraft",
    "CollectionNotEmpty",
    "EraseSpace",
    "Link",
    "Members",
    "Membership",
    "NamedCollections",
    "NewLink",
    "NoSuchCollection",
    "Opened",
    "Profile",
    "ProfileDraft",
    "PublicProfiles",
    "ShareLinks",
    "Space",
    "SpaceInvitations",
    "SpaceKeeper",
    "Spaces",
    "TwoRooms",
    "demand_editor",
    "demand_member",
    "demand_money",
]
