"""Why a request about spaces is refused."""

from armarium.platform.errors import Forbidden, NotFound


class NoSuchSpace(NotFound):
    """There is no space by that id, or you are not a member of it."""

    code = "no_such_space"


class NotAnEditor(Forbidden):
    """You may look at this space but not change what is in it."""

    code = "not_an_editor"
