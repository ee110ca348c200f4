"""Why the templates room refuses."""

from armarium.platform.errors import Conflict, Invalid, NotFound


class FieldNotFound(NotFound):
    """There is no such field in this space."""

    code = "field_not_found"


class KindNotFound(NotFound):
    """There is no kind of that name. GET /api/v1/kinds lists them."""

    code = "kind_not_found"


class FieldNameTaken(Conflict):
    """This space has a field of that name already (perhaps an archived one, to be restored)."""

    code = "field_name_taken"


class TooManyFields(Conflict):
    """A space may have at most 200 fields of its own."""

    code = "too_many_fields"


class InvalidField(Invalid):
    """The field can't be made so."""

    code = "invalid_field"
