"""Why the catalogue room refuses."""

from armarium.platform.errors import Conflict, Invalid, NotFound


class NoSuchCatalogue(NotFound):
    """There is no catalogue by that name."""

    code = "no_such_catalogue"


class NoSuchEntry(NotFound):
    """There is no catalogue entry by that id."""

    code = "no_such_entry"


class NoSuchKind(Invalid):
    """There is no such kind of item."""

    code = "no_such_kind"


class CatalogueUnreadable(Invalid):
    """The file is not what its format says."""

    code = "catalogue_unreadable"
    title = "File not readable"


class WrongKind(Conflict):
    """The catalogue holds another kind of item; import into another one."""

    code = "catalogue_wrong_kind"
