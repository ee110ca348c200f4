"""Why a request about spaces and sharing is refused."""

from armarium.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Unauthenticated,
)


class NoSuchSpace(NotFound):
    """There is no space by that id, or you are not a member of it."""

    code = "no_such_space"


class NoSuchCollection(NotFound):
    """There is no such collection here, or it is not yours to see."""

    code = "no_such_collection"


class NoSuchMember(NotFound):
    """This person is not a member of the space."""

    code = "no_such_member"


class NotAnEditor(Forbidden):
    """You may look at this space but not change what is in it."""

    code = "not_an_editor"


class NotAnOwner(Forbidden):
    """Only an owner may do this. Ask one."""

    code = "not_an_owner"


class NotForGuests(Forbidden):
    """You were let into single collections here; this is for members of the space."""

    code = "not_for_guests"


class MoneyHidden(Forbidden):
    """The owner of this space does not show you what things cost."""

    code = "money_hidden"


class LastOwner(Conflict):
    """A space keeps at least one owner. Make somebody else an owner first."""

    code = "last_owner"


class OwnSpace(Conflict):
    """Your own space stays with you; it goes with your account."""

    code = "own_space"


class CollectionNotEmpty(Conflict):
    """The private collection still holds items, which would become visible. Move them first."""

    code = "collection_not_empty"


class TwoRooms(Conflict):
    """An item can be in one private collection only, unless an open one holds it as well."""

    code = "two_private_collections"


class NotTheirOwn(Forbidden):
    """Only what you added yourself, or an owner of the space, can be made private."""

    code = "not_their_own"


class InvalidSharing(Invalid):
    """This can't be kept so. The pointer names the field."""

    code = "invalid_sharing"


class NoSuchInvitation(NotFound):
    """The invitation is not there: it was answered, withdrawn, or has expired."""

    code = "no_such_invitation"


class NoSuchLink(NotFound):
    """The link does not work: it was revoked, has expired, or never was."""

    code = "no_such_link"


class LinkLocked(Unauthenticated):
    """This link asks for a password. Send it as X-Share-Password."""

    code = "link_locked"


class NoSuchProfile(NotFound):
    """There is nobody by that name here, or they show nothing."""

    code = "no_such_profile"


class HandleTaken(Conflict):
    """Somebody has this name already. Choose another."""

    code = "handle_taken"


class QuotaExceeded(Problem):
    """This would go past what this space may hold. Remove something, or ask for more."""

    code = "quota_exceeded"
    status = 413
    title = "Quota exceeded"
