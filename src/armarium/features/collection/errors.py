"""Why the collection room refuses."""

from armarium.platform.errors import Conflict, Forbidden, Invalid, NotFound


class ItemNotFound(NotFound):
    """There is no such item, or it is not yours to see."""

    code = "item_not_found"


class InvalidItem(Invalid):
    """Some values of the item can't be kept. Each error names its field."""

    code = "invalid_item"


class ItemInTrash(Conflict):
    """The item is in the trash. Restore it first."""

    code = "item_in_trash"


class ItemNotInTrash(Conflict):
    """The item is not in the trash. Only what is in the trash is removed for good."""

    code = "item_not_in_trash"


class BadFilter(Invalid):
    """The list can't be filtered or sorted so."""

    code = "bad_filter"


class DetailsHidden(Forbidden):
    """Private details are for members of the space who may see prices."""

    code = "details_hidden"
